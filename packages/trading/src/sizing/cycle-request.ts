import type { Decimal, OrderBook } from '@cex-arbitrage/common'
import type { LegSending } from '../types/trade-plan.js'
import type { CycleTerms } from './cycle-terms.js'
import type { LimitedLots } from './leg-terms.js'
import type { SizingLimits } from './sizing-request.js'

/** What the account may use on the exchange, reservations deducted. */
export interface CycleFunds {
  readonly profitAsset: Decimal
  /** Of the base and the quote of the cross. */
  readonly crossBase: Decimal
  readonly crossQuote: Decimal
}

export interface CycleRequest {
  readonly terms: CycleTerms
  /** All three quotable (S6). */
  readonly openingBook: OrderBook
  readonly crossBook: OrderBook
  readonly closingBook: OrderBook
  readonly funds: CycleFunds
  /** Legs that wait for each other need only what the first of them pays. */
  readonly sending: LegSending
  /** Notionals and values in profit asset. */
  readonly limits: SizingLimits
  /** Every unit must bring at least this after fees, basis points of what it costs. */
  readonly requiredEdgeBps: number
}

/** One order of a cycle. */
export interface SizedLeg extends LimitedLots {
  /** By depth, in quote before the fee. */
  readonly notional: Decimal
}

/** The orders of a cycle, in the way of the money. */
export interface CycleOrders {
  readonly opening: SizedLeg
  readonly cross: SizedLeg
  readonly closing: SizedLeg
}

/** Three orders on their grids and what they come to. */
export interface SizedCycle extends CycleOrders {
  /** What arrives of the bought asset and of the asset sold at the end beyond what is passed on; never negative. */
  readonly openingSurplus: Decimal
  readonly closingSurplus: Decimal
  /** What a unit of each left over is worth, in profit asset. */
  readonly openingSurplusPrice: Decimal
  readonly closingSurplusPrice: Decimal
  /** What the opening pays, fee included, in profit asset. */
  readonly cost: Decimal
  /** After fees, in profit asset, surpluses counted at their prices. */
  readonly profit: Decimal
}
