import { backoffDelayMs, type Clock, type Random, type Timer } from '@cex-arbitrage/common'
import type { BookSynchronizer } from './book-synchronizer.js'
import type { SnapshotNeed } from './sequence-rules.js'

export interface SnapshotSchedulerOptions {
  /** Snapshots fetched at one time. */
  readonly maxConcurrent: number
  /** Least milliseconds between two fetches of one book after a failure or a snapshot that was too old; grows by attempt. */
  readonly retryInitialMs: number
  readonly retryMaxMs: number
  /** Least milliseconds between the starts of two fetches over all books. */
  readonly minIntervalMs: number
}

interface Wanted {
  attempts: number
  timer: Timer | undefined
  isQueued: boolean
  isFetching: boolean
  /** Asked for again while fetching: the running answer is of no use to the present state. */
  isAskedAgain: boolean
}

/**
 * Fetches the snapshots that synchronisers ask for: a few at a time, paced, and a book that keeps failing waits longer
 * each time. One request per book is under way at most.
 */
export class SnapshotScheduler {
  private readonly wanted = new Map<BookSynchronizer, Wanted>()
  private readonly queue: BookSynchronizer[] = []
  private fetching = 0
  private nextStartUs = 0
  private pacing: Timer | undefined
  private closed = false
  /** Fetches that failed, over all books. */
  failures = 0

  /** @param fetchSnapshot - Fetches and hands the answer to `sync.onSnapshot`; rejects when it cannot be had. */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly options: SnapshotSchedulerOptions,
    private readonly fetchSnapshot: (sync: BookSynchronizer) => Promise<void>,
  ) {}

  request(sync: BookSynchronizer, need: SnapshotNeed): void {
    if (this.closed) return
    const wanted = this.entry(sync)
    if (wanted.isFetching) {
      wanted.isAskedAgain = true
      if (need === 'too_old') wanted.attempts++
      return
    }
    if (wanted.isQueued || wanted.timer !== undefined) return
    this.enqueue(sync, wanted)
  }

  /** Forgets a book that is no longer followed. */
  remove(sync: BookSynchronizer): void {
    this.wanted.get(sync)?.timer?.cancel()
    this.wanted.delete(sync)
    const at = this.queue.indexOf(sync)
    if (at >= 0) this.queue.splice(at, 1)
  }

  close(): void {
    this.closed = true
    this.pacing?.cancel()
    this.pacing = undefined
    for (const sync of this.wanted.keys()) this.remove(sync)
  }

  private entry(sync: BookSynchronizer): Wanted {
    const present = this.wanted.get(sync)
    if (present !== undefined) return present
    const created = { attempts: 0, timer: undefined, isQueued: false, isFetching: false, isAskedAgain: false }
    this.wanted.set(sync, created)
    return created
  }

  private enqueue(sync: BookSynchronizer, wanted: Wanted): void {
    wanted.isQueued = true
    this.queue.push(sync)
    this.pump()
  }

  private pump(): void {
    while (this.queue.length > 0 && this.fetching < this.options.maxConcurrent && this.pacing === undefined) {
      const waitMs = (this.nextStartUs - this.clock.nowUs()) / 1000
      if (waitMs > 0) {
        this.pacing = this.clock.setTimer(() => {
          this.pacing = undefined
          this.pump()
        }, waitMs)
        return
      }
      this.nextStartUs = this.clock.nowUs() + this.options.minIntervalMs * 1000
      const sync = this.queue.shift()!
      void this.run(sync, this.entry(sync))
    }
  }

  private async run(sync: BookSynchronizer, wanted: Wanted): Promise<void> {
    wanted.isQueued = false
    wanted.isFetching = true
    wanted.isAskedAgain = false
    this.fetching++
    let failed = false
    try {
      await this.fetchSnapshot(sync)
    } catch {
      failed = true
      this.failures++
    }
    wanted.isFetching = false
    this.fetching--
    if (!this.closed && this.wanted.get(sync) === wanted) this.settle(sync, wanted, failed)
    this.pump()
  }

  private settle(sync: BookSynchronizer, wanted: Wanted, failed: boolean): void {
    if (failed) wanted.attempts++
    if (!sync.awaitingSnapshot) {
      this.wanted.delete(sync)
      return
    }
    if (!failed && !wanted.isAskedAgain) return
    const { retryInitialMs, retryMaxMs } = this.options
    const jitterMs = backoffDelayMs(wanted.attempts, { initialMs: retryInitialMs, maxMs: retryMaxMs }, this.random)
    wanted.timer = this.clock.setTimer(() => {
      wanted.timer = undefined
      this.enqueue(sync, wanted)
    }, retryInitialMs + jitterMs)
  }
}
