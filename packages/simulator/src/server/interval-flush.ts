import type { Clock } from '@cex-arbitrage/common'

/** Runs `flush` once at the next multiple of an interval after each `touch`; nothing runs while nothing is touched. */
export class IntervalFlush {
  private pending = false

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly flush: () => void,
  ) {}

  touch(): void {
    if (this.pending) return
    this.pending = true
    const waitMs = this.intervalMs - (this.clock.nowMs() % this.intervalMs)
    this.clock.setTimer(() => {
      this.pending = false
      this.flush()
    }, waitMs)
  }
}
