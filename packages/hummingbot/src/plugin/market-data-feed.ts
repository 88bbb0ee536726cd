import { BookChanges, Decimal, OrderBook, type Instrument, type InstrumentId } from '@cex-arbitrage/common'
import {
  asPart,
  type ExchangeContext,
  type ExchangeRestClient,
  type ExchangeWebSocketClient,
  type FeedHealth,
  type MarketDataFeed,
  type MarketDataListener,
} from '@cex-arbitrage/exchanges'
import type { HummingbotEvent } from '../client/event-engine.js'
import { isOwnTrade, type HummingbotOrderBookUpdate, type HummingbotTrade } from '../client/schemas.js'
import { HummingbotLink } from './hummingbot-link.js'

const msPerSecond = 1_000

/**
 * Books from a stream of whole lists without a sequence: each update replaces the book. A lost connection quarantines
 * every book until its next update.
 */
export class HummingbotMarketDataFeed implements MarketDataFeed, ExchangeWebSocketClient {
  private readonly link: HummingbotLink
  private readonly books = new Map<InstrumentId, OrderBook>()
  private readonly listeners = new Set<MarketDataListener>()
  private readonly changes = new BookChanges()
  private readonly tally = { applied: 0, crossed: 0, quarantines: 0, resyncs: 0, corrupt: 0 }
  private epoch = 0
  private frames = 0
  private isConnected = false

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
  ) {
    this.link = asPart(rest, HummingbotLink)
    this.link.addListener(this.onEvent)
  }

  get exchange() {
    return this.link.exchange
  }

  get connected(): boolean {
    return this.isConnected
  }

  get health(): FeedHealth {
    const { applied, crossed, quarantines, resyncs, corrupt } = this.tally
    return {
      connected: this.isConnected,
      epoch: this.epoch,
      reconnects: Math.max(0, this.epoch - 1),
      frames: this.frames,
      slowFrames: 0,
      corruptFrames: corrupt + this.link.client.corruptFrames,
      books: { applied, dropped: 0, gaps: 0, crossed, quarantines, resyncs },
    }
  }

  async subscribe(instruments: readonly Instrument[]): Promise<void> {
    await this.link.connect()
    // A connection that another part has made is known from its state alone.
    if (!this.isConnected) this.onConnected()
    for (const instrument of instruments)
      if (!this.books.has(instrument.id)) this.books.set(instrument.id, new OrderBook(instrument, 1_024))
    const market = (instrument: Instrument) => this.link.marketOf(instrument)
    await Promise.all(instruments.map((instrument) => this.link.client.subscribeToOrderBook(market(instrument))))
    if ([...this.listeners].some((listener) => 'onTrade' in listener))
      await Promise.all(instruments.map((instrument) => this.link.client.subscribeToTrades(market(instrument))))
  }

  async unsubscribe(instruments: readonly Instrument[]): Promise<void> {
    for (const instrument of instruments) {
      this.books.delete(instrument.id)
      await this.link.client.unsubscribe({ channel: 'order_book', ...this.link.marketOf(instrument) })
    }
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

  async close(): Promise<void> {
    this.link.removeListener(this.onEvent)
    this.onDisconnected()
    this.books.clear()
  }

  private readonly onEvent = ({ type, data }: HummingbotEvent): void => {
    if (type === 'SYSTEM') this.onStatus(data['status'])
    else if (type === 'MARKET_DATA' && data['kind'] === 'order_book')
      this.onBook(data as unknown as HummingbotOrderBookUpdate)
    else if (type === 'TRADE_UPDATE') this.onTrade(data as unknown as HummingbotTrade)
  }

  private onStatus(status: unknown): void {
    if (status === 'connected') this.onConnected()
    else if (this.isConnected) this.onDisconnected()
  }

  private onConnected(): void {
    if (this.isConnected) return
    this.isConnected = true
    this.epoch++
  }

  private onDisconnected(): void {
    this.isConnected = false
    for (const book of this.books.values()) {
      if (book.trust !== 'trusted') continue
      this.tally.quarantines++
      book.quarantine('disconnected')
      this.tellBook(book)
    }
  }

  private onBook(update: HummingbotOrderBookUpdate): void {
    this.frames++
    const instrument = this.link.instrumentOf(update.exchange, update.symbol)
    const book = instrument === undefined ? undefined : this.books.get(instrument.id)
    if (book === undefined) return
    if (!this.read(update, book.instrument)) {
      this.tally.corrupt++
      if (book.trust === 'trusted') this.tally.quarantines++
      book.quarantine('corrupt')
      this.tellBook(book)
      return
    }
    this.changes.lastSequence = book.sequence + 1
    this.changes.exchangeTimeMs = Math.round(update.timestamp * msPerSecond)
    book.load(this.changes)
    book.epoch = this.epoch
    book.receivedAtUs = this.context.clock.nowUs()
    this.tally.applied++
    if (book.isCrossed()) {
      this.tally.crossed++
      this.tally.quarantines++
      book.quarantine('crossed')
    } else {
      if (book.trust === 'quarantined') this.tally.resyncs++
      book.trust = 'trusted'
    }
    this.tellBook(book)
  }

  /** Reads the lists onto the instrument's grid. @returns whether every level lies on it. */
  private read({ bids, asks }: HummingbotOrderBookUpdate, instrument: Instrument): boolean {
    const { changes } = this
    if (bids.length + asks.length > changes.capacity) return false
    let at = 0
    try {
      for (const side of [bids, asks]) {
        for (const [price, amount] of side) {
          changes.priceTicks[at] = instrument.priceToTicks(Decimal.parse(price), 'exact')
          // What lies finer than our grid is left out: a book may show too little, never too much.
          changes.quantityLots[at] = instrument.quantityToLots(Decimal.parse(amount), 'down')
          at++
        }
        if (side === bids) changes.bidEnd = at
      }
    } catch {
      return false
    }
    changes.askEnd = at
    changes.isSnapshot = true
    return true
  }

  private onTrade(trade: HummingbotTrade): void {
    const instrument = this.link.instrumentOf(trade.exchange, trade.symbol)
    if (instrument === undefined || isOwnTrade(trade) || !this.books.has(instrument.id)) return
    const told = {
      instrumentId: instrument.id,
      tradeId: trade.trade_id,
      side: trade.side,
      price: Decimal.parse(trade.price),
      quantity: Decimal.parse(trade.amount),
      exchangeTimeMs: Math.round(trade.timestamp * msPerSecond),
    }
    for (const listener of this.listeners) listener.onTrade?.(told)
  }

  private tellBook(book: OrderBook): void {
    for (const listener of this.listeners) listener.onBook(book)
  }
}
