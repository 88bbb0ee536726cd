import {
  ExchangeCapabilityException,
  type BookSnapshot,
  type Candle,
  type Clock,
  type ExchangeId,
  type Instrument,
  type MarketType,
  type Ticker,
  type Trade,
} from '@cex-arbitrage/common'
import type { ExchangeCapabilities, PublicExchange, ServerTime } from '@cex-arbitrage/exchanges'
import { CapturedQuoteFeed } from './captured-quote-feed.js'
import type { QuoteSeries } from './quote-series.js'

const capabilities: ExchangeCapabilities = {
  marketType: 'spot',
  marketOrders: true,
  timesInForce: ['gtc', 'ioc', 'fok'],
  postOnly: true,
  orderEntry: ['rest'],
  queryByClientOrderId: true,
  cancelByClientOrderId: true,
  clientOrderIdLookupMs: undefined,
  cancelAll: true,
  sequencedBooks: false,
  maxSnapshotDepth: 1,
  streamedDepth: 1,
  privateStreams: { orders: true, fills: true, balances: true },
  deadManSwitch: false,
  feeAssetRule: 'quote',
  maxClientOrderIdLength: 32,
}

/** The public side of an exchange of which there is nothing but a capture of best quotes. Its clock is right. */
export class CapturedExchange implements PublicExchange {
  readonly exchange: ExchangeId
  readonly marketType: MarketType = 'spot'
  readonly capabilities = capabilities
  readonly marketData: CapturedQuoteFeed

  constructor(
    private readonly series: QuoteSeries,
    private readonly clock: Clock,
  ) {
    this.exchange = series.instrument.exchange
    this.marketData = new CapturedQuoteFeed(series, clock)
  }

  fetchServerTime(): Promise<ServerTime> {
    return Promise.resolve({ exchangeTimeMs: this.clock.nowMs(), offsetMs: 0, roundTripMs: 0 })
  }

  fetchInstruments(): Promise<readonly Instrument[]> {
    return Promise.resolve([this.series.instrument])
  }

  fetchOrderBook(): Promise<BookSnapshot> {
    return this.refuse('order books')
  }

  fetchTrades(): Promise<readonly Trade[]> {
    return this.refuse('trades')
  }

  fetchTicker(): Promise<Ticker> {
    return this.refuse('tickers')
  }

  fetchCandles(): Promise<readonly Candle[]> {
    return this.refuse('candles')
  }

  close(): Promise<void> {
    return this.marketData.close()
  }

  private refuse(what: string): Promise<never> {
    const message = `A capture of best quotes has no ${what} to ask for.`
    return Promise.reject(new ExchangeCapabilityException({ exchange: this.exchange, message }))
  }
}
