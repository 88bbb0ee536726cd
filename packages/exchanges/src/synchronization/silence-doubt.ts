import { usPerMs } from '@cex-arbitrage/common'
import type { BookSynchronizer } from './book-synchronizer.js'

/** A book that comes at least so often is missed early. */
const busyIntervalUs = 1_000 * usPerMs
/** So many typical intervals without a frame are conspicuous. */
const conspicuousIntervals = 20
const shortestSilenceUs = 2_000 * usPerMs
/** Frames after which earlier doubts are forgotten. */
const forgivingFrames = 200
/** A newer snapshot without a frame may be a frame under way; so many in a row are a stream that has stalled. */
const stalledSnapshots = 3

/** What a snapshot says of a doubted stream. */
export type SilenceVerdict = 'believed' | 'ask-again' | 'stalled'

/**
 * Doubts a book whose stream has gone silent, and judges by snapshots whether the market rests or the stream has stalled. A
 * book whose frames came in quick succession is doubted after seconds; each doubt doubles the patience with the next silence.
 */
export class SilenceDoubt {
  private sinceUs = Number.POSITIVE_INFINITY
  private doubts = 0
  private framesAtDoubt = 0
  /** The counter at which the book was doubted; `undefined` while it is not. */
  private doubtedAtSequence: number | undefined
  private suspicions = 0

  /** @param longestMs - Milliseconds of silence after which any book is doubted. */
  constructor(
    private readonly sync: BookSynchronizer,
    private readonly longestMs: number,
  ) {}

  /** Milliseconds of silence that this book may keep now. */
  get patienceMs(): number {
    const { intervalUs } = this.sync.rhythm
    if (intervalUs > busyIntervalUs) return this.longestMs
    const shortestUs = Math.max(shortestSilenceUs, conspicuousIntervals * intervalUs)
    return Math.min(this.longestMs, (shortestUs * 2 ** this.doubts) / usPerMs)
  }

  /** Its stream is ready: silence counts from now on. */
  onReady(nowUs: number): void {
    this.sinceUs = nowUs
    this.doubts = 0
    this.doubtedAtSequence = undefined
  }

  /** Doubts the book when its silence has lasted too long: it is stale then, and asks for a snapshot. */
  check(nowUs: number): void {
    const { rhythm, book } = this.sync
    if (rhythm.frames - this.framesAtDoubt >= forgivingFrames) this.doubts = 0
    if (nowUs - Math.max(this.sinceUs, rhythm.lastAtUs) < this.patienceMs * usPerMs) return
    this.sinceUs = nowUs
    this.framesAtDoubt = rhythm.frames
    this.doubtedAtSequence = book.sequence
    this.suspicions = 0
    this.doubts++
    this.sync.onStale()
  }

  /** What a snapshot that stands at `sequence` says: newer than the doubted book without a frame is suspicious. */
  judge(sequence: number): SilenceVerdict {
    if (this.doubtedAtSequence === undefined) return 'believed'
    if (sequence > this.doubtedAtSequence && this.sync.bufferedFrames === 0) {
      if (++this.suspicions < stalledSnapshots) return 'ask-again'
      this.doubtedAtSequence = undefined
      return 'stalled'
    }
    this.doubtedAtSequence = undefined
    return 'believed'
  }
}
