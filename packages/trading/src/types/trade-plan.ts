import type { AssetId, CorrelationId, Decimal, Instrument, Side, Symbol } from '@cex-arbitrage/common'

/** One order that a trade wants to send: an IOC limit at the worst price that still pays. */
export interface LegPlan {
  readonly instrument: Instrument
  readonly side: Side
  /** Worst acceptable price, on the order grid. */
  readonly priceTicks: number
  /** On the order grid. */
  readonly quantityLots: number
  /** What walking the book down to `quantityLots` pays or brings, in quote, before the fee. */
  readonly expectedNotional: Decimal
  readonly expectedFee: Decimal
  readonly expectedFeeAsset: AssetId
}

/** What a strategy proposes: all legs at once, with what they should bring. */
export interface TradePlan {
  readonly correlationId: CorrelationId
  /** Name of the strategy, `spot-spot`. */
  readonly strategy: string
  readonly symbol: Symbol
  readonly legs: readonly [LegPlan, LegPlan, ...LegPlan[]]
  /** After fees and rounding, in `profitAsset`; base left over is counted at `surplusPrice`. */
  readonly expectedProfit: Decimal
  /** What one unit of base left over is worth, in `profitAsset`: the buying side's best bid less the fee. */
  readonly surplusPrice: Decimal
  readonly profitAsset: AssetId
  /** `expectedProfit` over what the buying legs pay, in basis points; for limits and display. */
  readonly netEdgeBps: number
  /** Age of the older of the quotes used, microseconds. */
  readonly quoteAgeUs: number
  /** Monotonic time of the decision. */
  readonly decidedAtUs: number
}
