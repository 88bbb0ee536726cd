import type { Clock, Timer } from '../types/clock.js'

interface Pending {
  readonly atUs: number
  readonly order: number
  readonly callback: () => void
}

/** A clock that moves only when told; timers fire in order of their time. */
export class ManualClock implements Clock {
  private us = 0
  private order = 0
  private readonly pending = new Set<Pending>()

  constructor(private readonly startMs = 1_755_000_000_000) {}

  nowMs(): number {
    return this.startMs + Math.floor(this.us / 1000)
  }

  nowUs(): number {
    return this.us
  }

  get pendingTimers(): number {
    return this.pending.size
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const entry: Pending = { atUs: this.us + Math.max(0, delayMs) * 1000, order: this.order++, callback }
    this.pending.add(entry)
    return { cancel: () => void this.pending.delete(entry) }
  }

  /** Moves on by `ms`, firing what falls due; between timers, promises that they settled run on. */
  async advance(ms: number): Promise<void> {
    const until = this.us + ms * 1000
    await settle()
    for (let next = this.nextDue(until); next !== undefined; next = this.nextDue(until)) {
      this.pending.delete(next)
      this.us = Math.max(this.us, next.atUs)
      next.callback()
      await settle()
    }
    this.us = until
  }

  private nextDue(untilUs: number): Pending | undefined {
    let first: Pending | undefined
    for (const entry of this.pending) {
      if (entry.atUs > untilUs) continue
      if (first === undefined || entry.atUs < first.atUs || (entry.atUs === first.atUs && entry.order < first.order))
        first = entry
    }
    return first
  }
}

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
