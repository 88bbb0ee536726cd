import {
  Decimal,
  type BookLevel,
  type BookSnapshot,
  type Candle,
  type Instrument,
  type Ticker,
  type Trade,
} from '@cex-arbitrage/common'
import {
  asPart,
  type CandleQuery,
  type ExchangeContext,
  type ExchangeParts,
  type PublicExchange,
  type ServerTime,
} from '@cex-arbitrage/exchanges'
import { sampleCapabilities } from './capabilities.js'
import { defaultDepth, maxCandles, maxSnapshotDepth, maxTrades, sampleExchangeId } from './constants.js'
import { mapSampleInstrument } from './instruments.js'
import { mapTrade } from './market-data-decoder.js'
import { SampleMarketDataFeed } from './market-data-feed.js'
import { SampleRestClient } from './rest-client.js'

/** Market data of the exchange's spot market. */
export class SamplePublicExchange implements PublicExchange {
  readonly exchange = sampleExchangeId
  readonly marketType = 'spot'
  readonly capabilities = sampleCapabilities
  readonly marketData: SampleMarketDataFeed
  private readonly rest: SampleRestClient

  constructor(
    private readonly context: ExchangeContext,
    parts: ExchangeParts,
  ) {
    this.rest = asPart(parts.rest, SampleRestClient)
    this.marketData = asPart(parts.webSocket, SampleMarketDataFeed)
  }

  fetchServerTime(): Promise<ServerTime> {
    return this.rest.measureServerTime()
  }

  async fetchInstruments(): Promise<readonly Instrument[]> {
    const rows = await this.rest.getInstruments()
    const instruments = rows.map(mapSampleInstrument).filter((each) => each !== undefined)
    const unreadable = rows.length - instruments.length
    if (unreadable > 0) this.context.logger.warn({ unreadable }, 'some instruments could not be read')
    return instruments
  }

  async fetchOrderBook(instrument: Instrument, depth = defaultDepth): Promise<BookSnapshot> {
    const book = await this.rest.getBook(instrument.exchangeSymbol, Math.min(depth, maxSnapshotDepth))
    const levels = (side: typeof book.bids): readonly BookLevel[] =>
      side.map(([price, quantity]) => ({ price: Decimal.parse(price), quantity: Decimal.parse(quantity) }))
    return {
      instrumentId: instrument.id,
      sequence: book.sequence,
      bids: levels(book.bids),
      asks: levels(book.asks),
      exchangeTimeMs: book.time,
    }
  }

  async fetchTrades(instrument: Instrument, limit = maxTrades): Promise<readonly Trade[]> {
    const trades = await this.rest.getTrades(instrument.exchangeSymbol, Math.min(limit, maxTrades))
    return trades.map((trade) => mapTrade(trade, instrument))
  }

  async fetchTicker(instrument: Instrument): Promise<Ticker> {
    const ticker = await this.rest.getTicker(instrument.exchangeSymbol)
    return {
      instrumentId: instrument.id,
      last: ticker.last,
      bestBid: ticker.bid ?? undefined,
      bestAsk: ticker.ask ?? undefined,
      high24h: ticker.high,
      low24h: ticker.low,
      baseVolume24h: ticker.volume,
      quoteVolume24h: undefined,
    }
  }

  async fetchCandles(instrument: Instrument, query: CandleQuery): Promise<readonly Candle[]> {
    const { interval, limit = maxCandles, fromMs, toMs } = query
    const symbol = instrument.exchangeSymbol
    const bars = await this.rest.getCandles({
      symbol,
      interval,
      limit: Math.min(limit, maxCandles),
      from: fromMs,
      to: toMs,
    })
    return bars.map(({ time, open, high, low, last, volume }) => ({
      instrumentId: instrument.id,
      interval,
      openTimeMs: time,
      open,
      high,
      low,
      close: last,
      baseVolume: volume,
      quoteVolume: volume.times(last),
      closed: undefined,
    }))
  }

  close(): Promise<void> {
    return this.marketData.close()
  }
}
