import type { CexArbitrageException, CorrelationId } from '@cex-arbitrage/common'
import type { RequestPriority } from './request-priority.js'

export interface RestCallInfo {
  readonly endpoint: string
  readonly priority: RequestPriority
  readonly correlationId: CorrelationId
  /** 1 for the first. */
  readonly attempt: number
}

/** Microseconds that the phases of one attempt took; 0 where it did not get so far. */
export interface PhaseDurations {
  readonly queueUs: number
  readonly connectUs: number
  readonly headersUs: number
  readonly bodyUs: number
  readonly totalUs: number
}

/** Hooks for metrics and traces; what they throw is logged and otherwise ignored. Each is called once per attempt. */
export interface RestObserver {
  onStart?(call: RestCallInfo): void
  onLimitWait?(call: RestCallInfo & { readonly waitedUs: number }): void
  onEnd?(
    call: RestCallInfo & {
      readonly durations: PhaseDurations
      readonly status: number | undefined
      readonly error: CexArbitrageException | undefined
    },
  ): void
  onRetry?(call: RestCallInfo & { readonly delayMs: number; readonly error: CexArbitrageException }): void
}
