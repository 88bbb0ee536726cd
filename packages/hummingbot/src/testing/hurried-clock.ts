import { systemClock, type Clock, type Timer } from '@cex-arbitrage/common'

/** Real time that passes faster, so that long waits against a real server are short. It keeps the delays asked for. */
export class HurriedClock implements Clock {
  /** Milliseconds of every timer so far. */
  readonly delays: number[] = []

  constructor(private readonly factor: number) {}

  nowMs(): number {
    return Math.floor(this.nowUs() / 1_000)
  }

  nowUs(): number {
    return systemClock.nowUs() * this.factor
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    this.delays.push(delayMs)
    return systemClock.setTimer(callback, delayMs / this.factor)
  }
}
