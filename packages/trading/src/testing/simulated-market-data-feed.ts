import {
  BookChanges,
  Decimal,
  OrderBook,
  type BookDistrust,
  type Clock,
  type Instrument,
  type InstrumentId,
} from '@cex-arbitrage/common'
import type { FeedHealth, MarketDataFeed, MarketDataListener } from '@cex-arbitrage/exchanges'

/** Levels in decimal text, best first. */
export type TextLevels = readonly (readonly [price: string, quantity: string])[]

/** Replaces a book by these levels, trusted and received now. */
export function setBook(book: OrderBook, bids: TextLevels, asks: TextLevels, receivedAtUs = 0): OrderBook {
  const { instrument } = book
  const changes = new BookChanges(bids.length + asks.length)
  ;[...bids, ...asks].forEach(([price, quantity], index) => {
    changes.priceTicks[index] = Number(Decimal.parse(price).stepsOf(instrument.ticksToPrice(1), 'exact'))
    changes.quantityLots[index] = Number(Decimal.parse(quantity).stepsOf(instrument.lotsToQuantity(1), 'exact'))
  })
  changes.bidEnd = bids.length
  changes.askEnd = bids.length + asks.length
  book.load(changes)
  book.trust = 'trusted'
  book.receivedAtUs = receivedAtUs
  return book
}

/** Market data in memory: books are what a spec sets. */
export class SimulatedMarketDataFeed implements MarketDataFeed {
  connected = true
  /** Rejects `subscribe` while set. */
  subscribeError: Error | undefined
  readonly subscribed = new Set<InstrumentId>()
  private readonly books = new Map<InstrumentId, OrderBook>()
  private readonly listeners = new Set<MarketDataListener>()

  constructor(private readonly clock: Clock) {}

  get health(): FeedHealth {
    const books = { applied: 0, dropped: 0, gaps: 0, crossed: 0, quarantines: 0, resyncs: 0 }
    return { connected: this.connected, epoch: 1, reconnects: 0, frames: 0, slowFrames: 0, corruptFrames: 0, books }
  }

  get listenerCount(): number {
    return this.listeners.size
  }

  subscribe(instruments: readonly Instrument[]): Promise<void> {
    if (this.subscribeError !== undefined) return Promise.reject(this.subscribeError)
    for (const { id } of instruments) this.subscribed.add(id)
    return Promise.resolve()
  }

  unsubscribe(instruments: readonly Instrument[]): Promise<void> {
    for (const { id } of instruments) this.subscribed.delete(id)
    return Promise.resolve()
  }

  addListener(listener: MarketDataListener): void {
    this.listeners.add(listener)
  }

  removeListener(listener: MarketDataListener): void {
    this.listeners.delete(listener)
  }

  book(instrumentId: InstrumentId): OrderBook | undefined {
    return this.books.get(instrumentId)
  }

  close(): Promise<void> {
    this.connected = false
    return Promise.resolve()
  }

  /** A frame that makes the book these levels. */
  set(instrument: Instrument, bids: TextLevels, asks: TextLevels): void {
    const book = this.books.get(instrument.id) ?? new OrderBook(instrument)
    this.books.set(instrument.id, book)
    this.emit(setBook(book, bids, asks, this.clock.nowUs()))
  }

  /** The book was caught being wrong. */
  quarantine(instrument: Instrument, cause: BookDistrust): void {
    const book = this.books.get(instrument.id)!
    book.quarantine(cause)
    this.emit(book)
  }

  private emit(book: OrderBook): void {
    for (const listener of this.listeners) listener.onBook(book)
  }
}
