import type { Decimal, OrderBook, Side } from '@cex-arbitrage/common'
import type { PairTerms } from './pair-terms.js'

/** What the account may use, reservations deducted. */
export interface SizingFunds {
  /** Quote on the buying exchange. */
  readonly buyQuote: Decimal
  /** Base on the selling exchange. */
  readonly sellBase: Decimal
  /** Quote on the selling exchange, for buying back. */
  readonly sellQuote: Decimal
}

export interface SizingLimits {
  /** Least and largest notional of one leg, in quote. */
  readonly minNotional: Decimal
  readonly maxNotional: Decimal
  /** How far from the middle of its book an order may be; `0.02` is two percent. */
  readonly maxPriceDeviation: Decimal
  /** How much worse than now prices may be when a leg has to be unwound; `0.02` is two percent. */
  readonly unwindMargin: Decimal
  /** Largest value in quote of base that a trade may leave over because of fees and grids. */
  readonly maxSurplusNotional: Decimal
  /** Share of the expected profit that both limit prices together may give away to get filled; 0 to 1. */
  readonly slackShare: Decimal
}

export interface SizingRequest {
  readonly terms: PairTerms
  /** Both books quotable (S6). */
  readonly buyBook: OrderBook
  readonly sellBook: OrderBook
  readonly funds: SizingFunds
  readonly limits: SizingLimits
  /** Every unit must bring at least this after fees, basis points of what it costs. */
  readonly requiredEdgeBps: number
}

export interface QuoteSizingRequest extends SizingRequest {
  /** Of the quote: `buy` quotes on the buying exchange and hedges on the selling one. */
  readonly side: Side
  /** What may stay open of a trade, in quote: the least fill that must find a legal hedge. */
  readonly maxResidualNotional: Decimal
}

/** Why a pair of quantities is too large. */
export type SizeExcess = 'thin_depth' | 'balance' | 'above_maximum' | 'price_band' | 'unwind'

/** Why no size is right: what stands against the smallest legal one. */
export type SizingRefusal = SizeExcess | 'below_minimum' | 'instrument_status' | 'rounding'

/**
 * Two quantities on their order grids and what they come to; of a quote, the side that rests is reckoned at its own price
 * and the other as its hedge would find it by depth.
 */
export interface SizedPair {
  readonly buyUnits: bigint
  readonly sellUnits: bigint
  readonly buyLots: number
  readonly sellLots: number
  /** Prices of the orders, on the order grid. */
  readonly buyLimitTicks: number
  readonly sellLimitTicks: number
  /** By depth, before fees. */
  readonly buyNotional: Decimal
  readonly sellNotional: Decimal
  /** Base that arrives beyond what is sold; never negative. */
  readonly surplus: Decimal
  /** What a unit of base left over is worth, in quote. */
  readonly surplusPrice: Decimal
  /** After fees, in quote, the surplus counted at `surplusPrice`. */
  readonly profit: Decimal
}
