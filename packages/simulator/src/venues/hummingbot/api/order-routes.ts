import type { RestRouter } from '../../../server/rest-router.js'
import { findPair, pairOf } from '../markets.js'
import { bodyOf, checkAccount, checkConnector, passes, type ApiCall, type ApiParts, type ApiRoute } from './api-call.js'
import { isActive, isoTime, isStored, viewApiOrder, viewForgottenOrder, type ApiOrder } from './api-order.js'
import { ApiRefusal } from './api-refusal.js'
import { apiSource } from './connector-orders.js'
import { pageOf, readPage, stuckPageOf } from './page.js'

const orderTypes = ['LIMIT', 'MARKET', 'LIMIT_MAKER'] as const
/** Pairs that a refusal lists. */
const pairsListed = 10

/** Routes under `/trading`. */
export function addOrderRoutes(router: RestRouter<ApiRoute>, parts: ApiParts): void {
  router
    .add('POST /trading/orders', { status: 201, answer: (call) => place(parts, call) })
    .add('POST /trading/:account/:connector/orders/:id/cancel', { answer: (call) => cancel(parts, call) })
    .add('POST /trading/orders/active', { answer: (call) => listActive(parts, call) })
    .add('POST /trading/orders/search', { answer: (call) => search(parts, call) })
    .add('POST /trading/trades', { answer: (call) => listTrades(parts, call) })
    .add('POST /trading/positions', { answer: (call) => emptyPage(call) })
    .add('POST /trading/funding-payments', { answer: (call) => emptyPage(call) })
}

function place(parts: ApiParts, call: ApiCall): unknown {
  const { host, orders } = parts
  const body = bodyOf(call)
  const accountName = body.text('account_name')
  const connector = body.text('connector_name')
  const pair = body.text('trading_pair')
  const tradeType = body.literal('trade_type', ['BUY', 'SELL'])
  const amount = body.positive('amount')
  const type = body.literal('order_type', orderTypes, 'LIMIT')
  const price = body.decimal('price')
  body.literal('position_action', ['OPEN', 'CLOSE'], 'OPEN')
  body.check()
  checkAccount(parts, accountName)
  checkConnector(parts, connector)
  if (type !== 'MARKET' && price === undefined)
    throw new ApiRefusal(400, 'Price is required for LIMIT and LIMIT_MAKER orders')
  const symbol = findPair(host.core, pair)
  if (symbol === undefined) {
    const pairs = [...host.core.symbols.values()].map(pairOf)
    const more = pairs.length > pairsListed ? ` and ${pairs.length - pairsListed} more` : ''
    const listed = `[${pairs
      .slice(0, pairsListed)
      .map((name) => `'${name}'`)
      .join(', ')}]`
    throw new ApiRefusal(400, `Trading pair '${pair}' not supported on ${connector}. Available pairs: ${listed}${more}`)
  }
  const side = tradeType === 'BUY' ? 'buy' : 'sell'
  const kind = type === 'MARKET' ? 'market' : 'limit'
  const terms = { symbol, side, kind, amount, price: kind === 'market' ? undefined : price } as const
  const held = orders.submit(call.account.id, terms, type)
  return {
    order_id: held.id,
    account_name: accountName,
    connector_name: connector,
    trading_pair: pair,
    trade_type: tradeType,
    amount: amount.toString(),
    order_type: type,
    price: price?.toString() ?? null,
    status: 'submitted',
  }
}

function cancel(parts: ApiParts, { params, account }: ApiCall): unknown {
  checkAccount(parts, params['account']!)
  checkConnector(parts, params['connector']!)
  parts.orders.cancel(account.id, params['id']!)
  return { message: `Order cancellation initiated for ${params['id']!}` }
}

function listActive(parts: ApiParts, call: ApiCall): unknown {
  const body = bodyOf(call)
  const page = readPage(body)
  const pairs = body.texts('trading_pairs')
  const isAsked = isPlaceAsked(parts, body)
  body.check()
  const items = parts.orders
    .of(call.account.id)
    .filter((held) => isAsked && isActive(held) && passes(pairs, pairOf(held.symbol)))
  return pageOf(
    items.map((held) => viewApiOrder(held, parts.settings, 'active')),
    page,
  )
}

function search(parts: ApiParts, call: ApiCall): unknown {
  const { settings } = parts
  const body = bodyOf(call)
  const page = readPage(body)
  const pairs = body.texts('trading_pairs')
  const status = body.text('status', '')
  const [fromMs, untilMs] = [body.integer('start_time') ?? 0, body.integer('end_time') ?? Infinity]
  const isAsked = isPlaceAsked(parts, body)
  body.check()
  const isForgotten = (held: ApiOrder): boolean => settings.hidesRefusedOrders && held.refusedBecause !== undefined
  const items = parts.orders
    .of(call.account.id)
    .filter((held) => isAsked && isStored(held) && held.createdAtMs >= fromMs && held.createdAtMs <= untilMs)
    .filter((held) => passes(pairs, isForgotten(held) ? 'UNKNOWN' : pairOf(held.symbol)))
    .toReversed()
    .map((held) => (isForgotten(held) ? viewForgottenOrder(held, settings) : viewApiOrder(held, settings, 'search')))
    .filter((item) => status === '' || (item as { status: string }).status === status)
  return settings.hasStuckCursor ? stuckPageOf(items, page) : pageOf(items, page)
}

function listTrades(parts: ApiParts, call: ApiCall): unknown {
  const { host, settings } = parts
  const body = bodyOf(call)
  const page = readPage(body)
  const pairs = body.texts('trading_pairs')
  const types = body.texts('trade_types')
  const [fromMs, untilMs] = [body.integer('start_time') ?? 0, body.integer('end_time') ?? Infinity]
  const isAsked = isPlaceAsked(parts, body)
  body.check()
  const items = host.core
    .fillsOf(call.account.id)
    .filter((fill) => isAsked && fill.atMs >= fromMs && fill.atMs <= untilMs)
    .flatMap((fill) => {
      const order = host.core.order(fill.orderId)
      if (order?.input.attributes?.['source'] !== apiSource) return []
      const pair = pairOf(order.symbol)
      if (!passes(pairs, pair) || !passes(types, fill.side.toUpperCase())) return []
      return [
        {
          trade_id: String(fill.tradeId),
          order_id: order.clientOrderId,
          account_name: settings.accountName,
          connector_name: settings.connector,
          trading_pair: pair,
          trade_type: fill.side.toUpperCase(),
          amount: fill.quantity.toNumber(),
          price: fill.price.toNumber(),
          fee_paid: fill.fee.toNumber(),
          fee_currency: fill.feeAsset,
          timestamp: isoTime(fill.atMs),
        },
      ]
    })
  return pageOf(items.toReversed(), page)
}

function emptyPage(call: ApiCall): unknown {
  const body = bodyOf(call)
  const page = readPage(body)
  body.check()
  return pageOf([], page)
}

/** Whether the account and connector filters include what is served. */
const isPlaceAsked = ({ settings }: ApiParts, body: ReturnType<typeof bodyOf>): boolean =>
  passes(body.texts('account_names'), settings.accountName) && passes(body.texts('connector_names'), settings.connector)
