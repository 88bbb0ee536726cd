import {
  OrderBook,
  usPerMs,
  type BookChanges,
  type Clock,
  type Instrument,
  type InstrumentId,
  type Random,
  type Timer,
  type Trade,
} from '@cex-arbitrage/common'
import type { MarketDataListener } from '../interfaces/market-data-feed.js'
import { BookSyncTally } from './book-sync-tally.js'
import { BookSynchronizer, type BookSyncHost } from './book-synchronizer.js'
import { SilenceDoubt } from './silence-doubt.js'
import type { SequenceRules, SnapshotNeed } from './sequence-rules.js'
import { SnapshotScheduler, type SnapshotSchedulerOptions } from './snapshot-scheduler.js'

/** How often books are looked at for silence. */
const tendingIntervalMs = 500

export interface BookKeeperOptions {
  readonly clock: Clock
  readonly random: Random
  readonly rules: SequenceRules
  readonly snapshots: SnapshotSchedulerOptions
  /** Levels a side that a book has room for at first. */
  readonly bookCapacity: number
  /** Milliseconds without a frame after which a book's first snapshot is fetched all the same. */
  readonly quietMs: number
  /** Milliseconds without a frame after which any trusted book is doubted; a busy one is sooner. */
  readonly silenceMs: number
  /** Fetches a snapshot; the answer may be reused after it has been read. */
  readonly fetchSnapshot: (instrument: Instrument) => Promise<BookChanges>
  /** The stream of the instrument is silent although its book moves: connect or subscribe anew. */
  readonly onStalled: (instrument: Instrument) => void
  /** Frames come late, or the exchange's clock was set back: told again while that lasts. Measure the clock. */
  readonly onLate: () => void
}

/** One book that is kept, and what is known of its stream. */
export interface KeptBook {
  readonly instrument: Instrument
  readonly sync: BookSynchronizer
}

interface Entry extends KeptBook {
  /** Monotonic time at which its stream last became ready. */
  readyAtUs: number
  readonly doubt: SilenceDoubt
}

/**
 * Keeps the books of a feed: makes their synchronisers, fetches the snapshots that these ask for, doubts books that have
 * gone silent, and tells the listeners. Knows no wire.
 */
export class BookKeeper implements BookSyncHost {
  readonly tally = new BookSyncTally()
  private readonly entries = new Map<InstrumentId, Entry>()
  private readonly bySync = new Map<BookSynchronizer, Entry>()
  private readonly scheduler: SnapshotScheduler
  private readonly listeners: MarketDataListener[] = []
  private tending: Timer | undefined
  /** By the last measurement of the exchange's clock. */
  private quickestWayUs: number | undefined

  constructor(private readonly options: BookKeeperOptions) {
    const { clock, random, snapshots } = options
    this.scheduler = new SnapshotScheduler(clock, random, snapshots, (sync) => this.loadSnapshot(sync))
  }

  /** Snapshots that could not be fetched or read. */
  get snapshotFailures(): number {
    return this.scheduler.failures
  }

  get size(): number {
    return this.entries.size
  }

  /** Whether a listener wants trades. */
  get wantsTrades(): boolean {
    return this.listeners.some((listener) => listener.onTrade !== undefined)
  }

  get(instrumentId: InstrumentId): KeptBook | undefined {
    return this.entries.get(instrumentId)
  }

  values(): readonly KeptBook[] {
    return [...this.entries.values()]
  }

  addListener(listener: MarketDataListener): void {
    this.listeners.push(listener)
  }

  removeListener(listener: MarketDataListener): void {
    const at = this.listeners.indexOf(listener)
    if (at >= 0) this.listeners.splice(at, 1)
  }

  /** Begins to keep a book; it is `syncing` until its stream is ready. */
  follow(instrument: Instrument): KeptBook {
    const book = new OrderBook(instrument, this.options.bookCapacity)
    const sync = new BookSynchronizer(book, this.options.rules, this.tally, this)
    if (this.quickestWayUs !== undefined) sync.onClockMeasured(this.quickestWayUs, this.options.clock.nowUs())
    const entry = { instrument, sync, readyAtUs: 0, doubt: new SilenceDoubt(sync, this.options.silenceMs) }
    this.entries.set(instrument.id, entry)
    this.bySync.set(sync, entry)
    this.tending ??= this.options.clock.setTimer(() => this.tend(), tendingIntervalMs)
    return entry
  }

  forget(instrumentId: InstrumentId): void {
    const entry = this.entries.get(instrumentId)
    if (entry === undefined) return
    this.entries.delete(instrumentId)
    this.scheduler.remove(entry.sync)
    entry.sync.onDisconnected()
    this.bySync.delete(entry.sync)
  }

  /** The instrument's stream stands on connection `epoch`. See `BookSynchronizer.onConnected`. */
  onReady(instrumentId: InstrumentId, epoch: number, isTakeover = false): void {
    const entry = this.entries.get(instrumentId)
    if (entry === undefined) return
    if (!isTakeover) {
      entry.readyAtUs = this.options.clock.nowUs()
      entry.doubt.onReady(entry.readyAtUs)
    }
    entry.sync.onConnected(epoch, isTakeover)
  }

  onBook(book: OrderBook): void {
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i]!.onBook(book)
  }

  onTrade(trade: Trade): void {
    for (const listener of this.listeners) listener.onTrade?.(trade)
  }

  requestSnapshot(sync: BookSynchronizer, need: SnapshotNeed): void {
    this.scheduler.request(sync, need)
  }

  /** See `BookSynchronizer.onClockMeasured`. */
  onClockMeasured(quickestWayUs: number, measuredAtUs: number): void {
    this.quickestWayUs = quickestWayUs
    for (const { sync } of this.entries.values()) sync.onClockMeasured(quickestWayUs, measuredAtUs)
  }

  /** Every book is distrusted; nothing is fetched any more. */
  close(): void {
    this.tending?.cancel()
    this.tending = undefined
    this.scheduler.close()
    for (const { sync } of this.entries.values()) sync.onDisconnected()
  }

  private tend(): void {
    const { clock, quietMs, onLate } = this.options
    const nowUs = clock.nowUs()
    for (const entry of this.entries.values()) {
      const { sync, readyAtUs, doubt } = entry
      if (sync.book.trust !== 'trusted') {
        if (nowUs - readyAtUs >= quietMs * usPerMs) sync.onQuiet()
      } else doubt.check(nowUs)
    }
    if (this.values().some(({ sync }) => sync.isLate)) onLate()
    this.tending = this.entries.size === 0 ? undefined : clock.setTimer(() => this.tend(), tendingIntervalMs)
  }

  private async loadSnapshot(sync: BookSynchronizer): Promise<void> {
    const entry = this.bySync.get(sync)
    if (entry === undefined) return
    const { generation } = sync
    const snapshot = await this.options.fetchSnapshot(entry.instrument)
    if (sync.generation !== generation) {
      if (sync.awaitingSnapshot) this.requestSnapshot(sync, 'resync')
      return
    }
    switch (entry.doubt.judge(snapshot.lastSequence)) {
      case 'ask-again':
        this.requestSnapshot(sync, 'too_old')
        return
      case 'stalled':
        this.options.onStalled(entry.instrument)
        return
      case 'believed':
        sync.onSnapshot(snapshot, this.options.clock.nowUs())
    }
  }
}
