import type {
  BookSnapshot,
  Candle,
  CandleInterval,
  ExchangeId,
  Instrument,
  MarketType,
  Ticker,
  Trade,
} from '@cex-arbitrage/common'
import type { ExchangeCapabilities } from '../structs/exchange-capabilities.js'
import type { ServerTime } from '../structs/server-time.js'
import type { FundingDesk } from './funding-desk.js'
import type { MarketDataFeed } from './market-data-feed.js'

export interface CandleQuery {
  readonly interval: CandleInterval
  /** At most so many, the newest when no time is given. */
  readonly limit?: number
  /** Unix milliseconds, inclusive. */
  readonly fromMs?: number
  readonly toMs?: number
}

/**
 * Market data of one kind of market of one exchange. Every method throws the `ExchangeException` family: connection,
 * unavailable, data, rate limit, symbol.
 */
export interface PublicExchange {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly capabilities: ExchangeCapabilities
  readonly marketData: MarketDataFeed
  /** On perpetual contracts alone. */
  readonly funding?: FundingDesk
  fetchServerTime(): Promise<ServerTime>
  /** All instruments the exchange lists, those not tradable now included (see `status`). */
  fetchInstruments(): Promise<readonly Instrument[]>
  /** @param depth - Levels a side; cut to what the exchange can. */
  fetchOrderBook(instrument: Instrument, depth?: number): Promise<BookSnapshot>
  /** The newest public trades, newest first. */
  fetchTrades(instrument: Instrument, limit?: number): Promise<readonly Trade[]>
  fetchTicker(instrument: Instrument): Promise<Ticker>
  /** Oldest first. */
  fetchCandles(instrument: Instrument, query: CandleQuery): Promise<readonly Candle[]>
  close(): Promise<void>
}
