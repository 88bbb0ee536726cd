import type { Account } from '../../../accounts/account-book.js'
import type { VenueOrder } from '../../../matching/venue-order.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { clientOrderIdPattern } from '../constants.js'
import { findMarket } from '../markets.js'
import { quantize } from '../order-terms.js'
import type { HummingbotSettings } from '../settings.js'
import { invalidOrder, ProtocolRefusal } from './protocol-refusal.js'
import { readPositive, requireText, type RequestFrame } from './request-frame.js'

/** Takes and finds orders of the WebSocket protocol. A client order id makes a create idempotent. */
export class OrderDesk {
  private readonly byClientOrderId = new Map<string, { readonly order: VenueOrder; readonly terms: string }>()

  constructor(
    private readonly host: VenueHost,
    private readonly settings: HummingbotSettings,
  ) {}

  /** @throws ProtocolRefusal The order breaks a rule, or the money is missing. */
  create(account: Account, apiKey: string, frame: RequestFrame): VenueOrder {
    const { exchange, market, symbol } = this.readMarket(frame)
    const { side, order_type: kind } = frame.members
    if (side !== 'buy' && side !== 'sell') throw invalidOrder(`Invalid order side: ${String(side)}`)
    if (kind !== 'limit' && kind !== 'market') throw invalidOrder(`Invalid order type: ${String(kind)}`)
    const amount = readPositive(frame, 'amount')
    if (kind === 'limit' && frame.members['price'] === undefined)
      throw invalidOrder('Price is required for limit orders')
    const price = kind === 'limit' ? readPositive(frame, 'price') : undefined
    const clientOrderId = readClientOrderId(frame)
    const terms = [exchange, symbol.name, side, kind, amount.toString(), price?.toString()].join(' ')
    const known = this.known(account, clientOrderId, terms)
    if (known !== undefined) return known
    const grid = quantize(this.host.core, { symbol, side, kind, amount, price })
    if (typeof grid === 'string') throw invalidOrder(grid)
    const result = this.host.core.place({
      accountId: account.id,
      symbol: symbol.name,
      side,
      kind,
      timeInForce: kind === 'limit' ? 'gtc' : 'ioc',
      quantityLots: grid.quantityLots,
      ...(grid.priceTicks !== undefined && { priceTicks: grid.priceTicks }),
      ...(clientOrderId !== undefined && { clientOrderId }),
      attributes: { apiKey, market },
    })
    if ('refusal' in result) throw refusalOf(result.refusal, market)
    if (clientOrderId !== undefined)
      this.byClientOrderId.set(`${account.id} ${clientOrderId}`, { order: result.order, terms })
    return result.order
  }

  /** The order that `order_id` or `client_order_id` names. */
  find(account: Account, frame: RequestFrame): VenueOrder {
    const { symbol } = this.readMarket(frame)
    const { client_order_id: clientOrderId, order_id: orderId } = frame.members
    if (orderId === undefined && typeof clientOrderId === 'string') {
      const known = this.byClientOrderId.get(`${account.id} ${clientOrderId}`)?.order
      if (known === undefined) throw invalidOrder(`Order ${clientOrderId} not found`)
      return known
    }
    const id = requireText(frame, 'order_id', 'Order id is required')
    const order = this.host.core.order(id)
    if (order === undefined || order.accountId !== account.id || order.symbol !== symbol)
      throw invalidOrder(`Order ${id} not found`)
    return order
  }

  /** @throws ProtocolRefusal There is no such exchange or market. */
  readMarket(frame: RequestFrame): {
    readonly exchange: string
    readonly market: string
    readonly symbol: NonNullable<ReturnType<typeof findMarket>>
  } {
    const exchange = this.readExchange(frame)
    const market = requireText(frame, 'market', 'Market is required')
    const symbol = findMarket(this.host.core, market)
    if (symbol === undefined) throw invalidOrder(`Market ${market} not supported on ${exchange}`)
    return { exchange, market, symbol }
  }

  readExchange(frame: RequestFrame): string {
    const exchange = requireText(frame, 'exchange', 'Exchange is required')
    if (exchange !== this.settings.connector) throw invalidOrder(`Exchange ${exchange} not supported`)
    return exchange
  }

  private known(account: Account, clientOrderId: string | undefined, terms: string): VenueOrder | undefined {
    if (clientOrderId === undefined) return undefined
    const known = this.byClientOrderId.get(`${account.id} ${clientOrderId}`)
    if (known !== undefined && known.terms !== terms)
      throw invalidOrder(`Client order id ${clientOrderId} belongs to another order`)
    return known?.order
  }
}

function readClientOrderId({ members }: RequestFrame): string | undefined {
  const value = members['client_order_id']
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !clientOrderIdPattern.test(value)) throw invalidOrder('Invalid client order id')
  return value
}

function refusalOf(reason: string, market: string): ProtocolRefusal {
  if (reason === 'insufficient_funds') return new ProtocolRefusal('insufficient_funds', 'Insufficient funds')
  return new ProtocolRefusal('market_closed', `Market ${market} is closed`)
}
