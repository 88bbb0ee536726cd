import { type Random, type Side, SeededRandom } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../matching/exchange-core.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import type { VenueOrder } from '../matching/venue-order.js'

export interface LadderOptions {
  /** Price levels per side. */
  readonly levels: number
  /** Distance of the best prices from the fair price, bps. */
  readonly halfSpreadBps: number
  /** Distance between the deeper levels, bps of the reference price. */
  readonly gridBps: number
  /** Mean value of the best level, quote; deeper levels grow. */
  readonly topNotional: number
}

export const defaultLadder: LadderOptions = { levels: 30, halfSpreadBps: 1.5, gridBps: 3, topNotional: 1_500 }

/** Keeps a ladder of house orders around a fair price. Deeper levels sit on a fixed grid, so that few orders move at a time. */
export class QuotingBot {
  private readonly quotes: Record<Side, Map<number, VenueOrder>> = { buy: new Map(), sell: new Map() }
  private readonly gridTicks: number

  constructor(
    private readonly core: ExchangeCore,
    private readonly symbol: TradingSymbol,
    private readonly options: LadderOptions,
  ) {
    const reference = symbol.referencePrice / symbol.tickSize.toNumber()
    this.gridTicks = Math.max(1, Math.round((reference * options.gridBps) / 10_000))
  }

  /** Moves the ladder around `fairPrice`. */
  requote(fairPrice: number, random: Random): void {
    const tick = this.symbol.tickSize.toNumber()
    const half = Math.max(tick / 2, (fairPrice * this.options.halfSpreadBps) / 10_000)
    const wanted = {
      buy: this.prices('buy', Math.max(1, Math.floor((fairPrice - half) / tick + 1e-9))),
      sell: this.prices('sell', Math.ceil((fairPrice + half) / tick - 1e-9)),
    }
    for (const side of ['buy', 'sell'] as const) this.withdraw(side, wanted[side], random)
    for (const side of ['buy', 'sell'] as const) this.quote(side, wanted[side], fairPrice, random)
  }

  /** Takes every quote off the book. */
  clear(): void {
    for (const side of ['buy', 'sell'] as const) {
      for (const order of this.quotes[side].values()) this.core.cancel(order)
      this.quotes[side].clear()
    }
  }

  /** Best price, then grid points behind it. */
  private prices(side: Side, best: number): number[] {
    const prices = [best]
    const sign = side === 'buy' ? -1 : 1
    const first = side === 'buy' ? Math.floor((best - 1) / this.gridTicks) : Math.ceil((best + 1) / this.gridTicks)
    for (let i = 0; i < this.options.levels - 1; i++) {
      const ticks = (first + sign * i) * this.gridTicks
      if (ticks > 0) prices.push(ticks)
    }
    return prices
  }

  private withdraw(side: Side, wanted: readonly number[], random: Random): void {
    const keep = new Set(wanted)
    for (const [ticks, order] of this.quotes[side]) {
      const stale = !keep.has(ticks) || (ticks === wanted[0] && random.next() < 0.08)
      if (order.isOpen && stale) this.core.cancel(order)
      if (!order.isOpen) this.quotes[side].delete(ticks)
    }
  }

  private quote(side: Side, wanted: readonly number[], fairPrice: number, random: Random): void {
    for (const [depth, priceTicks] of wanted.entries()) {
      if (this.quotes[side].has(priceTicks)) continue
      const notional = this.options.topNotional * (0.3 + 1.4 * random.next()) * (1 + depth * 0.35)
      const lotBase = this.symbol.lotSize.times(this.symbol.contractSize).toNumber()
      const quantityLots = Math.max(1, Math.round(notional / fairPrice / lotBase))
      const result = this.core.place({
        accountId: 'house',
        symbol: this.symbol.name,
        side,
        kind: 'limit',
        timeInForce: 'gtc',
        priceTicks,
        quantityLots,
      })
      if ('order' in result && result.order.isOpen) this.quotes[side].set(priceTicks, result.order)
    }
  }
}

/** A generator that depends on (seed, step) alone, so that a skipped step does not shift the later ones. */
export const stepRandom = (seed: number, label: string, step: number): SeededRandom =>
  new SeededRandom(seed).fork(`${label}:${step}`)
