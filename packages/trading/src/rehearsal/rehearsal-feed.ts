import {
  BookChanges,
  OrderBook,
  type Clock,
  type Decimal,
  type Instrument,
  type InstrumentId,
} from '@cex-arbitrage/common'
import type { FeedHealth, MarketDataFeed, MarketDataListener } from '@cex-arbitrage/exchanges'

const levels = 2
const noBooks = { applied: 0, dropped: 0, gaps: 0, crossed: 0, quarantines: 0, resyncs: 0 }

/** Market data of one instrument that a rehearsal makes up. */
export class RehearsalFeed implements MarketDataFeed {
  readonly health: FeedHealth = {
    connected: true,
    epoch: 1,
    reconnects: 0,
    frames: 0,
    slowFrames: 0,
    corruptFrames: 0,
    books: noBooks,
  }
  private readonly listeners = new Set<MarketDataListener>()
  private readonly changes = new BookChanges(2 * levels)
  private readonly shown: OrderBook

  constructor(
    private readonly instrument: Instrument,
    private readonly clock: Clock,
  ) {
    this.shown = new OrderBook(instrument)
  }

  /** A frame that makes the book one of this price and quantity a level. */
  quote(price: Decimal, quantity: Decimal): void {
    const { instrument, changes, shown } = this
    const ticks = instrument.priceToTicks(price, 'down')
    const lots = instrument.quantityToLots(quantity, 'up')
    for (let level = 0; level < levels; level++) {
      const away = (level + 1) * instrument.tickStep
      changes.priceTicks[level] = ticks - away
      changes.priceTicks[levels + level] = ticks + away
      changes.quantityLots[level] = changes.quantityLots[levels + level] = lots
    }
    changes.bidEnd = levels
    changes.askEnd = 2 * levels
    changes.lastSequence++
    shown.load(changes)
    shown.trust = 'trusted'
    shown.receivedAtUs = this.clock.nowUs()
    for (const listener of this.listeners) listener.onBook(shown)
  }

  subscribe(): Promise<void> {
    return Promise.resolve()
  }

  unsubscribe(): Promise<void> {
    return Promise.resolve()
  }

  addListener(listener: MarketDataListener): void {
    this.listeners.add(listener)
  }

  removeListener(listener: MarketDataListener): void {
    this.listeners.delete(listener)
  }

  book(instrumentId: InstrumentId): OrderBook | undefined {
    return instrumentId === this.instrument.id ? this.shown : undefined
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
