import {
  Decimal,
  SymbolException,
  type BookLevel,
  type BookSnapshot,
  type Candle,
  type CandleInterval,
  type Clock,
  type Instrument,
  type Logger,
  type Ticker,
  type Trade,
} from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../factory/component-registry.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { CandleQuery, PublicExchange } from '../../interfaces/public-exchange.js'
import type { ServerTime } from '../../structs/server-time.js'
import { mexcCapabilities } from './capabilities.js'
import { maxSnapshotDepth, mexcExchangeId } from './constants.js'
import { mapMexcInstrument } from './instruments.js'
import { MexcMarketDataFeed } from './market-data-feed.js'
import { MexcRestClient } from './rest-client.js'

/** The exchange has no `1h`. */
const intervals: Readonly<Record<CandleInterval, string>> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '60m',
  '4h': '4h',
  '1d': '1d',
}
const maxTrades = 1000
const maxCandles = 500
const defaultDepth = 100

/** Market data of MEXC spot. */
export class MexcPublicExchange implements PublicExchange {
  readonly exchange = mexcExchangeId
  readonly marketType = 'spot'
  readonly capabilities = mexcCapabilities
  readonly marketData: MexcMarketDataFeed
  private readonly rest: MexcRestClient
  private readonly clock: Clock
  private readonly log: Logger

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, MexcRestClient)
    this.marketData = asPart(parts.webSocket, MexcMarketDataFeed)
    this.clock = context.clock
    this.log = context.logger.child({ component: 'public-exchange', exchange: mexcExchangeId })
  }

  fetchServerTime(): Promise<ServerTime> {
    return this.rest.measureServerTime()
  }

  async fetchInstruments(): Promise<readonly Instrument[]> {
    const { symbols } = await this.rest.getExchangeInfo()
    const instruments = symbols.map(mapMexcInstrument).filter((each) => each !== undefined)
    const unreadable = symbols.length - instruments.length
    if (unreadable > 0) this.log.warn({ unreadable }, 'some rows of exchangeInfo could not be read')
    return instruments
  }

  async fetchOrderBook(instrument: Instrument, depth = defaultDepth): Promise<BookSnapshot> {
    const limit = Math.min(depth, maxSnapshotDepth)
    const book = await this.rest.getDepth(instrument.exchangeSymbol, limit)
    const levels = (side: typeof book.bids): readonly BookLevel[] =>
      side
        .slice(0, limit)
        .map(([price, quantity]) => ({ price: Decimal.parse(price), quantity: Decimal.parse(quantity) }))
    return {
      instrumentId: instrument.id,
      sequence: book.lastUpdateId,
      bids: levels(book.bids),
      asks: levels(book.asks),
      exchangeTimeMs: book.timestamp,
    }
  }

  async fetchTrades(instrument: Instrument, limit?: number): Promise<readonly Trade[]> {
    const trades = await this.rest.getTrades(instrument.exchangeSymbol, limit && Math.min(limit, maxTrades))
    return trades.map((trade) => ({
      instrumentId: instrument.id,
      tradeId: trade.id == null ? undefined : String(trade.id),
      side: trade.isBuyerMaker ? 'sell' : 'buy',
      price: Decimal.parse(trade.price),
      quantity: Decimal.parse(trade.qty),
      exchangeTimeMs: trade.time,
    }))
  }

  async fetchTicker(instrument: Instrument): Promise<Ticker> {
    const ticker = await this.rest.getTicker24h(instrument.exchangeSymbol)
    if (ticker.symbol !== instrument.exchangeSymbol)
      throw new SymbolException({
        exchange: mexcExchangeId,
        message: `MEXC answered the ticker of ${ticker.symbol} for ${instrument.id}. Read the instruments again.`,
      })
    return {
      instrumentId: instrument.id,
      last: Decimal.parse(ticker.lastPrice),
      bestBid: Decimal.tryParse(ticker.bidPrice ?? ''),
      bestAsk: Decimal.tryParse(ticker.askPrice ?? ''),
      high24h: Decimal.parse(ticker.highPrice),
      low24h: Decimal.parse(ticker.lowPrice),
      baseVolume24h: Decimal.parse(ticker.volume),
      quoteVolume24h: Decimal.tryParse(ticker.quoteVolume ?? ''),
    }
  }

  async fetchCandles(instrument: Instrument, query: CandleQuery): Promise<readonly Candle[]> {
    const { interval, limit, fromMs, toMs } = query
    const rows = await this.rest.getKlines({
      symbol: instrument.exchangeSymbol,
      interval: intervals[interval],
      limit: limit && Math.min(limit, maxCandles),
      startTime: fromMs,
      endTime: toMs,
    })
    const nowMs = this.rest.serverClock.estimate === undefined ? this.clock.nowMs() : this.rest.serverClock.nowMs()
    return rows.map(([openTimeMs, open, high, low, close, baseVolume, closeTimeMs, quoteVolume]) => ({
      instrumentId: instrument.id,
      interval,
      openTimeMs,
      open: Decimal.parse(open),
      high: Decimal.parse(high),
      low: Decimal.parse(low),
      close: Decimal.parse(close),
      baseVolume: Decimal.parse(baseVolume),
      quoteVolume: Decimal.parse(quoteVolume),
      closed: closeTimeMs <= nowMs,
    }))
  }

  close(): Promise<void> {
    return this.marketData.close()
  }
}
