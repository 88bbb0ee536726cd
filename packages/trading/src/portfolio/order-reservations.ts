import { Decimal, type AssetId, type ClientOrderId, type Instrument } from '@cex-arbitrage/common'
import type { Leg } from '../execution/leg.js'
import { accountOf, type AccountId } from '../types/account-id.js'
import { boundAsset, marginOf } from '../types/order-funds.js'
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
  /** @param leverageOf - Of a perpetual contract, whose orders bind margin instead of what they move. */
  constructor(private readonly leverageOf: (instrument: Instrument) => Decimal) {}

  private readonly byOrder = new Map<ClientOrderId, Reservation>()
  private readonly sums = new Map<string, Decimal>()

  /** Takes the order in, or brings its share up to date; a settled one is let go. */
  track(leg: Leg): void {
    const id = leg.request.clientOrderId
    let entry = this.byOrder.get(id)
    if (entry === undefined) {
      if (leg.settled) return
      entry = { leg, asset: boundAsset(leg.request), amount: Decimal.zero }
      this.byOrder.set(id, entry)
    }
    const amount = this.reservedAmount(leg)
    this.add(accountOf(leg.request.instrument), entry.asset, amount.minus(entry.amount))
    entry.amount = amount
    if (leg.settled) this.byOrder.delete(id)
  }

  /** Lets go of an order that was planned and never sent. */
  forget(leg: Leg): void {
    const entry = this.byOrder.get(leg.request.clientOrderId)
    if (entry === undefined) return
    this.add(accountOf(leg.request.instrument), entry.asset, entry.amount.negated())
    this.byOrder.delete(leg.request.clientOrderId)
  }

  reserved(account: AccountId, asset: AssetId): Decimal {
    return this.sums.get(`${account} ${asset}`) ?? Decimal.zero
  }

  /** Orders that rest or may rest, those without an answer included. */
  openOrders(account: AccountId): number {
    return this.count(account, (leg) => !isFinalLegState(leg.state))
  }

  unknownOrders(account: AccountId): number {
    return this.count(account, (leg) => leg.state === 'unknown')
  }

  /** No order of ours can move a balance there. */
  isQuiet(account: AccountId): boolean {
    return this.count(account, () => true) === 0
  }

  /** Orders of ours do nothing there but rest untouched: they lock funds, and what the account owns moves with a fill alone. */
  isStill(account: AccountId): boolean {
    return this.count(account, (leg) => !leg.rests || leg.state !== 'acknowledged') === 0
  }

  private count(account: AccountId, holds: (leg: Leg) => boolean): number {
    let count = 0
    for (const { leg } of this.byOrder.values())
      if (accountOf(leg.request.instrument) === account && holds(leg)) count++
    return count
  }

  private add(account: AccountId, asset: AssetId, amount: Decimal): void {
    this.sums.set(`${account} ${asset}`, this.reserved(account, asset).plus(amount))
  }

  private reservedAmount(leg: Leg): Decimal {
    const { instrument, side, priceTicks, reduceOnly } = leg.request
    const isPerpetual = instrument.marketType === 'futures'
    if (isPerpetual && reduceOnly) return Decimal.zero
    const quantity = leg.outstandingQuantity.times(instrument.contractSize)
    if (side === 'sell' && !isPerpetual) return quantity
    const notional = quantity.times(instrument.ticksToPrice(priceTicks))
    if (isPerpetual) return marginOf(instrument, notional, this.leverageOf(instrument))
    if (instrument.fees.assetRule !== 'quote') return notional
    return notional.times(Decimal.one.plus(Decimal.max(instrument.fees.taker, instrument.fees.maker)))
  }
}
