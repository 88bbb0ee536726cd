import {
  Decimal,
  ExchangeCapabilityException,
  type BookSnapshot,
  type Instrument,
  type Ticker,
} from '@cex-arbitrage/common'
import {
  asPart,
  type ExchangeCapabilities,
  type ExchangeContext,
  type ExchangeParts,
  type PublicExchange,
  type ServerTime,
} from '@cex-arbitrage/exchanges'
import { createHummingbotCapabilities } from './capabilities.js'
import { HummingbotLink } from './hummingbot-link.js'
import { HummingbotMarketDataFeed } from './market-data-feed.js'

/** Market data of one venue behind Hummingbot. */
export class HummingbotPublicExchange implements PublicExchange {
  readonly marketType = 'spot'
  readonly marketData: HummingbotMarketDataFeed
  private readonly link: HummingbotLink

  constructor(
    private readonly context: ExchangeContext,
    parts: ExchangeParts,
  ) {
    this.link = asPart(parts.rest, HummingbotLink)
    this.marketData = asPart(parts.webSocket, HummingbotMarketDataFeed)
  }

  get exchange() {
    return this.link.exchange
  }

  get capabilities(): ExchangeCapabilities {
    return createHummingbotCapabilities(this.link.client.capabilities.has('client_order_id'))
  }

  /** The protocol has no clock of its own; what is measured is the way there and back. */
  async fetchServerTime(): Promise<ServerTime> {
    await this.link.connect()
    const { clock } = this.context
    const startedAtUs = clock.nowUs()
    await this.link.client.ping()
    const roundTripMs = (clock.nowUs() - startedAtUs) / 1_000
    return { exchangeTimeMs: clock.nowMs(), offsetMs: 0, roundTripMs }
  }

  /** Those that are configured. */
  fetchInstruments(): Promise<readonly Instrument[]> {
    return Promise.resolve(this.link.instruments)
  }

  async fetchOrderBook(instrument: Instrument, depth = 100): Promise<BookSnapshot> {
    await this.link.connect()
    const query = { ...this.link.marketOf(instrument), depth: Math.min(depth, this.capabilities.maxSnapshotDepth) }
    const { bids, asks, timestamp } = await this.link.client.getOrderBook(query)
    const levels = (side: typeof bids) =>
      side.map(([price, amount]) => ({ price: Decimal.parse(price), quantity: Decimal.parse(amount) }))
    return {
      instrumentId: instrument.id,
      sequence: 0,
      bids: levels(bids),
      asks: levels(asks),
      exchangeTimeMs: Math.round(timestamp * 1_000),
    }
  }

  async fetchTicker(instrument: Instrument): Promise<Ticker> {
    await this.link.connect()
    const { bid, ask, last, volume } = await this.link.client.getTicker(this.link.marketOf(instrument))
    const lastPrice = Decimal.parse(last)
    return {
      instrumentId: instrument.id,
      last: lastPrice,
      bestBid: Decimal.parse(bid),
      bestAsk: Decimal.parse(ask),
      // Not told by the protocol; the last price is the one thing known to lie between them.
      high24h: lastPrice,
      low24h: lastPrice,
      baseVolume24h: Decimal.parse(volume),
      quoteVolume24h: undefined,
    }
  }

  fetchTrades(): Promise<never> {
    return Promise.reject(this.cannot('past trades'))
  }

  fetchCandles(): Promise<never> {
    return Promise.reject(this.cannot('candles'))
  }

  close(): Promise<void> {
    return this.marketData.close()
  }

  private cannot(what: string): ExchangeCapabilityException {
    return new ExchangeCapabilityException({
      exchange: this.exchange,
      message: `The Hummingbot protocol has no ${what}. Ask hummingbot-api for them.`,
    })
  }
}
