import { backoffDelayMs, RateLimitException, type CexArbitrageException, type Timer } from '@cex-arbitrage/common'
import type { WebSocketSettings } from './websocket-settings.js'

/**
 * Counts failures in a row, and says how long to wait and when to give up. A socket that lasts clears the count. Where one
 * has stood, address and key were right: a refusal then is the venue's trouble, and is tried again as any other failure.
 */
export class ReconnectPolicy {
  private failures = 0
  private hasStood = false
  private stableTimer: Timer | undefined

  constructor(private readonly settings: WebSocketSettings) {}

  onOpen(): void {
    this.hasStood = true
    this.stableTimer = this.settings.clock.setTimer(() => {
      this.failures = 0
    }, this.settings.stableAfterMs)
  }

  onFailure(): void {
    this.failures++
    this.stop()
  }

  /** Whether trying again is useless, or was tried often enough. */
  isOver(error: CexArbitrageException): boolean {
    const { isFatal, isFatalAtFirst } = this.settings
    return isFatal(error) || (!this.hasStood && isFatalAtFirst(error)) || this.failures >= this.settings.maxAttempts
  }

  /** Milliseconds until the next attempt. */
  getDelayMs(error: CexArbitrageException | undefined): number {
    const { backoff, delayMs: tellDelayMs, random } = this.settings
    const delayMs =
      tellDelayMs === undefined
        ? Math.max(1, backoffDelayMs(Math.max(0, this.failures - 1), backoff, random))
        : Math.max(0, tellDelayMs(this.failures))
    return error instanceof RateLimitException ? Math.max(delayMs, error.retryAfterMs ?? 0) : delayMs
  }

  stop(): void {
    this.stableTimer?.cancel()
  }
}
