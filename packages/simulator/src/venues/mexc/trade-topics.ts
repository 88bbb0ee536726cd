import type { PublicTrade } from '../../matching/exchange-listener.js'
import { streamIntervals } from './kline-intervals.js'
import { type MarketData, type Statistics, trimmedNumber, windowEnd } from './market-data.js'
import type { MexcSymbol } from './mexc-symbol.js'
import { trimmedPrice, trimmedQuantity } from './number-text.js'
import { formatTradeId } from './order-view.js'
import type { MessageFields } from './protobuf-encoder.js'
import { type PublicSubscription, zoneOffsetMs } from './subscription.js'
import type { Topic, TopicPush, TopicSources } from './topic.js'
import { pairIdOf } from './venue-ids.js'

/** Trades since the last push. */
export class DealsTopic implements Topic {
  private deals: MessageFields[] = []

  constructor(
    private readonly symbol: MexcSymbol,
    private readonly eventType: string,
  ) {}

  get isDue(): boolean {
    return this.deals.length > 0
  }

  onTrade(trade: PublicTrade): void {
    this.deals.push({
      price: trimmedPrice(this.symbol.trading, trade.priceTicks),
      quantity: trimmedQuantity(this.symbol.trading, trade.lots),
      tradeType: trade.side === 'buy' ? 1 : 2,
      time: trade.atMs,
      tradeId: formatTradeId(trade.tradeId),
    })
  }

  flush(): TopicPush | undefined {
    const { deals, eventType } = this
    this.deals = []
    return deals.length === 0 ? undefined : { body: { publicAggreDeals: { deals, eventType } } }
  }
}

/** The forming bar, once a second; window times are seconds. */
export class KlineTopic implements Topic {
  readonly isDue = true

  constructor(
    private readonly symbol: MexcSymbol,
    private readonly interval: string,
    private readonly data: MarketData,
  ) {}

  flush(): TopicPush | undefined {
    const window = streamIntervals[this.interval]!
    const bar = this.data.currentBar(this.symbol, window)
    if (bar === undefined) return undefined
    const { priceDecimals, quantityDecimals } = this.symbol.trading
    const price = (value: number): string => trimmedNumber(value, priceDecimals)
    const fields = {
      interval: this.interval,
      windowStart: bar.openMs / 1000,
      openingPrice: price(bar.open),
      closingPrice: price(bar.close),
      highestPrice: price(bar.high),
      lowestPrice: price(bar.low),
      volume: trimmedNumber(bar.volume, quantityDecimals),
      amount: trimmedNumber(bar.quoteVolume, priceDecimals),
      windowEnd: windowEnd(window, bar.openMs) / 1000,
    }
    return { body: { publicSpotKline: fields }, createTimed: true, symbolId: pairIdOf(this.symbol.id) }
  }
}

const dayMs = 86_400_000
const rateDecimals = 4

/** Day statistics of one pair or of all, every three seconds. */
export class MiniTickersTopic implements Topic {
  readonly isDue = true

  constructor(
    private readonly pairs: readonly MexcSymbol[],
    private readonly subscription: PublicSubscription,
    private readonly sources: TopicSources,
  ) {}

  flush(): TopicPush {
    const items = this.pairs.map((symbol) => this.ticker(symbol))
    return this.subscription.kind === 'miniTicker'
      ? { body: { publicMiniTicker: items[0]! } }
      : { body: { publicMiniTickers: { items } } }
  }

  private ticker(symbol: MexcSymbol): MessageFields {
    const { data, host } = this.sources
    const nowMs = host.clock.nowMs()
    const offsetMs = zoneOffsetMs(this.subscription.detail!)
    const day = data.statistics(symbol)
    const zoned =
      offsetMs === undefined ? day : data.statistics(symbol, Math.floor((nowMs + offsetMs) / dayMs) * dayMs - offsetMs)
    const { priceDecimals, quantityDecimals } = symbol.trading
    const high = trimmedNumber(day.high, priceDecimals)
    const low = trimmedNumber(day.low, priceDecimals)
    return {
      symbol: symbol.id,
      price: trimmedNumber(day.last, priceDecimals),
      rate: rate(day),
      zonedRate: rate(zoned),
      high,
      low,
      volume: trimmedNumber(day.quoteVolume, priceDecimals),
      quantity: trimmedNumber(day.volume, quantityDecimals),
      lastCloseRate: rate(day),
      lastCloseZonedRate: rate(zoned),
      lastCloseHigh: high,
      lastCloseLow: low,
    }
  }
}

const rate = ({ open, last }: Statistics): string => trimmedNumber(open === 0 ? 0 : last / open - 1, rateDecimals)
