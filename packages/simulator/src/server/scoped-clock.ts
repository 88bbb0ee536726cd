import type { Clock, Timer } from '@cex-arbitrage/common'

/** A clock whose timers all end with `cancelAll`, so that a closed venue leaves none behind. */
export class ScopedClock implements Clock {
  private readonly timers = new Set<Timer>()
  private ended = false

  /** @param offsetMs - How far this clock is ahead of the other one now. */
  constructor(
    private readonly clock: Clock,
    private readonly offsetMs: () => number = () => 0,
  ) {}

  nowMs(): number {
    return this.clock.nowMs() + this.offsetMs()
  }

  nowUs(): number {
    return this.clock.nowUs()
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    if (this.ended) return { cancel: () => undefined }
    const timer = this.clock.setTimer(() => {
      this.timers.delete(timer)
      callback()
    }, delayMs)
    this.timers.add(timer)
    return {
      cancel: () => {
        this.timers.delete(timer)
        timer.cancel()
      },
    }
  }

  /** Cancels every pending timer and takes no new ones until `begin`. */
  cancelAll(): void {
    this.ended = true
    for (const timer of this.timers) timer.cancel()
    this.timers.clear()
  }

  begin(): void {
    this.ended = false
  }
}
