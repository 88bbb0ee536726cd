import type { TimedHaltCause } from '../risk/kill-switch.js'
import type { WhyNot } from '../risk/why-not.js'
import type { TradeEnd, TradeOutcome } from '../types/trade-outcome.js'
import type { ProfitTotals } from './trade-statistics.js'

/** What a status display, a page or an API shows of the engine; a copy. */
export interface EngineStatus {
  /** `stopping` opens nothing and waits for open trades. */
  readonly state: 'stopped' | 'starting' | 'running' | 'stopping'
  readonly halts: readonly TimedHaltCause[]
  /** Book events, and those that moved a best quote. */
  readonly bookUpdates: number
  readonly topChanges: number
  /** Times that a symbol's quotes began to cross by more than the margin. */
  readonly opportunities: number
  /** Plans made, and those that the risk gate let through. */
  readonly proposals: number
  readonly approvals: number
  readonly openTrades: number
  readonly whyNot: Readonly<Record<WhyNot, number>>
  readonly trades: Readonly<Record<TradeEnd, number>>
  readonly profits: readonly ProfitTotals[]
  /** The newest ended trades, oldest first, but for quotes that were pulled without a fill. */
  readonly recent: readonly TradeOutcome[]
}
