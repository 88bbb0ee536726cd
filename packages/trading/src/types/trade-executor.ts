import type { ClientOrderId, InstrumentId, RiskApproved } from '@cex-arbitrage/common'
import type { HeldPosition } from '../portfolio/positions.js'
import type { AccountId } from './account-id.js'
import type { TradeOutcome } from './trade-outcome.js'
import type { TradePlan } from './trade-plan.js'

/** What start-up found resting or unanswered and what it did. */
export interface RecoveryReport {
  readonly adopted: number
  readonly cancelled: readonly ClientOrderId[]
  readonly hedged: readonly ClientOrderId[]
  readonly unresolved: readonly ClientOrderId[]
}

/** What shut-down proves per account: no order of ours rests, and ledger and exchange agree. */
export interface ShutdownProof {
  readonly exchanges: readonly {
    readonly exchange: AccountId
    readonly openOrders: number
    readonly mismatches: readonly { readonly asset: string; readonly ledger: string; readonly exchange: string }[]
    /** What stays on purpose, hedged by spot. */
    readonly positions: readonly HeldPosition[]
  }[]
}

/** Turns approved plans into fills, one state machine per trade, and never leaves a leg alone (invariants S1 to S5). */
export interface TradeExecutor {
  /** Resolves when the trade has ended; rejects never for what an exchange does. */
  execute(plan: RiskApproved<TradePlan>): Promise<TradeOutcome>
  /** Adopts, hedges or cancels what an earlier run left; to be awaited before the first `execute`. */
  recover(): Promise<RecoveryReport>
  /** Lets open trades end, cancels what rests, and proves it. */
  shutdown(deadlineMs: number): Promise<ShutdownProof>
  /** A book has changed: quotes that rest on it or would be hedged there are looked at before anything else happens. */
  reviewQuotes(instrumentId: InstrumentId): void
  /** Quotes that rest on the instrument, or would be hedged there, are pulled: another trade is to have it. */
  pullQuotes(instrumentId: InstrumentId): void
  onOutcome(listener: (outcome: TradeOutcome) => void): void
}
