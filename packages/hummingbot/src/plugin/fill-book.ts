import {
  asClientOrderId,
  asExchangeOrderId,
  asFillId,
  createAssetId,
  Decimal,
  type Fill,
  type Instrument,
} from '@cex-arbitrage/common'
import { toDecimalText } from '../client/decimal-text.js'
import type { HummingbotOrder, HummingbotTrade } from '../client/schemas.js'
import { readFilled } from './order-mapper.js'

/** Orders whose fills are remembered; the oldest are forgotten first. */
const maxOrders = 10_000
const msPerSecond = 1_000

interface OrderFills {
  readonly fills: Map<string, Fill>
  quantity: Decimal
  notional: Decimal
  isMaker: boolean
}

/**
 * The account's executions, as the stream brings them and as orders list them. The protocol has no question for them, and a
 * server need not list any, so where an order that has ended says that more has filled than its trades account for, the
 * rest is made up as one fill at the order's price, and trades that come later for that part are left out: the sum is right, the price of that part is the worst it can have
 * been. Its id follows from the order and how far it had filled, so the same part is never told under two ids.
 */
export class FillBook {
  private readonly orders = new Map<string, OrderFills>()

  constructor(private readonly nowMs: () => number) {}

  /** Quote that an order has turned over, as far as is known. */
  getNotional(orderId: string): Decimal {
    return this.orders.get(orderId)?.notional ?? Decimal.zero
  }

  getFills(orderId?: string): readonly Fill[] {
    const of = orderId === undefined ? [...this.orders.values()] : [this.orders.get(orderId)]
    return of
      .flatMap((order) => (order === undefined ? [] : [...order.fills.values()]))
      .toSorted((a, b) => a.exchangeTimeMs - b.exchangeTimeMs)
  }

  /** Whether this process has seen the order, so that its fills are all here but for lost ones. */
  follows(orderId: string): boolean {
    return this.orders.has(orderId)
  }

  /** From now on the order's fills are expected here. */
  follow(orderId: string): void {
    this.of(orderId)
  }

  /** Takes in fills that are known from elsewhere, such as an earlier process's journal. */
  seed(fills: readonly Fill[]): void {
    for (const fill of fills) {
      const known = this.of(fill.exchangeOrderId)
      if (!known.fills.has(fill.fillId)) this.record(known, fill)
    }
  }

  /** Base that an order has filled beyond its fills here. */
  missingFrom(order: HummingbotOrder): Decimal {
    const known = this.orders.get(order.order_id)?.quantity ?? Decimal.zero
    return Decimal.max(readFilled(order).minus(known), Decimal.zero)
  }

  /** Says before any fill whether the order has been resting, and so makes. */
  markResting(orderId: string): void {
    this.of(orderId).isMaker = true
  }

  /** Takes the fills that an order lists. @returns those that are new. */
  addListed(order: HummingbotOrder, instrument: Instrument): readonly Fill[] {
    const { order_id, symbol, exchange, side, fills = [] } = order
    return fills
      .map((fill) => this.addTrade({ ...fill, order_id, symbol, exchange, side }, instrument, order))
      .filter((fill) => fill !== undefined)
  }

  /** @returns the fill; `undefined` when it is known, or accounted for already. */
  addTrade(trade: HummingbotTrade, instrument: Instrument, order?: HummingbotOrder): Fill | undefined {
    const { order_id: orderId } = trade
    if (orderId === undefined || orderId === null) return undefined
    const known = this.of(orderId)
    const quantity = Decimal.parse(trade.amount)
    const isMadeUp = [...known.fills.keys()].some((id) => id.startsWith(`${orderId}#`))
    if (known.fills.has(trade.trade_id) || isMadeUp) return undefined
    return this.record(known, {
      fillId: asFillId(trade.trade_id),
      instrumentId: instrument.id,
      exchangeOrderId: asExchangeOrderId(orderId),
      clientOrderId: order?.client_order_id === undefined ? undefined : asClientOrderId(order.client_order_id),
      side: trade.side,
      price: Decimal.parse(trade.price),
      quantity,
      ...(readFee(trade) ?? this.feeOf(instrument, trade.side, Decimal.parse(trade.price), quantity, known.isMaker)),
      role: known.isMaker ? 'maker' : 'taker',
      exchangeTimeMs: Math.round(trade.timestamp * msPerSecond),
    })
  }

  /** Accounts for what an order has filled beyond its trades. @returns the fill made up, if any. */
  completeFrom(order: HummingbotOrder, instrument: Instrument): Fill | undefined {
    const known = this.of(order.order_id)
    const missing = this.missingFrom(order)
    if (missing.isZero || order.price === null) return undefined
    const price = Decimal.parse(order.price)
    return this.record(known, {
      fillId: asFillId(`${order.order_id}#${readFilled(order).toString()}`),
      instrumentId: instrument.id,
      exchangeOrderId: asExchangeOrderId(order.order_id),
      clientOrderId: order.client_order_id === undefined ? undefined : asClientOrderId(order.client_order_id),
      side: order.side,
      price,
      quantity: missing,
      ...this.feeOf(instrument, order.side, price, missing, known.isMaker),
      role: known.isMaker ? 'maker' : 'taker',
      exchangeTimeMs: this.nowMs(),
    })
  }

  private record(known: OrderFills, fill: Fill): Fill {
    known.fills.set(fill.fillId, fill)
    known.quantity = known.quantity.plus(fill.quantity)
    known.notional = known.notional.plus(fill.price.times(fill.quantity))
    return fill
  }

  /** Where the server names no fee, it is what the configured rates say. */
  private feeOf(instrument: Instrument, side: Fill['side'], price: Decimal, quantity: Decimal, isMaker: boolean) {
    const { maker, taker, assetRule } = instrument.fees
    const rate = isMaker ? maker : taker
    const isInBase = assetRule === 'received' && side === 'buy'
    return isInBase
      ? { fee: quantity.times(rate), feeAsset: instrument.base }
      : { fee: price.times(quantity).times(rate), feeAsset: instrument.quote }
  }

  private of(orderId: string): OrderFills {
    const present = this.orders.get(orderId)
    if (present !== undefined) return present
    const created: OrderFills = { fills: new Map(), quantity: Decimal.zero, notional: Decimal.zero, isMaker: false }
    this.orders.set(orderId, created)
    for (const oldest of this.orders.keys()) {
      if (this.orders.size <= maxOrders) break
      this.orders.delete(oldest)
    }
    return created
  }
}

/** The fee as the server says it, from one that does. */
function readFee({ fee, fee_asset: asset }: HummingbotTrade): Pick<Fill, 'fee' | 'feeAsset'> | undefined {
  const amount = Decimal.tryParse(toDecimalText(fee) ?? '')
  if (amount === undefined || typeof asset !== 'string' || asset === '') return undefined
  return { fee: amount, feeAsset: createAssetId(asset) }
}
