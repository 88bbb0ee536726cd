import {
  Decimal,
  msPerSecond,
  SymbolException,
  type BookSnapshot,
  type Candle,
  type Instrument,
  type Logger,
  type Ticker,
  type Trade,
} from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../../factory/component-registry.js'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { FundingDesk } from '../../../interfaces/funding-desk.js'
import type { CandleQuery, PublicExchange } from '../../../interfaces/public-exchange.js'
import type { ExchangeCapabilities } from '../../../structs/exchange-capabilities.js'
import type { ServerTime } from '../../../structs/server-time.js'
import { mapGateioLevels } from '../book-levels.js'
import { gateioExchangeId, maxSnapshotDepth } from '../constants.js'
import { createGateioFuturesCapabilities } from './capabilities.js'
import { maxCandleRows, maxTradeRows } from './constants.js'
import { mapFundingRate } from './position-mapper.js'
import { mapGateioContract } from './instruments.js'
import { GateioFuturesMarketDataFeed } from './market-data-feed.js'
import { GateioFuturesRestClient } from './rest-client.js'
import { mapGateioFuturesTrade } from './trades.js'

const defaultTrades = 100
const defaultDepth = 100

/** Market data of Gate.io perpetual futures settled in USDT; quantities are contracts. */
export class GateioFuturesPublicExchange implements PublicExchange {
  readonly exchange = gateioExchangeId
  readonly marketType = 'futures'
  readonly capabilities: ExchangeCapabilities
  readonly marketData: GateioFuturesMarketDataFeed
  readonly funding: FundingDesk
  private readonly rest: GateioFuturesRestClient
  private readonly log: Logger

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, GateioFuturesRestClient)
    this.marketData = asPart(parts.webSocket, GateioFuturesMarketDataFeed)
    this.capabilities = createGateioFuturesCapabilities(this.rest.options)
    this.funding = {
      fetchFundingRate: async (instrument) =>
        mapFundingRate(await this.rest.getFunding(instrument.exchangeSymbol), instrument),
    }
    this.log = context.logger.child({ component: 'public-exchange', exchange: gateioExchangeId })
  }

  fetchServerTime(): Promise<ServerTime> {
    return this.rest.measureServerTime()
  }

  async fetchInstruments(): Promise<readonly Instrument[]> {
    const rows = await this.rest.getContracts()
    const instruments = rows.map(mapGateioContract).filter((each) => each !== undefined)
    const unreadable = rows.length - instruments.length
    if (unreadable > 0) this.log.warn({ unreadable }, 'some rows of contracts could not be read')
    return instruments
  }

  async fetchOrderBook(instrument: Instrument, depth = defaultDepth): Promise<BookSnapshot> {
    const limit = Math.min(depth, maxSnapshotDepth)
    const { id, bids, asks, update } = await this.rest.getFuturesOrderBook(instrument.exchangeSymbol, limit)
    return {
      instrumentId: instrument.id,
      sequence: id,
      bids: mapGateioLevels(bids),
      asks: mapGateioLevels(asks),
      exchangeTimeMs: update == null ? undefined : Math.round(update * msPerSecond),
    }
  }

  async fetchTrades(instrument: Instrument, limit = defaultTrades): Promise<readonly Trade[]> {
    const trades = await this.rest.getFuturesTrades(instrument.exchangeSymbol, Math.min(limit, maxTradeRows))
    return trades.filter((trade) => trade.is_internal !== true).map((trade) => mapGateioFuturesTrade(trade, instrument))
  }

  async fetchTicker(instrument: Instrument): Promise<Ticker> {
    const tickers = await this.rest.getFuturesTickers(instrument.exchangeSymbol)
    const ticker = tickers.find((each) => each.contract === instrument.exchangeSymbol)
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
      baseVolume24h: ticker.volume_24h_base ?? Decimal.zero,
      quoteVolume24h: ticker.volume_24h_quote,
    }
  }

  /** Times are asked for where they are given; `baseVolume` is contracts times their size. */
  async fetchCandles(instrument: Instrument, query: CandleQuery): Promise<readonly Candle[]> {
    const { interval, limit, fromMs, toMs } = query
    const hasTimes = fromMs !== undefined || toMs !== undefined
    const rows = await this.rest.getFuturesCandlesticks({
      contract: instrument.exchangeSymbol,
      interval,
      limit: hasTimes ? undefined : limit && Math.min(limit, maxCandleRows),
      from: fromMs === undefined ? undefined : Math.ceil(fromMs / msPerSecond),
      to: toMs === undefined ? undefined : Math.floor(toMs / msPerSecond),
    })
    const candles = rows.map(({ t, v, o, h, l, c, sum }) => ({
      instrumentId: instrument.id,
      interval,
      openTimeMs: t * msPerSecond,
      open: o,
      high: h,
      low: l,
      close: c,
      baseVolume: (v ?? Decimal.zero).times(instrument.contractSize),
      quoteVolume: sum ?? Decimal.zero,
      closed: undefined,
    }))
    return limit === undefined ? candles : candles.slice(-limit)
  }

  close(): Promise<void> {
    return this.marketData.close()
  }
}
