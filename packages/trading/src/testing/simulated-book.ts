import { Decimal, type Instrument, type Side } from '@cex-arbitrage/common'
import type { ExecutableQuote } from '../types/executable-quotes.js'

export interface SimulatedLevel {
  readonly priceTicks: number
  quantityLots: number
}

/** What a simulated exchange offers on one instrument; taking from it removes it. */
export class SimulatedBook {
  /** Offers to buy, best first. */
  bids: SimulatedLevel[] = []
  /** Offers to sell, best first. */
  asks: SimulatedLevel[] = []
  /** A distrusted book quotes nothing, though orders still match against it. */
  trusted = true

  constructor(readonly instrument: Instrument) {}

  /** Replaces both sides; levels as `[price, quantity]` in decimal text. */
  set(bids: readonly (readonly [string, string])[], asks: readonly (readonly [string, string])[]): void {
    this.bids = bids.map((level) => this.level(level))
    this.asks = asks.map((level) => this.level(level))
  }

  quote(side: Side, quantityLots: number): ExecutableQuote | undefined {
    const levels = side === 'buy' ? this.asks : this.bids
    if (!this.trusted || levels.length === 0) return undefined
    let left = quantityLots
    let notional = Decimal.zero
    let worstPriceTicks = levels[0]!.priceTicks
    for (const level of levels) {
      if (left <= 0) break
      const lots = Math.min(left, level.quantityLots)
      notional = notional.plus(this.instrument.notional(level.priceTicks, lots))
      worstPriceTicks = level.priceTicks
      left -= lots
    }
    return { worstPriceTicks, notional, quantityLots: quantityLots - left }
  }

  /** Takes up to `quantityLots` at `limitTicks` or better; one entry per level. */
  take(side: Side, limitTicks: number, quantityLots: number): readonly SimulatedLevel[] {
    const levels = side === 'buy' ? this.asks : this.bids
    const taken: SimulatedLevel[] = []
    let left = quantityLots
    while (left > 0 && levels.length > 0) {
      const best = levels[0]!
      if (side === 'buy' ? best.priceTicks > limitTicks : best.priceTicks < limitTicks) break
      const lots = Math.min(left, best.quantityLots)
      taken.push({ priceTicks: best.priceTicks, quantityLots: lots })
      left -= lots
      best.quantityLots -= lots
      if (best.quantityLots === 0) levels.shift()
    }
    return taken
  }

  private level([price, quantity]: readonly [string, string]): SimulatedLevel {
    return {
      priceTicks: this.instrument.priceToTicks(Decimal.parse(price), 'exact'),
      quantityLots: this.instrument.quantityToLots(Decimal.parse(quantity), 'exact'),
    }
  }
}
