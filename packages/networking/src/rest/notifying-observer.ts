import type { CexArbitrageException, Logger } from '@cex-arbitrage/common'
import type { PhaseDurations, RestCallInfo, RestObserver } from './rest-observer.js'

/** Tells an observer, and keeps what it throws away from the calls. */
export class NotifyingObserver {
  constructor(
    private readonly observer: RestObserver | undefined,
    private readonly logger: Logger,
  ) {}

  onStart(call: RestCallInfo): void {
    if (this.observer?.onStart !== undefined) this.guard(() => this.observer?.onStart?.(call))
  }

  onLimitWait(call: RestCallInfo, waitedUs: number): void {
    if (this.observer?.onLimitWait !== undefined) this.guard(() => this.observer?.onLimitWait?.({ ...call, waitedUs }))
  }

  onRetry(call: RestCallInfo & { readonly delayMs: number; readonly error: CexArbitrageException }): void {
    this.guard(() => this.observer?.onRetry?.(call))
  }

  onEnd(
    call: RestCallInfo,
    durations: PhaseDurations,
    status: number | undefined,
    error: CexArbitrageException | undefined,
  ): void {
    if (this.observer?.onEnd !== undefined)
      this.guard(() => this.observer?.onEnd?.({ ...call, durations, status, error }))
  }

  private guard(notify: () => void): void {
    try {
      notify()
    } catch (error) {
      this.logger.error({ err: error }, 'request observer failed')
    }
  }
}
