import {
  Decimal,
  SymbolException,
  msPerHour,
  msPerSecond,
  type BookSnapshot,
  type Candle,
  type CandleInterval,
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
import type { FundingRate } from '../../../structs/funding.js'
import type { ServerTime } from '../../../structs/server-time.js'
import { mexcExchangeId } from '../constants.js'
import { mexcFuturesCapabilities } from './capabilities.js'
import { maxCandleRows, maxSnapshotDepth, maxTradeRows } from './constants.js'
import { mapMexcContract } from './instruments.js'
import { MexcFuturesMarketDataFeed } from './market-data-feed.js'
import { MexcFuturesRestClient } from './rest-client.js'
import type { MexcFuturesLevel, MexcFuturesTicker } from './schemas.js'
import { mapMexcFuturesTrade } from './trades.js'

const intervals: Readonly<Record<CandleInterval, string>> = {
  '1m': 'Min1',
  '5m': 'Min5',
  '15m': 'Min15',
  '30m': 'Min30',
  '1h': 'Min60',
  '4h': 'Hour4',
  '1d': 'Day1',
}
const defaultDepth = 100
const defaultTrades = 100

/** Market data of MEXC perpetual futures settled in quote; quantities are contracts. */
export class MexcFuturesPublicExchange implements PublicExchange {
  readonly exchange = mexcExchangeId
  readonly marketType = 'futures'
  readonly capabilities = mexcFuturesCapabilities
  readonly marketData: MexcFuturesMarketDataFeed
  readonly funding: FundingDesk
  private readonly rest: MexcFuturesRestClient
  private readonly log: Logger

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, MexcFuturesRestClient)
    this.marketData = asPart(parts.webSocket, MexcFuturesMarketDataFeed)
    this.funding = { fetchFundingRate: (instrument) => this.fetchFundingRate(instrument) }
    this.log = context.logger.child({ component: 'public-exchange', exchange: mexcExchangeId })
  }

  fetchServerTime(): Promise<ServerTime> {
    return this.rest.measureServerTime()
  }

  async fetchInstruments(): Promise<readonly Instrument[]> {
    const rows = await this.rest.getContracts()
    const instruments = rows.map(mapMexcContract).filter((each) => each !== undefined)
    const passedOver = rows.length - instruments.length
    if (passedOver > 0) this.log.warn({ passedOver }, 'some contracts are no linear perpetuals or could not be read')
    return instruments
  }

  async fetchOrderBook(instrument: Instrument, depth = defaultDepth): Promise<BookSnapshot> {
    const limit = Math.min(depth, maxSnapshotDepth)
    const { version, bids, asks, timestamp } = await this.rest.getDepth(instrument.exchangeSymbol, limit)
    return {
      instrumentId: instrument.id,
      sequence: version,
      bids: bids.slice(0, limit).map(mapLevel),
      asks: asks.slice(0, limit).map(mapLevel),
      exchangeTimeMs: timestamp ?? undefined,
    }
  }

  async fetchTrades(instrument: Instrument, limit = defaultTrades): Promise<readonly Trade[]> {
    const trades = await this.rest.getDeals(instrument.exchangeSymbol, Math.min(limit, maxTradeRows))
    return trades.map((trade) => mapMexcFuturesTrade(trade, instrument))
  }

  async fetchTicker(instrument: Instrument): Promise<Ticker> {
    const ticker = await this.tickerOf(instrument)
    return {
      instrumentId: instrument.id,
      last: ticker.lastPrice,
      bestBid: ticker.bid1,
      bestAsk: ticker.ask1,
      high24h: ticker.high24Price,
      low24h: ticker.lower24Price,
      baseVolume24h: (ticker.volume24 ?? Decimal.zero).times(instrument.contractSize),
      quoteVolume24h: ticker.amount24,
    }
  }

  /** The exchange takes times, no number: the newest of what it answers are kept. */
  async fetchCandles(instrument: Instrument, query: CandleQuery): Promise<readonly Candle[]> {
    const { interval, fromMs, toMs, limit = maxCandleRows } = query
    const { time, ...columns } = await this.rest.getCandles(
      instrument.exchangeSymbol,
      intervals[interval],
      fromMs,
      toMs,
    )
    const at = (column: keyof typeof columns, row: number): Decimal => columns[column][row] ?? Decimal.zero
    const candles = time.map((seconds, row) => ({
      instrumentId: instrument.id,
      interval,
      openTimeMs: seconds * msPerSecond,
      open: at('open', row),
      high: at('high', row),
      low: at('low', row),
      close: at('close', row),
      baseVolume: at('vol', row).times(instrument.contractSize),
      quoteVolume: at('amount', row),
      closed: undefined,
    }))
    return candles.slice(-limit)
  }

  close(): Promise<void> {
    return this.marketData.close()
  }

  /** Mark and index price come with the ticker; those of the funding answer are not documented. */
  private async fetchFundingRate(instrument: Instrument): Promise<FundingRate> {
    const [funding, ticker] = await Promise.all([
      this.rest.getFundingRate(instrument.exchangeSymbol),
      this.tickerOf(instrument),
    ])
    return {
      instrument,
      rate: funding.fundingRate,
      intervalMs: funding.collectCycle * msPerHour,
      nextAtMs: funding.nextSettleTime,
      markPrice: ticker.fairPrice,
      indexPrice: ticker.indexPrice,
    }
  }

  private async tickerOf(instrument: Instrument): Promise<MexcFuturesTicker> {
    const ticker = await this.rest.getTicker(instrument.exchangeSymbol)
    if (ticker.symbol === instrument.exchangeSymbol) return ticker
    throw new SymbolException({
      exchange: mexcExchangeId,
      message: `MEXC answered the ticker of ${ticker.symbol} for ${instrument.id}. Read the instruments again.`,
    })
  }
}

const mapLevel = ([price, quantity]: MexcFuturesLevel) => ({
  price: Decimal.parse(String(price)),
  quantity: Decimal.parse(String(quantity)),
})
