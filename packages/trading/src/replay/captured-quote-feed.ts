import { BookChanges, OrderBook, type Clock, type Instrument, type InstrumentId } from '@cex-arbitrage/common'
import type { FeedHealth, MarketDataFeed, MarketDataListener } from '@cex-arbitrage/exchanges'
import type { QuoteSeries } from './quote-series.js'

/** A feed whose one book shows the quotes of a capture, one level a side. */
export class CapturedQuoteFeed implements MarketDataFeed {
  private readonly shown: OrderBook
  private readonly changes = new BookChanges(2)
  private readonly listeners: MarketDataListener[] = []
  private frames = 0

  constructor(
    private readonly series: QuoteSeries,
    private readonly clock: Clock,
  ) {
    this.shown = new OrderBook(series.instrument, 4)
  }

  get health(): FeedHealth {
    const { frames } = this
    const books = { applied: frames, dropped: 0, gaps: 0, crossed: 0, quarantines: 0, resyncs: 0 }
    return { connected: true, epoch: 1, reconnects: 0, frames, slowFrames: 0, corruptFrames: 0, books }
  }

  subscribe(_instruments: readonly Instrument[]): Promise<void> {
    return Promise.resolve()
  }

  unsubscribe(): Promise<void> {
    return Promise.resolve()
  }

  addListener(listener: MarketDataListener): void {
    this.listeners.push(listener)
  }

  removeListener(listener: MarketDataListener): void {
    const index = this.listeners.indexOf(listener)
    if (index >= 0) this.listeners.splice(index, 1)
  }

  book(instrumentId: InstrumentId): OrderBook | undefined {
    return instrumentId === this.series.instrument.id ? this.shown : undefined
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** Shows one row of the capture as received now. */
  show(row: number): void {
    const { series, changes, shown } = this
    changes.priceTicks[0] = series.bidTicks[row]!
    changes.quantityLots[0] = series.bidLots[row]!
    changes.priceTicks[1] = series.askTicks[row]!
    changes.quantityLots[1] = series.askLots[row]!
    changes.bidEnd = 1
    changes.askEnd = 2
    changes.lastSequence = ++this.frames
    changes.exchangeTimeMs = series.timestampMs[row]!
    shown.load(changes)
    shown.trust = 'trusted'
    shown.receivedAtUs = this.clock.nowUs()
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i]!.onBook(shown)
  }
}
