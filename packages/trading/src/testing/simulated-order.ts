import {
  asFillId,
  Decimal,
  isFinalOrderStatus,
  type ExchangeOrderId,
  type Fill,
  type LimitOrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'

/** The truth of one order at a simulated exchange. */
export class SimulatedOrder {
  status: OrderStatus = 'open'
  filledLots = 0
  filledNotional = Decimal.zero
  readonly fills: Fill[] = []
  /** Told of by queries and streams only up to these many fills; the rest is late. */
  visibleFills = Number.POSITIVE_INFINITY

  constructor(
    readonly request: LimitOrderRequest,
    readonly exchangeOrderId: ExchangeOrderId,
    readonly placedAtMs: number,
  ) {}

  get open(): boolean {
    return !isFinalOrderStatus(this.status)
  }

  get leftLots(): number {
    return this.request.quantityLots - this.filledLots
  }

  /** Books one execution; the fee follows the instrument's rule. */
  fill(priceTicks: number, lots: number, atMs: number, role: 'maker' | 'taker'): Fill {
    const { instrument, side } = this.request
    const notional = instrument.notional(priceTicks, lots)
    const quantity = instrument.lotsToQuantity(lots)
    const inBase = instrument.fees.assetRule === 'received' && side === 'buy'
    const fill: Fill = {
      fillId: asFillId(`${this.exchangeOrderId}-${this.fills.length + 1}`),
      instrumentId: instrument.id,
      exchangeOrderId: this.exchangeOrderId,
      clientOrderId: this.request.clientOrderId,
      side,
      price: instrument.ticksToPrice(priceTicks),
      quantity,
      fee: (inBase ? quantity : notional).times(instrument.fees[role]),
      feeAsset: inBase ? instrument.base : instrument.quote,
      role,
      exchangeTimeMs: atMs,
    }
    this.fills.push(fill)
    this.filledLots += lots
    this.filledNotional = this.filledNotional.plus(notional)
    this.status = this.leftLots === 0 ? 'filled' : 'partially_filled'
    return fill
  }

  update(atMs: number): OrderUpdate {
    const { instrument, side, priceTicks, quantityLots, clientOrderId } = this.request
    const visible = this.fills.slice(0, this.visibleFills)
    const hidden = visible.length < this.fills.length
    const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce((a, b) => a.plus(b), Decimal.zero)
    return {
      instrumentId: instrument.id,
      clientOrderId,
      exchangeOrderId: this.exchangeOrderId,
      side,
      status: hidden ? 'cancelled' : this.status,
      quantity: instrument.lotsToQuantity(quantityLots),
      price: instrument.ticksToPrice(priceTicks),
      filledQuantity: sum(visible.map((fill) => fill.quantity)),
      filledNotional: sum(visible.map((fill) => fill.quantity.times(fill.price))),
      exchangeTimeMs: atMs,
      reason: undefined,
    }
  }
}
