import type { AssetId, Decimal, Instrument, Side } from '@cex-arbitrage/common'
import { LegTerms } from './leg-terms.js'

/**
 * Three pairs of one exchange between three assets: two of them against the profit asset, and the cross between the two.
 *
 * ```
 *            profit asset (USDT)
 *   basePair ↙                ↘ quotePair
 * ETH/USDT  ETH ─ crossPair ─ BTC  BTC/USDT
 *                 ETH/BTC
 * ```
 */
export interface Triangle {
  readonly crossPair: Instrument
  /** The base of the cross against the profit asset. */
  readonly basePair: Instrument
  /** The quote of the cross against the profit asset. */
  readonly quotePair: Instrument
}

/**
 * One way round a triangle, as three orders: `opening` pays the profit asset, `cross` turns what that bought into the third
 * asset, `closing` sells that for the profit asset.
 */
export class CycleTerms {
  readonly opening: LegTerms
  readonly cross: LegTerms
  readonly closing: LegTerms
  readonly profitAsset: AssetId
  /** Profit asset out and in for one unit through all three, before prices. */
  private readonly gain: Decimal
  private readonly cost: Decimal

  constructor(
    readonly triangle: Triangle,
    readonly crossSide: Side,
  ) {
    const { crossPair, basePair, quotePair } = triangle
    this.opening = new LegTerms(crossSide === 'buy' ? quotePair : basePair, 'buy')
    this.cross = new LegTerms(crossPair, crossSide)
    this.closing = new LegTerms(crossSide === 'buy' ? basePair : quotePair, 'sell')
    this.profitAsset = this.opening.instrument.quote
    const { opening, cross, closing } = this
    const crossGain = crossSide === 'buy' ? cross.keep : cross.quoteFactor
    this.gain = closing.quoteFactor.times(opening.keep).times(crossGain)
    this.cost = crossSide === 'buy' ? opening.quoteFactor.times(cross.quoteFactor) : opening.quoteFactor
  }

  get legs(): readonly [LegTerms, LegTerms, LegTerms] {
    return [this.opening, this.cross, this.closing]
  }

  /** Whether a unit that takes these prices brings the required edge. */
  pays(openingTicks: number, crossTicks: number, closingTicks: number, edge: Decimal): boolean {
    const { opening, cross, closing } = this
    const crossPrice = cross.instrument.ticksToPrice(crossTicks)
    const gain = this.gain.times(closing.instrument.ticksToPrice(closingTicks))
    const cost = this.cost.times(opening.instrument.ticksToPrice(openingTicks)).times(edge)
    return this.crossSide === 'buy' ? !gain.lessThan(cost.times(crossPrice)) : !gain.times(crossPrice).lessThan(cost)
  }
}
