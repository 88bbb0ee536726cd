import type { Instrument, InstrumentId } from '@cex-arbitrage/common'
import type { BookSynchronizer } from '../../synchronization/book-synchronizer.js'
import { SilenceDoubt } from '../../synchronization/silence-doubt.js'
import { bookSilenceMs } from './constants.js'

/** One followed instrument. */
export interface FollowedBook {
  readonly instrument: Instrument
  /** Names its book stream among the subscriptions. */
  readonly bookKey: string
  readonly tradeKey: string
  readonly sync: BookSynchronizer
  /** Number of its connection's socket that brings it; 0 while none does. */
  epoch: number
  /** Monotonic time at which its stream last became ready. */
  readyAtUs: number
  readonly doubt: SilenceDoubt
}

/** The instruments that a feed follows, by everything by which they are asked for. */
export class FollowedBooks {
  /** By the decoder's index of the instrument. */
  private readonly byIndex: (FollowedBook | undefined)[] = []
  private readonly byInstrument = new Map<InstrumentId, FollowedBook>()
  private readonly byKey = new Map<string, FollowedBook>()
  private readonly bySync = new Map<BookSynchronizer, FollowedBook>()

  get size(): number {
    return this.byInstrument.size
  }

  values(): readonly FollowedBook[] {
    return [...this.byInstrument.values()]
  }

  at(decoderIndex: number): FollowedBook | undefined {
    return this.byIndex[decoderIndex]
  }

  of(instrumentId: InstrumentId): FollowedBook | undefined {
    return this.byInstrument.get(instrumentId)
  }

  /** By its book's key or its trades'. */
  withKey(key: string): FollowedBook | undefined {
    return this.byKey.get(key)
  }

  withSync(sync: BookSynchronizer): FollowedBook | undefined {
    return this.bySync.get(sync)
  }

  /** @param decoderIndex - The decoder's index of the instrument. */
  add(instrument: Instrument, decoderIndex: number, sync: BookSynchronizer): FollowedBook {
    const book: FollowedBook = {
      instrument,
      bookKey: `book ${instrument.exchangeSymbol}`,
      tradeKey: `trades ${instrument.exchangeSymbol}`,
      sync,
      epoch: 0,
      readyAtUs: Number.POSITIVE_INFINITY,
      doubt: new SilenceDoubt(sync, bookSilenceMs),
    }
    this.byIndex[decoderIndex] = book
    this.byInstrument.set(instrument.id, book)
    this.byKey.set(book.bookKey, book)
    this.byKey.set(book.tradeKey, book)
    this.bySync.set(sync, book)
    return book
  }

  remove(book: FollowedBook): void {
    this.byIndex[this.byIndex.indexOf(book)] = undefined
    this.byInstrument.delete(book.instrument.id)
    this.byKey.delete(book.bookKey)
    this.byKey.delete(book.tradeKey)
    this.bySync.delete(book.sync)
  }
}
