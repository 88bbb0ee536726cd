import type { BookChanges, BookDistrust, OrderBook } from '@cex-arbitrage/common'
import type { BookSyncTally } from './book-sync-tally.js'
import { FrameBuffer } from './frame-buffer.js'
import { FrameLateness } from './frame-lateness.js'
import { FrameRhythm } from './frame-rhythm.js'
import { KnownDepth } from './known-depth.js'
import type { SequenceRules, SnapshotNeed } from './sequence-rules.js'

/** What a synchroniser asks of its feed. */
export interface BookSyncHost {
  /** A snapshot is wanted; answer with `onSnapshot` or, when it cannot be had, by asking for it again later. */
  requestSnapshot(sync: BookSynchronizer, need: SnapshotNeed): void
  /** The book changed, or its trust did. */
  onBook(book: OrderBook): void
}

/**
 * Keeps one book right from a snapshot and a stream of changes that cover ranges of one counter. Synchronous and pure: no
 * network, no timer, no clock.
 *
 * A frame is applied only when it joins what the book holds: `firstSequence <= sequence + 1 <= lastSequence` (an overlap
 * is harmless, quantities being absolute). One that ends at or before the book is dropped; one that starts later is a
 * gap, and the book is quarantined at once, keeps that frame for the next snapshot, and asks for one.
 *
 * ```
 *            frame                  snapshot joins frames
 *  syncing ───────▶ (buffer) ────────────────────────────▶ trusted ──┐ frames
 *     ▲                                                     │    ▲───┘
 *     └── too old: ask again          gap, crossed, corrupt, │
 *                                     stale, disconnected    ▼
 *                              (buffer) ◀──────────── quarantined
 * ```
 */
export class BookSynchronizer {
  private readonly buffer: FrameBuffer
  private readonly known: KnownDepth
  /** How often its frames come. */
  readonly rhythm = new FrameRhythm()
  private readonly lateness = new FrameLateness()
  private crossedFrames = 0
  private connected = false
  /** A snapshot has been asked for and has not come. */
  awaitingSnapshot = false
  /** Grows whenever frames may have been lost unseen: a snapshot asked for before that proves nothing any more. */
  generation = 0

  constructor(
    readonly book: OrderBook,
    private readonly rules: SequenceRules,
    private readonly tally: BookSyncTally,
    private readonly host: BookSyncHost,
  ) {
    this.buffer = new FrameBuffer(rules.maxBufferedFrames)
    this.known = new KnownDepth(rules.snapshotDepth)
  }

  /** The last frame came late, by the exchange's own times. */
  get isLate(): boolean {
    return this.lateness.isLate
  }

  /** Frames kept for the snapshot that is awaited. */
  get bufferedFrames(): number {
    return this.buffer.size
  }

  /**
   * The stream of connection `epoch` stands. The next frame, or `onQuiet`, asks for the first snapshot. A connection that
   * takes over from a live one without a break (`isTakeover`) goes on with the book: the counter proves that nothing was
   * lost between the two.
   */
  onConnected(epoch: number, isTakeover = false): void {
    if (!isTakeover) {
      this.onDisconnected()
      this.rhythm.reset()
    }
    this.connected = true
    this.book.epoch = epoch
    if (this.book.trust === 'trusted') return
    this.buffer.clear()
    this.awaitingSnapshot = false
  }

  /** The stream broke: the book is wrong from now on. */
  onDisconnected(): void {
    if (!this.connected) return
    this.connected = false
    this.generation++
    this.buffer.clear()
    this.awaitingSnapshot = false
    this.quarantine('disconnected')
  }

  /** Takes one decoded frame. `changes` may be reused by the caller afterwards. */
  onChanges(changes: BookChanges, receivedAtUs: number): void {
    if (!this.connected) return
    this.rhythm.onFrame(receivedAtUs)
    if (changes.isSnapshot) {
      if (this.book.trust === 'trusted' && changes.lastSequence < this.book.sequence) this.tally.dropped++
      else this.install(changes, receivedAtUs)
      return
    }
    if (changes.firstSequence > changes.lastSequence) {
      this.onCorrupt()
      return
    }
    const book = this.book
    if (book.trust !== 'trusted') {
      this.buffer.push(changes, receivedAtUs)
      if (!this.awaitingSnapshot) this.request(book.trust === 'syncing' ? 'first' : 'resync')
      return
    }
    if (changes.lastSequence <= book.sequence) {
      this.tally.dropped++
      return
    }
    if (changes.firstSequence > book.sequence + 1) {
      this.tally.gaps++
      this.buffer.clear()
      this.awaitingSnapshot = false
      this.buffer.push(changes, receivedAtUs)
      this.quarantine('gap')
      this.request('resync')
      return
    }
    if (this.awaitingSnapshot) this.buffer.push(changes, receivedAtUs)
    this.applyFrame(changes, receivedAtUs)
    this.judge()
  }

  /** No frame has come for a while and the book has no snapshot: ask for one, for a quiet market may not send a frame. */
  onQuiet(): void {
    if (this.connected && this.book.trust !== 'trusted' && !this.awaitingSnapshot)
      this.request(this.book.trust === 'syncing' ? 'first' : 'resync')
  }

  /**
   * Takes an answered snapshot; `snapshot.lastSequence` is the counter it stands at. One that was not asked for, or
   * whose connection has gone, is ignored.
   */
  onSnapshot(snapshot: BookChanges, receivedAtUs: number): void {
    if (!this.connected || !this.awaitingSnapshot) return
    if (this.isTooOld(snapshot)) {
      this.request('too_old')
      return
    }
    this.install(snapshot, receivedAtUs)
  }

  /** A frame of this book could not be read, so a change may be lost. */
  onCorrupt(): void {
    this.fail('corrupt')
  }

  /** The stream has been silent for longer than the exchange allows, or contradicts another source. */
  onStale(): void {
    this.fail('stale')
  }

  /** The exchange's clock was measured. See `FrameLateness.bound`. */
  onClockMeasured(quickestWayUs: number, measuredAtUs: number): void {
    this.lateness.bound(quickestWayUs, measuredAtUs)
  }

  private isTooOld(snapshot: BookChanges): boolean {
    const at = snapshot.lastSequence
    if (this.book.trust === 'trusted' && at < this.book.sequence && this.buffer.size === 0) return true
    for (let i = 0; i < this.buffer.size; i++) {
      const { firstSequence, lastSequence } = this.buffer.at(i).changes
      if (lastSequence <= at) continue
      return firstSequence > at + 1
    }
    return false
  }

  /** Puts a whole book in place and the kept frames on top of it. */
  private install(snapshot: BookChanges, receivedAtUs: number): void {
    const book = this.book
    const wasTrusted = book.trust === 'trusted'
    book.load(snapshot)
    if (snapshot.isSnapshot) this.known.forget()
    else this.known.learn(book)
    // One that was pushed may come as late as any frame; one that was asked for is as young as its answer.
    book.receivedAtUs = snapshot.isSnapshot ? this.dueAtUs(snapshot, receivedAtUs) : receivedAtUs
    this.awaitingSnapshot = false
    for (let i = 0; i < this.buffer.size; i++) {
      const { changes, receivedAtUs: frameAtUs } = this.buffer.at(i)
      if (changes.lastSequence <= book.sequence) {
        if (!wasTrusted) this.tally.dropped++
      } else if (changes.firstSequence > book.sequence + 1) {
        this.tally.gaps++
        this.buffer.drop(i)
        this.quarantine('gap')
        this.request('resync')
        return
      } else this.applyFrame(changes, frameAtUs, wasTrusted)
    }
    this.buffer.clear()
    this.trimToStream()
    if (!wasTrusted) {
      this.tally.resyncs++
      book.trust = 'trusted'
      this.crossedFrames = 0
    }
    this.judge()
  }

  private applyFrame(changes: BookChanges, receivedAtUs: number, isRepeat = false): void {
    const book = this.book
    book.apply(changes)
    const atUs = this.dueAtUs(changes, receivedAtUs)
    if (atUs > book.receivedAtUs) book.receivedAtUs = atUs
    if (!isRepeat) this.tally.applied++
    this.trimToStream()
  }

  /** When the frame would have come in time: one that was under way for long makes no book young. */
  private dueAtUs(changes: BookChanges, receivedAtUs: number): number {
    return receivedAtUs - this.lateness.measureUs(receivedAtUs, changes.exchangeTimeMs)
  }

  private trimToStream(): void {
    const depth = this.rules.streamedDepth
    if (depth !== undefined) {
      this.book.bids.trim(depth)
      this.book.asks.trim(depth)
    }
    this.known.trim(this.book)
  }

  /** Looks at a book that has just changed and tells the listeners. */
  private judge(): void {
    const book = this.book
    if (book.isCrossed()) {
      this.tally.crossed++
      if (++this.crossedFrames > this.rules.crossedFramesTolerated) {
        this.fail('crossed')
        return
      }
    } else {
      this.crossedFrames = 0
      if (!this.awaitingSnapshot && this.known.isThin(book)) this.request('refresh')
    }
    this.host.onBook(book)
  }

  private fail(cause: BookDistrust): void {
    if (!this.connected) return
    this.generation++
    this.buffer.clear()
    this.awaitingSnapshot = false
    this.quarantine(cause)
    this.request('resync')
  }

  private quarantine(cause: BookDistrust): void {
    if (this.book.trust === 'trusted') this.tally.quarantines++
    this.crossedFrames = 0
    this.book.quarantine(cause)
    this.host.onBook(this.book)
  }

  private request(need: SnapshotNeed): void {
    this.awaitingSnapshot = true
    this.host.requestSnapshot(this, need)
  }
}
