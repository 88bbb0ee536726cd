import type { Clock } from '@cex-arbitrage/common'
import type { RatePermit, TradePermit } from './rate-permit.js'
import type { RateCost, RateObservation, RateUsage, RateWindowSpec } from './rate-window-spec.js'
import type { RequestPriority } from './request-priority.js'

export interface RateLimiterOptions {
  readonly windows: readonly RateWindowSpec[]
  readonly clock: Clock
  /** Requests that may wait at once; 10,000 by default. */
  readonly maxQueued?: number
}

/** One request as the limiter sees it. */
export interface RateRequest {
  readonly costs: readonly RateCost[]
  readonly priority: RequestPriority
}

/** Several named weight windows with priorities, a reserve for hedges and cancels, and admission of whole trades. */
export declare class RateLimiter {
  constructor(options: RateLimiterOptions)
  /** Waits for its turn. @throws RateLimitException nothing was sent. */
  acquire(request: RateRequest & { readonly maxWaitMs: number; readonly signal?: AbortSignal }): Promise<RatePermit>
  /** Takes a permit if one is free now. */
  tryAcquire(request: RateRequest): RatePermit | undefined
  /** All of them or none: the legs, cancels and unwind of one trade. */
  tryAdmit(requests: readonly RateRequest[]): TradePermit | undefined
  /** Stops a window for `durationMs`; without `key`, all of its keys. */
  pause(window: string, durationMs: number, key?: string): void
  pauseAll(durationMs: number): void
  observe(observation: RateObservation): void
  getUsage(window: string, key?: string): RateUsage
  readonly queued: number
  /** Rejects whoever waits. */
  close(): void
}
