import { Decimal, type AssetId, type ClientOrderId, type ExchangeId } from '@cex-arbitrage/common'
import type { Leg } from '../execution/leg.js'
import { isFinalLegState } from '../types/leg-state.js'

interface Reservation {
  readonly leg: Leg
  readonly asset: AssetId
  amount: Decimal
}

/**
 * Funds that our orders may still take: the whole of what is outstanding, with the fee's head-room, from the moment an
 * order is planned until its end is proven and every fill is booked. An order without an answer keeps its share
 * (invariant S2).
 */
export class OrderReservations {
  private readonly byOrder = new Map<ClientOrderId, Reservation>()
  private readonly sums = new Map<string, Decimal>()

  /** Takes the order in, or brings its share up to date; a settled one is let go. */
  track(leg: Leg): void {
    const id = leg.request.clientOrderId
    let entry = this.byOrder.get(id)
    if (entry === undefined) {
      if (leg.settled) return
      const { side, instrument } = leg.request
      entry = { leg, asset: side === 'buy' ? instrument.quote : instrument.base, amount: Decimal.zero }
      this.byOrder.set(id, entry)
    }
    const amount = reservedAmount(leg)
    this.add(leg.request.instrument.exchange, entry.asset, amount.minus(entry.amount))
    entry.amount = amount
    if (leg.settled) this.byOrder.delete(id)
  }

  /** Lets go of an order that was planned and never sent. */
  forget(leg: Leg): void {
    const entry = this.byOrder.get(leg.request.clientOrderId)
    if (entry === undefined) return
    this.add(leg.request.instrument.exchange, entry.asset, entry.amount.negated())
    this.byOrder.delete(leg.request.clientOrderId)
  }

  reserved(exchange: ExchangeId, asset: AssetId): Decimal {
    return this.sums.get(`${exchange} ${asset}`) ?? Decimal.zero
  }

  /** Orders that rest or may rest, those without an answer included. */
  openOrders(exchange: ExchangeId): number {
    return this.count(exchange, (leg) => !isFinalLegState(leg.state))
  }

  unknownOrders(exchange: ExchangeId): number {
    return this.count(exchange, (leg) => leg.state === 'unknown')
  }

  /** No order of ours can move a balance there. */
  isQuiet(exchange: ExchangeId): boolean {
    return this.count(exchange, () => true) === 0
  }

  /** Orders of ours do nothing there but rest untouched: they lock funds, and what the account owns moves with a fill alone. */
  isStill(exchange: ExchangeId): boolean {
    return this.count(exchange, (leg) => !leg.rests || leg.state !== 'acknowledged') === 0
  }

  private count(exchange: ExchangeId, holds: (leg: Leg) => boolean): number {
    let count = 0
    for (const { leg } of this.byOrder.values()) if (leg.request.instrument.exchange === exchange && holds(leg)) count++
    return count
  }

  private add(exchange: ExchangeId, asset: AssetId, amount: Decimal): void {
    this.sums.set(`${exchange} ${asset}`, this.reserved(exchange, asset).plus(amount))
  }
}

function reservedAmount(leg: Leg): Decimal {
  const { instrument, side, priceTicks } = leg.request
  const quantity = leg.outstandingQuantity.times(instrument.contractSize)
  if (side === 'sell') return quantity
  const notional = quantity.times(instrument.ticksToPrice(priceTicks))
  if (instrument.fees.assetRule !== 'quote') return notional
  return notional.times(Decimal.one.plus(Decimal.max(instrument.fees.taker, instrument.fees.maker)))
}
