import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'

/** A clock that can be put ahead; its timers run as before. */
export class SkippingClock implements Clock {
  private aheadUs = 0

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.nowMs() + this.aheadUs / usPerMs
  }

  nowUs(): number {
    return this.clock.nowUs() + this.aheadUs
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    return this.clock.setTimer(callback, delayMs)
  }

  skip(durationMs: number): void {
    this.aheadUs += durationMs * usPerMs
  }
}
