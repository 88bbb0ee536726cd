import type { Clock, Timer } from '@cex-arbitrage/common'

interface Entry {
  readonly atUs: number
  readonly order: number
  readonly callback: () => void
  cancelled: boolean
}

/** Timers at one moment beyond which something goes in circles. */
const maxTimersAtOnce = 100_000

/**
 * A clock that jumps from timer to timer. Between two of them everything that promises have to do is done, so a run takes
 * as long as its work and is the same each time.
 */
export class VirtualClock implements Clock {
  private us = 0
  private order = 0
  private timersAtOnce = 0
  /** Binary heap, earliest first. */
  private readonly heap: Entry[] = []

  /** @param startMs - Unix milliseconds of the start. */
  constructor(private readonly startMs = 1_755_000_000_000) {}

  nowMs(): number {
    return this.startMs + Math.floor(this.us / 1000)
  }

  nowUs(): number {
    return this.us
  }

  /** Milliseconds since the start. */
  get elapsedMs(): number {
    return this.us / 1000
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const entry: Entry = {
      atUs: this.us + Math.max(0, Math.ceil(delayMs * 1000)),
      order: this.order++,
      callback,
      cancelled: false,
    }
    this.push(entry)
    return {
      cancel: () => {
        entry.cancelled = true
      },
    }
  }

  /**
   * Moves on to `untilMs` since the start.
   *
   * @param afterEach - Called after every timer and what followed from it; `true` ends the run there.
   */
  async run(untilMs: number, afterEach: () => boolean = () => false): Promise<void> {
    const untilUs = untilMs * 1000
    await settle()
    while (!afterEach()) {
      const next = this.heap[0]
      if (next === undefined || next.atUs > untilUs) {
        this.us = Math.max(this.us, untilUs)
        return
      }
      this.pop()
      if (next.cancelled) continue
      this.countAt(next.atUs)
      this.us = next.atUs
      next.callback()
      await settle()
    }
  }

  /** @throws Error when timers of no delay set each other for ever. */
  private countAt(atUs: number): void {
    this.timersAtOnce = atUs === this.us ? this.timersAtOnce + 1 : 0
    if (this.timersAtOnce > maxTimersAtOnce) throw new Error(`Time stands still at ${this.elapsedMs} ms.`)
  }

  private push(entry: Entry): void {
    const { heap } = this
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(entry, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order)

/** Lets every promise that is settled run on. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
