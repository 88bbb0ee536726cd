import { BookSide } from './book-side.js'
import type { BookChanges } from './book-changes.js'
import type { Instrument } from './instrument.js'

/** `syncing` waits for a snapshot, `trusted` may be quoted from, `quarantined` has been caught being wrong. */
export type BookTrust = 'syncing' | 'trusted' | 'quarantined'

/** Why a book is not to be quoted from; the first cause that applies. */
export type BookDistrust = 'syncing' | 'gap' | 'crossed' | 'disconnected' | 'corrupt' | 'stale' | 'empty'

/**
 * The local copy of one instrument's book. Written by the exchange's book sync alone, read by everyone; read it only
 * while `distrust(nowUs, maxAgeUs)` is `undefined`.
 */
export class OrderBook {
  readonly bids: BookSide
  readonly asks: BookSide
  trust: BookTrust = 'syncing'
  /** The cause while `trust` is `quarantined`. */
  quarantineCause: BookDistrust = 'syncing'
  /** The exchange's counter after the last applied change. */
  sequence = 0
  /** Number of the connection that feeds this book; a change of it means a new snapshot. */
  epoch = 0
  exchangeTimeMs = 0
  /** Monotonic time of the last frame that changed or confirmed this book, less what that frame came late. */
  receivedAtUs = 0
  /** Grows with every applied change; a cheap way to see that something happened. */
  version = 0

  constructor(
    readonly instrument: Instrument,
    capacity = 256,
  ) {
    this.bids = new BookSide('bid', capacity)
    this.asks = new BookSide('ask', capacity)
  }

  /** Replaces every level by those of a snapshot. */
  load(changes: BookChanges): void {
    this.bids.clear()
    this.asks.clear()
    this.apply(changes)
  }

  /** Applies the changes of one frame; sequence rules are the book sync's affair. */
  apply(changes: BookChanges): void {
    if (changes.bidEnd > 0) this.bids.apply(changes.priceTicks, changes.quantityLots, 0, changes.bidEnd)
    if (changes.askEnd > changes.bidEnd)
      this.asks.apply(changes.priceTicks, changes.quantityLots, changes.bidEnd, changes.askEnd)
    this.sequence = changes.lastSequence
    this.exchangeTimeMs = changes.exchangeTimeMs
    this.version++
  }

  /** Best bid at or above best ask; such a book is wrong. */
  isCrossed(): boolean {
    return this.bids.depth > 0 && this.asks.depth > 0 && this.bids.priceTicksAt(0) >= this.asks.priceTicksAt(0)
  }

  /** `undefined` while the book may be quoted from, else the first reason why not (invariant S6). */
  distrust(nowUs: number, maxAgeUs: number): BookDistrust | undefined {
    if (this.trust === 'syncing') return 'syncing'
    if (this.trust === 'quarantined') return this.quarantineCause
    if (this.bids.depth === 0 || this.asks.depth === 0) return 'empty'
    if (this.isCrossed()) return 'crossed'
    if (nowUs - this.receivedAtUs > maxAgeUs) return 'stale'
    return undefined
  }

  quarantine(cause: BookDistrust): void {
    this.trust = 'quarantined'
    this.quarantineCause = cause
    this.version++
  }
}
