import type { Account } from '../../../accounts/account-book.js'
import type { RestRouter } from '../../../server/rest-router.js'
import { portfolioCacheMs } from '../constants.js'
import { findPair, pairOf } from '../markets.js'
import { lastPriceOf } from '../market-view.js'
import { bodyOf, checkAccount, checkConnector, passes, type ApiCall, type ApiParts, type ApiRoute } from './api-call.js'

/** Tokens that the portfolio never shows. */
const hiddenTokens: ReadonlySet<string> = new Set(['NAV', 'ARS', 'ETHW', 'ETHF'])

/** Routes under `/accounts`, `/connectors` and `/portfolio`. */
export function addAccountRoutes(router: RestRouter<ApiRoute>, parts: ApiParts): void {
  const { settings } = parts
  const portfolio = new Portfolio(parts)
  router
    .add('GET /accounts/', { answer: () => [settings.accountName] })
    .add('GET /accounts/:account/credentials', {
      answer: ({ params }) => {
        checkAccount(parts, params['account']!)
        return [settings.connector]
      },
    })
    .add('GET /connectors/', { answer: () => [settings.connector] })
    .add('GET /connectors/:connector/trading-rules', { answer: (call) => listRules(parts, call) })
    .add('GET /connectors/:connector/order-types', {
      answer: ({ params }) => {
        checkConnector(parts, params['connector']!)
        return { connector: settings.connector, supported_order_types: ['LIMIT', 'LIMIT_MAKER', 'MARKET'] }
      },
    })
    .add('POST /portfolio/state', { answer: (call) => portfolio.answer(call) })
}

function listRules(parts: ApiParts, { request, params }: ApiCall): unknown {
  checkConnector(parts, params['connector']!)
  const asked = request.query.getAll('trading_pairs')
  const pairs = asked.length > 0 ? asked : [...parts.host.core.symbols.values()].map(pairOf)
  return Object.fromEntries(
    pairs.map((pair) => {
      const symbol = findPair(parts.host.core, pair)
      if (symbol === undefined) return [pair, { error: `Trading pair ${pair} not found` }]
      const rules = {
        min_order_size: symbol.minQuantity.toNumber(),
        max_order_size: 1e56,
        min_price_increment: symbol.tickSize.toNumber(),
        min_base_amount_increment: symbol.lotSize.toNumber(),
        min_quote_amount_increment: 1e-56,
        min_notional_size: symbol.minNotional.toNumber(),
        min_order_value: 0,
        max_price_significant_digits: 1e56,
        supports_limit_orders: true,
        supports_market_orders: true,
        buy_order_collateral_token: symbol.quote,
        sell_order_collateral_token: symbol.base,
      }
      return [pair, rules]
    }),
  )
}

/** Balances, from a cache unless the exchange is asked. */
class Portfolio {
  private readonly cache = new Map<string, { readonly rows: readonly object[]; readonly atMs: number }>()

  constructor(private readonly parts: ApiParts) {}

  answer(call: ApiCall): unknown {
    const { settings } = this.parts
    const body = bodyOf(call)
    const accounts = body.texts('account_names')
    const connectors = body.texts('connector_names')
    const refresh = body.flag('refresh', false)
    body.flag('skip_gateway', false)
    body.check()
    if (!passes(accounts, settings.accountName)) return {}
    const rows = this.rows(call.account, refresh)
    return { [settings.accountName]: passes(connectors, settings.connector) ? { [settings.connector]: rows } : {} }
  }

  private rows(account: Account, refresh: boolean): readonly object[] {
    const nowMs = this.parts.host.clock.nowMs()
    const cached = this.cache.get(account.id)
    if (!refresh && cached !== undefined && nowMs - cached.atMs < portfolioCacheMs) return cached.rows
    const rows = [...account.balances].flatMap(([token, { free, locked }]) => {
      const units = free.plus(locked)
      if (units.isZero || hiddenTokens.has(token)) return []
      const price = this.priceOf(token)
      const value = units.toNumber() * price
      return [{ token, units: units.toNumber(), price, value, available_units: free.toNumber() }]
    })
    this.cache.set(account.id, { rows, atMs: nowMs })
    return rows
  }

  private priceOf(token: string): number {
    if (token.includes('USD')) return 1
    const symbol = this.parts.host.core.symbols.get(`${token}/USDT`)
    return symbol === undefined ? 0 : lastPriceOf(this.parts.host.core, symbol).toNumber()
  }
}
