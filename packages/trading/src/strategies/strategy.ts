import type { TradePlan } from '../types/trade-plan.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { WhyNot } from '../risk/why-not.js'

/** A plan, or the first reason why there is none. */
export type Verdict = TradePlan | WhyNot

/**
 * Turns a change of the market into a proposal. One small file per strategy; books, sizing, risk, execution and ledger are
 * shared. A strategy reads the board that it was built with and holds only what it precomputed from it.
 */
export interface Strategy {
  readonly name: string
  /** Slots of the board whose changes it wants to see. */
  readonly slots: readonly number[]
  /**
   * Its plans are quotes, which say nothing of prices that cross. A symbol that it quotes is its own meanwhile, and may
   * have a quote of each side.
   */
  readonly quotes?: boolean
  /** Judges what the change of one slot has made possible. Called on the hot path: no await, no log, and no allocation before an edge is seen. */
  evaluate(slot: number): Verdict
  /** A plan of this strategy is being executed, and is no more. */
  onStarted?(plan: TradePlan): void
  onEnded?(plan: TradePlan): void
  /** A trade of this strategy has ended; again when late evidence changes how. */
  onOutcome?(outcome: TradeOutcome): void
}
