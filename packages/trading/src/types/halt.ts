import type { AssetId, CorrelationId } from '@cex-arbitrage/common'
import type { AccountId } from './account-id.js'
import { assetsOf, haltExemptionOf, type TradePlan } from './trade-plan.js'

/**
 * Why opening stops. `asset` narrows a halt to trades that touch it; `correlationId` or `exchange`, an account on it, say whose affair it is,
 * so that each of several gets a cause of its own.
 */
export interface HaltCause {
  readonly rule:
    | 'command'
    | 'api'
    | 'signal'
    | 'pause'
    | 'file'
    | 'daily_loss'
    | 'consecutive_failures'
    | 'clock_offset'
    | 'stale_feed'
    | 'ledger_mismatch'
    /** A position is short of margin and could not be made smaller. */
    | 'margin'
    | 'residual'
    | 'journal'
    | 'invariant'
    | 'shutdown'
  /** What happened, with numbers, and what to do. */
  readonly detail: string
  readonly asset?: AssetId
  readonly exchange?: AccountId
  readonly correlationId?: CorrelationId
}

/** The one switch that stops opening; cancels, hedges and reconciliation go on. */
export interface TradingHalt {
  /** Causes in force, oldest first; empty while trading is allowed. */
  readonly causes: readonly HaltCause[]
  /** Stops opening at once, synchronously. */
  halt(cause: HaltCause): void
  /** Takes back the causes of one rule, on an operator's word. */
  resume(rule: HaltCause['rule']): void
  /** The cause that forbids a trade in these assets now, if any; `except` is a rule that does not concern it. */
  causeFor(assets: readonly AssetId[], except?: HaltCause['rule']): HaltCause | undefined
  onHalt(listener: (cause: HaltCause) => void): void
  /** Told of the rule whose causes have been taken back. */
  onResume(listener: (rule: HaltCause['rule']) => void): void
}

/** The cause that forbids this trade now, if any; which assets it moves matters only while something is forbidden. */
export const haltCauseOf = (halt: TradingHalt, plan: TradePlan): HaltCause | undefined =>
  halt.causes.length === 0 ? undefined : halt.causeFor(assetsOf(plan), haltExemptionOf(plan))
