import type {
  AssetId,
  ClientOrderId,
  CorrelationId,
  Decimal,
  ExchangeId,
  Instrument,
  Side,
  Symbol,
} from '@cex-arbitrage/common'
import type { LegRole } from './leg-role.js'
import type { LegState } from './leg-state.js'

/**
 * How a trade ended: `completed`, all legs as planned or equally short; `unwound`, a surplus was sold back where it came
 * from; `hedged`, it was closed on another venue; `pulled`, a quote was taken back without a fill, its common end;
 * `aborted`, nothing was filled of anything else, or the quote was refused; `halted`, a residual beyond the bound remains
 * and is named.
 */
export type TradeEnd = 'completed' | 'unwound' | 'hedged' | 'pulled' | 'aborted' | 'halted'

export interface LegOutcome {
  readonly role: LegRole
  readonly instrument: Instrument
  readonly side: Side
  readonly clientOrderId: ClientOrderId
  readonly state: LegState
  /** The exchange refused it, and not because a quote would have taken. */
  readonly refused?: true
  readonly filledQuantity: Decimal
  readonly filledNotional: Decimal
  readonly fees: readonly { readonly asset: AssetId; readonly amount: Decimal }[]
}

/** An amount of an asset that a trade left over (positive) or short (negative) on an exchange. */
export interface Residual {
  readonly exchange: ExchangeId
  readonly asset: AssetId
  readonly amount: Decimal
}

/** Where the difference between expected and realised profit comes from; the parts sum exactly to it. In profit asset. */
export interface ProfitAttribution {
  readonly latency: Decimal
  readonly slippage: Decimal
  readonly fees: Decimal
  readonly rounding: Decimal
  readonly partialFill: Decimal
  readonly unwind: Decimal
}

export interface TradeOutcome {
  readonly correlationId: CorrelationId
  readonly strategy: string
  readonly symbol: Symbol
  readonly end: TradeEnd
  /** Legs of the plan first, then hedges and unwinds in the order sent. */
  readonly legs: readonly LegOutcome[]
  readonly expectedProfit: Decimal
  readonly realisedProfit: Decimal
  readonly profitAsset: AssetId
  readonly attribution: ProfitAttribution
  readonly residuals: readonly Residual[]
  readonly startedAtMs: number
  readonly durationUs: number
}
