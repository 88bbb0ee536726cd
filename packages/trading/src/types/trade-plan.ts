import type { AssetId, CorrelationId, Decimal, Instrument, Side, Symbol } from '@cex-arbitrage/common'

/** One order that a trade wants to send: a limit at the worst price that still pays, immediate unless it is a quote. */
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
  /** It may make a position in a perpetual contract no larger, and turn none round. */
  readonly reduceOnly?: true
}

/**
 * How the legs of a plan go out: `concurrent`, all at once, each paid from what is on its exchange beforehand;
 * `sequential`, in the order of the plan, each after the end of the one before, no larger than that was filled, and paid
 * also with what those before have brought there.
 */
export type LegSending = 'concurrent' | 'sequential'

/** What makes a trade a quote: its one leg rests, post-only, and whatever fills of it is hedged. */
export interface QuotePlan {
  /**
   * Where all of the leg would be hedged, as the book was: what walking it brings or costs, and the worst price of that
   * walk. It says what the quote is worth, and is no order by itself: fills decide what is sent.
   */
  readonly hedge: LegPlan
  /** The quote is pulled when the hedge's notional has moved by more than this, basis points. */
  readonly toleranceBps: number
  /** Milliseconds that it rests before a move in our favour pulls it; one against us always does. */
  readonly minRestMs: number
  /** Milliseconds after which it is pulled whatever has moved. */
  readonly maxRestMs: number
}

/** What a strategy proposes: all legs at once, with what they should bring. */
export interface TradePlan {
  readonly correlationId: CorrelationId
  /** Name of the strategy, `spot-spot`. */
  readonly strategy: string
  /** The pair traded; of a cycle the one that is not quoted in `profitAsset`. */
  readonly symbol: Symbol
  /** One for a quote, two or more otherwise. */
  readonly legs: readonly [LegPlan, ...LegPlan[]]
  readonly quote?: QuotePlan
  readonly sending: LegSending
  /** It leaves a position in a perpetual contract behind, hedged by spot, or takes one back. */
  readonly holding?: 'opens' | 'closes'
  /** After fees and rounding, in `profitAsset`; what is left over of other assets is counted at `surplusPrices`. */
  readonly expectedProfit: Decimal
  /**
   * What one unit left over is worth, in `profitAsset`: a best bid less the fee; of a quote, what its hedge
   * brings or costs. Has every asset that the legs should leave
   * as it was, the base of a pair or both assets within a cycle.
   */
  readonly surplusPrices: ReadonlyMap<AssetId, Decimal>
  readonly profitAsset: AssetId
  /** `expectedProfit` over what the buying legs pay, in basis points; for limits and display. */
  readonly netEdgeBps: number
  /** Age of the older of the quotes used, microseconds. */
  readonly quoteAgeUs: number
  /** Monotonic time of the decision. */
  readonly decidedAtUs: number
}

/** Every order that a plan counts on: its legs, and the hedge of a quote. What all of them need must be there beforehand. */
export const ordersOf = (plan: TradePlan): readonly LegPlan[] =>
  plan.quote === undefined ? plan.legs : [...plan.legs, plan.quote.hedge]

/** The rule of a halt that does not concern the plan: a lack of margin does not stop what frees some. */
export const haltExemptionOf = ({ holding }: TradePlan): 'margin' | undefined =>
  holding === 'closes' ? 'margin' : undefined

/** Every asset that a plan moves. */
export const assetsOf = (plan: TradePlan): readonly AssetId[] => [
  ...new Set(ordersOf(plan).flatMap(({ instrument }) => [instrument.base, instrument.quote])),
]
