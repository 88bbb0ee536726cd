import type { AssetId, Instrument, InstrumentId, OrderBook, Symbol } from '@cex-arbitrage/common'
import type { MarketDataFeed, MarketDataListener } from '@cex-arbitrage/exchanges'
import { buyFactor, sellFactor } from './net-price.js'

/** Told of changes worth evaluating, on the hot path. */
export interface MarketChangeListener {
  /** The best net quotes of this slot changed, or any level of a slot that is watched closely. */
  onMarketChange(slot: number): void
}

/**
 * The books of all exchanges side by side. Every instrument has a *slot*, an integer; the slots of one symbol are
 * neighbours. Best quotes with taker fees folded in are kept per slot and computed anew only when the top changes.
 *
 * Reads are array reads; nothing is allocated per message after the first of a book.
 */
export class MarketBoard implements MarketDataListener {
  /** Quote received per base sold at the best bid, taker fee deducted; -Infinity while the book quotes nothing. */
  readonly netBid: Float64Array
  /** Quote paid per base received at the best ask, taker fee included; Infinity while the book quotes nothing. */
  readonly netAsk: Float64Array
  readonly instruments: readonly Instrument[]
  /** Every base of an instrument, once. */
  readonly bases: readonly AssetId[]
  private readonly books: (OrderBook | undefined)[]
  private readonly slots = new Map<InstrumentId, number>()
  private readonly slotsOfBooks = new Map<OrderBook, number>()
  private readonly slotsOfSymbols = new Map<Symbol, readonly number[]>()
  private readonly bidFactor: Float64Array
  private readonly askFactor: Float64Array
  private readonly bidTicks: Float64Array
  private readonly askTicks: Float64Array
  private readonly watched: Uint8Array
  private readonly feeds = new Set<MarketDataFeed>()
  private listener: MarketChangeListener | undefined
  /** Book events taken, and those of them that moved a best quote. */
  updates = 0
  topChanges = 0

  /** @param instruments - Of all exchanges, fees being the account's own. Books of others are passed over. */
  constructor(instruments: readonly Instrument[]) {
    const bySymbol = new Map<Symbol, Instrument[]>()
    for (const instrument of instruments) {
      const group = bySymbol.get(instrument.symbol)
      if (group === undefined) bySymbol.set(instrument.symbol, [instrument])
      else group.push(instrument)
    }
    this.instruments = [...bySymbol.values()].flat()
    this.bases = [...new Set(this.instruments.map(({ base }) => base))]
    const count = this.instruments.length
    this.books = Array.from({ length: count }, () => undefined)
    this.netBid = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
    this.netAsk = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
    this.bidFactor = new Float64Array(count)
    this.askFactor = new Float64Array(count)
    this.bidTicks = new Float64Array(count)
    this.askTicks = new Float64Array(count)
    this.watched = new Uint8Array(count)
    this.instruments.forEach((instrument, slot) => {
      this.slots.set(instrument.id, slot)
      this.bidFactor[slot] = instrument.pricePerTick * sellFactor(instrument, 'taker')
      this.askFactor[slot] = instrument.pricePerTick * buyFactor(instrument, 'taker')
    })
    for (const [symbol, group] of bySymbol)
      this.slotsOfSymbols.set(
        symbol,
        group.map((instrument) => this.slots.get(instrument.id)!),
      )
  }

  get symbols(): readonly Symbol[] {
    return [...this.slotsOfSymbols.keys()]
  }

  /** Slots of a symbol on all its exchanges and markets. */
  slotsOf(symbol: Symbol): readonly number[] {
    return this.slotsOfSymbols.get(symbol) ?? []
  }

  slotOf(instrumentId: InstrumentId): number | undefined {
    return this.slots.get(instrumentId)
  }

  /** The book of a slot, once its feed has shown it; whether it may be quoted from is another question (see `quotability`). */
  bookAt(slot: number): OrderBook | undefined {
    return this.books[slot]
  }

  bookOf(instrumentId: InstrumentId): OrderBook | undefined {
    const slot = this.slots.get(instrumentId)
    return slot === undefined ? undefined : this.books[slot]
  }

  /** Sets the one listener; the engine. */
  setListener(listener: MarketChangeListener | undefined): void {
    this.listener = listener
  }

  /** Lets every change of this slot's book through, not only those of its best quotes. */
  watchClosely(slot: number, closely: boolean): void {
    this.watched[slot] = closely ? 1 : 0
  }

  /**
   * Listens to a feed and subscribes the instruments of it that are on the board.
   *
   * @throws Whatever `MarketDataFeed.subscribe` throws.
   */
  async attach(feed: MarketDataFeed, instruments: readonly Instrument[]): Promise<void> {
    if (!this.feeds.has(feed)) {
      this.feeds.add(feed)
      feed.addListener(this)
    }
    await feed.subscribe(instruments.filter((instrument) => this.slots.has(instrument.id)))
  }

  /** Listens no more; the feeds stay open and the last quotes are taken back. */
  detach(): void {
    for (const feed of this.feeds) feed.removeListener(this)
    this.feeds.clear()
    this.netBid.fill(Number.NEGATIVE_INFINITY)
    this.netAsk.fill(Number.POSITIVE_INFINITY)
  }

  onBook(book: OrderBook): void {
    const slot = this.slotsOfBooks.get(book) ?? this.admit(book)
    if (slot < 0) return
    this.updates++
    let bidTicks = 0
    let askTicks = 0
    let quotable = false
    if (book.trust === 'trusted') {
      bidTicks = book.bids.priceTicksAt(0)
      askTicks = book.asks.priceTicksAt(0)
      // False for a crossed book and, an absent side being NaN, for an empty one.
      quotable = bidTicks < askTicks
    }
    if (!quotable) {
      bidTicks = 0
      askTicks = 0
    }
    if (bidTicks === this.bidTicks[slot] && askTicks === this.askTicks[slot]) {
      if (this.watched[slot] === 1) this.listener?.onMarketChange(slot)
      return
    }
    this.topChanges++
    this.bidTicks[slot] = bidTicks
    this.askTicks[slot] = askTicks
    this.netBid[slot] = quotable ? bidTicks * this.bidFactor[slot]! : Number.NEGATIVE_INFINITY
    this.netAsk[slot] = quotable ? askTicks * this.askFactor[slot]! : Number.POSITIVE_INFINITY
    this.listener?.onMarketChange(slot)
  }

  /** Notes a book at its first event, since a feed uses the same object every time. */
  private admit(book: OrderBook): number {
    const slot = this.slots.get(book.instrument.id) ?? -1
    this.slotsOfBooks.set(book, slot)
    if (slot >= 0) this.books[slot] = book
    return slot
  }
}
