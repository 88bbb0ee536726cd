import type { Instrument, InstrumentId, OrderBook, Trade } from '@cex-arbitrage/common'
import type { FeedHealth } from '../structs/feed-health.js'

/** What happens on a feed. Called on the hot path: return quickly, throw never, keep no reference to what is reused. */
export interface MarketDataListener {
  /** The book changed, or its trust did. The same object every time. */
  onBook(book: OrderBook): void
  onTrade?(trade: Trade): void
}

/** Live books and trades of one kind of market of one exchange. */
export interface MarketDataFeed {
  readonly health: FeedHealth
  /**
   * Connects where needed and asks for book (and, when a listener wants them, trade) updates. Resolves when the exchange
   * has taken the subscriptions; a book becomes trusted later, which the listener sees.
   *
   * @throws {@link ExchangeConnectionException} No connection could be made.
   * @throws {@link SymbolException} The exchange refuses an instrument; the others stay subscribed.
   */
  subscribe(instruments: readonly Instrument[]): Promise<void>
  unsubscribe(instruments: readonly Instrument[]): Promise<void>
  addListener(listener: MarketDataListener): void
  removeListener(listener: MarketDataListener): void
  /** The live book, while subscribed. */
  book(instrumentId: InstrumentId): OrderBook | undefined
  close(): Promise<void>
}
