import type { Clock } from '@cex-arbitrage/common'

export interface CircuitBreakerOptions {
  /** Milliseconds over which failures are counted; 10,000 by default. */
  readonly windowMs?: number
  /** Calls within the window below which it never opens; 10 by default. */
  readonly minimumCalls?: number
  /** Share of failures that opens it, in (0, 1]; 0.5 by default. */
  readonly failureRate?: number
  /** Milliseconds it stays open before it lets probes through; 5,000 by default. */
  readonly openMs?: number
  /** Probes at once, and successes needed to close it again; 2 by default. */
  readonly probes?: number
  /** Whether hedges and cancels pass while it is open; `true` by default. */
  readonly letPrivilegedPass?: boolean
}

export type CircuitState = 'closed' | 'open' | 'half-open'

/** Holds a venue off after repeated failures: closed, open, half-open. */
export declare class CircuitBreaker {
  constructor(clock: Clock, options?: CircuitBreakerOptions)
  readonly state: CircuitState
  readonly retryAfterMs: number
}
