import { usPerMs } from '../constants/system-constants.js'
import type { Clock, Timer } from '../types/clock.js'

interface Entry {
  readonly atUs: number
  readonly order: number
  readonly callback: () => void
  cancelled: boolean
}

/** How far it goes at once while no timer is set. */
const idleStepUs = 100_000
/** Timers at one moment beyond which something goes in circles. */
const maxTimersAtOnce = 100_000

/**
 * A clock that jumps from timer to timer. Between two of them everything that promises have to do is done, so a run takes
 * as long as its work and is the same each time.
 */
export class VirtualClock implements Clock {
  private us = 0
  private order = 0
  /** Binary heap, earliest first. */
  private readonly heap: Entry[] = []

  /** @param startMs - Unix milliseconds of the start. */
  constructor(readonly startMs = 1_755_000_000_000) {}

  nowMs(): number {
    return this.startMs + Math.floor(this.us / usPerMs)
  }

  nowUs(): number {
    return this.us
  }

  /** Microseconds since the start at which the next timer falls due; `undefined` without one. */
  get nextDueUs(): number | undefined {
    for (let next = this.heap[0]; next !== undefined; next = this.heap[0]) {
      if (!next.cancelled) return next.atUs
      this.pop()
    }
    return undefined
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const atUs = this.us + Math.max(0, Math.ceil(delayMs * usPerMs))
    const entry: Entry = { atUs, order: this.order++, callback, cancelled: false }
    this.push(entry)
    return {
      cancel: () => {
        entry.cancelled = true
      },
    }
  }

  /**
   * Moves on to `untilUs` since the start, firing what falls due on the way, each timer at its own time. Never goes back.
   *
   * @param afterEach - Called after every timer and what followed from it; `true` ends it there.
   * @throws Error Timers set timers of the same moment without end.
   */
  async advanceTo(untilUs: number, afterEach: () => boolean = () => false): Promise<void> {
    let atOnce = 0
    for (let dueUs = this.nextDueUs; dueUs !== undefined && dueUs <= untilUs; dueUs = this.nextDueUs) {
      const { callback } = this.heap[0]!
      this.pop()
      atOnce = dueUs > this.us ? 0 : atOnce + 1
      if (atOnce > maxTimersAtOnce) throw new Error(`More than ${maxTimersAtOnce} timers fell due at ${dueUs} us.`)
      this.us = Math.max(this.us, dueUs)
      callback()
      await settle()
      if (afterEach()) return
    }
    this.us = Math.max(this.us, untilUs)
  }

  /** Moves on from timer to timer until the promise has settled, and gives what came of it. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const noted = promise.finally(() => {
      isSettled = true
    })
    noted.catch(() => undefined)
    await settle()
    while (!isSettled) {
      await this.advanceTo(this.nextDueUs ?? this.us + idleStepUs, () => isSettled)
      await settle()
    }
    return noted
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

/** Turns of the event loop are dear; one in so many keeps signals and input alive. */
const settlesPerTurn = 64
let settles = 0

/**
 * Lets every promise that is settled run on, and all that follow from it. A tick comes when no microtask is left, but only
 * if it was asked for by a microtask: asked for in the middle of an I/O callback it would come before them.
 */
export async function settle(): Promise<void> {
  await Promise.resolve()
  await new Promise<void>((resolve) => {
    if (++settles % settlesPerTurn === 0) setImmediate(resolve)
    else process.nextTick(resolve)
  })
}
