import {
  Decimal,
  msPerSecond,
  SymbolException,
  type BookSnapshot,
  type Candle,
  type CandleInterval,
  type Instrument,
  type Logger,
  type Ticker,
  type Trade,
} from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../factory/component-registry.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { CandleQuery, PublicExchange } from '../../interfaces/public-exchange.js'
import type { ExchangeCapabilities } from '../../structs/exchange-capabilities.js'
import type { ServerTime } from '../../structs/server-time.js'
import { mapGateioLevels } from './book-levels.js'
import { createGateioCapabilities } from './capabilities.js'
import { gateioExchangeId, maxPageRows, maxSnapshotDepth } from './constants.js'
import { createUnreadableAnswer } from './error-map.js'
import { mapGateioInstrument } from './instruments.js'
import { GateioMarketDataFeed } from './market-data-feed.js'
import { GateioRestClient } from './rest-client.js'
import type { GateioCandle } from './schemas.js'
import { mapGateioTrade } from './trades.js'

const defaultTrades = 100
const defaultDepth = 100

/** Market data of Gate.io spot. */
export class GateioPublicExchange implements PublicExchange {
  readonly exchange = gateioExchangeId
  readonly marketType = 'spot'
  readonly capabilities: ExchangeCapabilities
  readonly marketData: GateioMarketDataFeed
  private readonly rest: GateioRestClient
  private readonly log: Logger

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, GateioRestClient)
    this.marketData = asPart(parts.webSocket, GateioMarketDataFeed)
    this.capabilities = createGateioCapabilities(this.rest.options)
    this.log = context.logger.child({ component: 'public-exchange', exchange: gateioExchangeId })
  }

  fetchServerTime(): Promise<ServerTime> {
    return this.rest.measureServerTime()
  }

  async fetchInstruments(): Promise<readonly Instrument[]> {
    const rows = await this.rest.getCurrencyPairs()
    const nowMs = this.rest.serverClock.nowMs()
    const instruments = rows.map((row) => mapGateioInstrument(row, nowMs)).filter((each) => each !== undefined)
    const unreadable = rows.length - instruments.length
    if (unreadable > 0) this.log.warn({ unreadable }, 'some rows of currency_pairs could not be read')
    return instruments
  }

  async fetchOrderBook(instrument: Instrument, depth = defaultDepth): Promise<BookSnapshot> {
    const limit = Math.min(depth, maxSnapshotDepth)
    const { id, bids, asks, update } = await this.rest.getOrderBook(instrument.exchangeSymbol, limit)
    return {
      instrumentId: instrument.id,
      sequence: id,
      bids: mapGateioLevels(bids),
      asks: mapGateioLevels(asks),
      exchangeTimeMs: update ?? undefined,
    }
  }

  async fetchTrades(instrument: Instrument, limit = defaultTrades): Promise<readonly Trade[]> {
    const trades = await this.rest.getTrades(instrument.exchangeSymbol, Math.min(limit, maxPageRows))
    return trades.map((trade) => mapGateioTrade(trade, instrument))
  }

  async fetchTicker(instrument: Instrument): Promise<Ticker> {
    const tickers = await this.rest.getTickers(instrument.exchangeSymbol)
    const ticker = tickers.find((each) => each.currency_pair === instrument.exchangeSymbol)
    if (ticker === undefined)
      throw new SymbolException({
        exchange: gateioExchangeId,
        message: `Gate.io answered no ticker of ${instrument.id}. Read the instruments again.`,
      })
    return {
      instrumentId: instrument.id,
      last: ticker.last,
      bestBid: ticker.highest_bid,
      bestAsk: ticker.lowest_ask,
      high24h: ticker.high_24h,
      low24h: ticker.low_24h,
      baseVolume24h: ticker.base_volume,
      quoteVolume24h: ticker.quote_volume,
    }
  }

  /** The exchange takes either a number of candles or times; with both, times are asked for and the newest kept. */
  async fetchCandles(instrument: Instrument, query: CandleQuery): Promise<readonly Candle[]> {
    const { interval, limit, fromMs, toMs } = query
    const hasTimes = fromMs !== undefined || toMs !== undefined
    const rows = await this.rest.getCandlesticks({
      currency_pair: instrument.exchangeSymbol,
      interval,
      limit: hasTimes ? undefined : limit && Math.min(limit, maxPageRows),
      from: fromMs === undefined ? undefined : Math.ceil(fromMs / msPerSecond),
      to: toMs === undefined ? undefined : Math.floor(toMs / msPerSecond),
    })
    const candles = rows.map((row) => mapCandle(row, instrument, interval))
    return limit === undefined ? candles : candles.slice(-limit)
  }

  close(): Promise<void> {
    return this.marketData.close()
  }
}

/** Rows before 2021 end with the open; later ones bring base volume and whether the window is over. */
function mapCandle(row: GateioCandle, instrument: Instrument, interval: CandleInterval): Candle {
  const [seconds, quoteVolume, close, high, low, open, ...rest] = row
  const baseVolume = typeof rest[0] === 'string' ? Decimal.tryParse(rest[0]) : undefined
  if (baseVolume === undefined) throw createUnreadableAnswer('GET /spot/candlesticks', 'a row without base volume')
  const closed = rest[1]
  return {
    instrumentId: instrument.id,
    interval,
    openTimeMs: seconds * msPerSecond,
    open,
    high,
    low,
    close,
    baseVolume,
    quoteVolume,
    closed: closed === undefined ? undefined : closed === true || closed === 'true',
  }
}
