import { Decimal, type Side } from '@cex-arbitrage/common'

import { PriceLadder } from './price-ladder.js'
import type { TradingSymbol } from './trading-symbol.js'
import type { EndReason, VenueOrder } from './venue-order.js'

/** What happens when an order would trade with an order of the same owner. */
export type SelfTradeAction = 'allow' | 'cancel_taker' | 'cancel_maker' | 'cancel_both'

/** What the engine tells its owner, in the order in which it happens. */
export interface EngineHooks {
  /** Both orders already show the fill; the maker's price counts. */
  onFill(taker: VenueOrder, maker: VenueOrder, priceTicks: number, lots: number): void
  onEnd(order: VenueOrder, reason: EndReason): void
  /** `lots` is what now rests at the price, 0 when the level is gone. */
  onBookChange(side: Side, priceTicks: number, lots: number, sequence: number): void
  selfTrade(taker: VenueOrder, maker: VenueOrder): SelfTradeAction
  /** Most lots that an order may trade now, for a reason that is not its own quantity. */
  limitLots(order: VenueOrder): number
}

/** The book of one symbol with price-time priority. Every change of a level's quantity adds one to `sequence`. */
export class MatchingEngine {
  readonly bids = new PriceLadder('buy')
  readonly asks = new PriceLadder('sell')

  constructor(
    readonly symbol: TradingSymbol,
    private readonly hooks: EngineHooks,
    public sequence = 0,
  ) {}

  /** Matches an order and rests what is left when it may rest; otherwise ends it. */
  submit(order: VenueOrder): void {
    if (this.hooks.limitLots(order) <= 0) {
      this.end(order, 'reduce_only')
      return
    }
    if (order.input.postOnly === true && this.wouldCross(order.side, order.priceTicks!)) {
      this.end(order, 'post_only')
      return
    }
    if (order.input.timeInForce === 'fok' && !this.canFill(order)) {
      this.end(order, 'fok')
      return
    }
    this.match(order)
    if (!order.isOpen) return
    if (order.input.kind === 'market') this.end(order, this.marketEnd(order))
    else if (order.input.timeInForce !== 'gtc') this.end(order, 'ioc')
    else this.rest(order)
  }

  /** Takes an open order off the book. */
  cancel(order: VenueOrder, reason: EndReason): void {
    if (!order.isOpen) return
    this.removeFromBook(order)
    this.end(order, reason)
  }

  /**
   * Changes price or total quantity of a resting order. A smaller quantity at the same price keeps its place; anything
   * else goes to the end of its level, and may trade at once. The caller has checked that the new total is above what is filled.
   */
  amend(order: VenueOrder, priceTicks: number, quantityLots: number): void {
    const lots = quantityLots - order.quantityLots
    if (priceTicks === order.priceTicks && lots <= 0) {
      order.quantityLots = quantityLots
      this.ladder(order.side).reduce(order, -lots, false)
      if (lots !== 0) this.changed(order.side, priceTicks)
      return
    }
    this.removeFromBook(order)
    order.priceTicks = priceTicks
    order.quantityLots = quantityLots
    this.match(order)
    if (order.isOpen) this.rest(order)
  }

  /** Fills up to `lots` of a resting order against `counter`, which never rests; for faults and bots. */
  fillResting(maker: VenueOrder, counter: VenueOrder, lots: number): void {
    this.trade(counter, maker, Math.min(lots, maker.remainingLots, this.hooks.limitLots(maker)))
  }

  /** Whether an order at `priceTicks` would trade at once. */
  wouldCross(side: Side, priceTicks: number): boolean {
    const opposite = this.ladder(side === 'buy' ? 'sell' : 'buy')
    return opposite.best !== undefined && opposite.isWithin(opposite.best, priceTicks)
  }

  ladder(side: Side): PriceLadder {
    return side === 'buy' ? this.bids : this.asks
  }

  private match(order: VenueOrder): void {
    const opposite = this.ladder(order.side === 'buy' ? 'sell' : 'buy')
    for (let level = opposite.best; level !== undefined; level = opposite.best) {
      if (!opposite.isWithin(level, order.priceTicks)) return
      const maker = level.orders[0]!
      const action = maker.accountId === order.accountId ? this.hooks.selfTrade(order, maker) : 'allow'
      if (action !== 'allow') {
        if (action !== 'cancel_taker') this.cancel(maker, 'self_trade')
        if (action === 'cancel_maker') continue
        this.end(order, 'self_trade')
        return
      }
      const wanted = Math.min(this.wantedLots(order, level.priceTicks), this.hooks.limitLots(order))
      if (wanted <= 0) return
      this.trade(order, maker, Math.min(wanted, maker.remainingLots, this.hooks.limitLots(maker)))
      if (!order.isOpen) return
    }
  }

  private trade(taker: VenueOrder, maker: VenueOrder, lots: number): void {
    const ticks = maker.priceTicks!
    const notional = this.symbol.notional(ticks, lots)
    for (const order of [taker, maker]) {
      order.filledLots += lots
      order.filledNotional = order.filledNotional.plus(notional)
    }
    if (taker.budgetLeft !== undefined) taker.budgetLeft = taker.budgetLeft.minus(notional)
    const makerDone = maker.remainingLots === 0
    this.ladder(maker.side).reduce(maker, lots, makerDone)
    this.changed(maker.side, ticks)
    this.hooks.onFill(taker, maker, ticks, lots)
    if (makerDone) this.end(maker, 'filled')
    if (taker.isOpen && taker.budgetLeft === undefined && taker.remainingLots === 0) this.end(taker, 'filled')
  }

  private rest(order: VenueOrder): void {
    this.ladder(order.side).add(order)
    this.changed(order.side, order.priceTicks!)
  }

  private removeFromBook(order: VenueOrder): void {
    const ladder = this.ladder(order.side)
    if (order.priceTicks === undefined || ladder.level(order.priceTicks)?.orders.includes(order) !== true) return
    ladder.reduce(order, order.remainingLots, true)
    this.changed(order.side, order.priceTicks)
  }

  private changed(side: Side, priceTicks: number): void {
    this.sequence++
    this.hooks.onBookChange(side, priceTicks, this.ladder(side).lotsAt(priceTicks), this.sequence)
  }

  private end(order: VenueOrder, reason: EndReason): void {
    order.status = reason === 'filled' ? 'filled' : 'cancelled'
    order.endReason = reason
    this.hooks.onEnd(order, reason)
  }

  private wantedLots(order: VenueOrder, priceTicks: number): number {
    return order.budgetLeft === undefined ? order.remainingLots : this.symbol.lotsFor(order.budgetLeft, priceTicks)
  }

  /** A buy whose money is too little for one more lot is done; otherwise the book was too thin. */
  private marketEnd(order: VenueOrder): EndReason {
    const opposite = this.ladder(order.side === 'buy' ? 'sell' : 'buy')
    const lastTicks = order.fills.at(-1)?.priceTicks
    if (order.budgetLeft !== undefined && lastTicks !== undefined) {
      const nextTicks = opposite.best?.priceTicks ?? lastTicks
      if (this.symbol.lotsFor(order.budgetLeft, nextTicks) === 0) return 'filled'
    }
    return opposite.best === undefined || opposite.isWithin(opposite.best, order.priceTicks)
      ? 'no_liquidity'
      : 'price_protection'
  }

  /** Whether an order would be filled completely at once. */
  canFill(order: VenueOrder): boolean {
    const opposite = this.ladder(order.side === 'buy' ? 'sell' : 'buy')
    let lots = order.remainingLots
    let budget = order.budgetLeft ?? Decimal.zero
    for (const level of opposite.levels) {
      if (!opposite.isWithin(level, order.priceTicks)) return false
      const available = this.availableLots(level.orders, order)
      if (order.budgetLeft === undefined) {
        lots -= available
        if (lots <= 0) return true
      } else {
        const wanted = this.symbol.lotsFor(budget, level.priceTicks)
        if (wanted <= available) return wanted > 0 || budget.lessThan(order.budgetLeft)
        budget = budget.minus(this.symbol.notional(level.priceTicks, available))
      }
    }
    return false
  }

  private availableLots(makers: readonly VenueOrder[], order: VenueOrder): number {
    let lots = 0
    for (const maker of makers) {
      const self = maker.accountId === order.accountId && this.hooks.selfTrade(order, maker) !== 'allow'
      if (!self) lots += maker.remainingLots
    }
    return lots
  }
}
