import type { BookChange, PublicTrade } from '../../matching/exchange-listener.js'
import type { MatchingEngine } from '../../matching/matching-engine.js'
import type { PriceLadder } from '../../matching/price-ladder.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { streamIntervals } from './kline-intervals.js'
import { type MarketData, type Statistics, trimmedNumber, windowEnd } from './market-data.js'
import type { MexcSymbol } from './mexc-symbol.js'
import { trimmedPrice, trimmedQuantity } from './number-text.js'
import { formatTradeId } from './order-view.js'
import type { MessageFields } from './protobuf-encoder.js'
import { type PublicSubscription, zoneOffsetMs } from './subscription.js'
import { symbolIdNumber } from './venue-ids.js'

/** What a topic pushes: the body, and what the wrapper carries besides channel and send time. */
export interface TopicPush {
  readonly body: MessageFields
  /** Stamp the frame with the time of creation, as klines do, instead of the time of sending. */
  readonly createTimed?: boolean
  readonly symbolId?: string
}

/** Content of one public channel, shared by all who subscribed to it. */
export interface Topic {
  /** `due`: something is to be pushed at the next boundary of the channel's pace. */
  onBookChange?(change: BookChange): void
  onTrade?(trade: PublicTrade): void
  /** Whether a flush now would push. */
  readonly isDue: boolean
  /** Milliseconds after which a push comes even though nothing has changed; never when absent. */
  readonly repeatMs?: number
  /** Takes what is to be pushed. */
  flush(): TopicPush | undefined
}

/** What topics read from. */
export interface TopicSources {
  readonly host: VenueHost
  readonly data: MarketData
  readonly symbols: ReadonlyMap<string, MexcSymbol>
}

/** The topic of a subscription. */
export function createTopic(subscription: PublicSubscription, sources: TopicSources): Topic {
  const { data, symbols } = sources
  if (subscription.kind === 'miniTickers') return new MiniTickersTopic([...symbols.values()], subscription, sources)
  const symbol = symbols.get(subscription.symbol)!
  const engine = data.engine(symbol)
  switch (subscription.kind) {
    case 'depth':
      return new DepthTopic(engine, subscription.channel)
    case 'deals':
      return new DealsTopic(symbol, subscription.channel)
    case 'bookTicker':
      return new BookTickerTopic(engine, sources.host)
    case 'bookTickerBatch':
      return new BookTickerBatchTopic(engine)
    case 'limitDepth':
      return new LimitDepthTopic(engine, subscription, sources.host)
    case 'kline':
      return new KlineTopic(symbol, subscription.detail!, data)
    case 'miniTicker':
      return new MiniTickersTopic([symbol], subscription, sources)
  }
}

/** Changed levels since the last push, with the contiguous range of versions that they cover. */
class DepthTopic implements Topic {
  private readonly changed = { buy: new Map<number, number>(), sell: new Map<number, number>() }
  private fromVersion: number
  private toVersion: number
  private changedAtMs = 0

  constructor(
    private readonly engine: MatchingEngine,
    private readonly eventType: string,
  ) {
    this.toVersion = engine.sequence
    this.fromVersion = engine.sequence + 1
  }

  get isDue(): boolean {
    return this.toVersion >= this.fromVersion
  }

  onBookChange(change: BookChange): void {
    this.changed[change.side].set(change.priceTicks, change.lots)
    this.toVersion = change.sequence
    this.changedAtMs = change.atMs
  }

  flush(): TopicPush | undefined {
    if (!this.isDue) return undefined
    const { fromVersion, toVersion, eventType } = this
    const fields = {
      asks: this.take('sell'),
      bids: this.take('buy'),
      eventType,
      fromVersion: String(fromVersion),
      toVersion: String(toVersion),
      lastOrderCreateTime: this.changedAtMs,
    }
    this.fromVersion = toVersion + 1
    return { body: { publicAggreDepths: fields } }
  }

  private take(side: 'buy' | 'sell'): MessageFields[] {
    const sign = side === 'buy' ? -1 : 1
    const levels = [...this.changed[side]].toSorted(([a], [b]) => (a - b) * sign)
    this.changed[side].clear()
    return levels.map(([ticks, lots]) => levelFields(this.engine, ticks, lots))
  }
}

const levelFields = ({ symbol }: MatchingEngine, ticks: number, lots: number): MessageFields => ({
  price: trimmedPrice(symbol, ticks),
  quantity: trimmedQuantity(symbol, lots),
})

const topLevels = (engine: MatchingEngine, ladder: PriceLadder, count: number): MessageFields[] =>
  ladder.levels.slice(0, count).map(({ priceTicks, totalLots }) => levelFields(engine, priceTicks, totalLots))

/** Trades since the last push. */
class DealsTopic implements Topic {
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

function bestFields(engine: MatchingEngine): MessageFields {
  const { asks, bids, symbol } = engine
  return {
    bidPrice: bids.best && trimmedPrice(symbol, bids.best.priceTicks),
    bidQuantity: bids.best && trimmedQuantity(symbol, bids.best.totalLots),
    askPrice: asks.best && trimmedPrice(symbol, asks.best.priceTicks),
    askQuantity: asks.best && trimmedQuantity(symbol, asks.best.totalLots),
  }
}

/** Best prices whenever anything in the book changed, so mostly the same again, as on the venue. */
class BookTickerTopic implements Topic {
  isDue = true
  readonly repeatMs = 1000

  constructor(
    private readonly engine: MatchingEngine,
    private readonly host: VenueHost,
  ) {}

  onBookChange(): void {
    this.isDue = true
  }

  flush(): TopicPush {
    this.isDue = false
    const { engine, host } = this
    const lastOrderCreateTime = host.core.bookChangedAtMs(engine.symbol.name)
    const fields = { ...bestFields(engine), version: String(engine.sequence), lastOrderCreateTime }
    return { body: { publicAggreBookTicker: fields } }
  }
}

class BookTickerBatchTopic implements Topic {
  isDue = true

  constructor(private readonly engine: MatchingEngine) {}

  onBookChange(): void {
    this.isDue = true
  }

  flush(): TopicPush {
    this.isDue = false
    return {
      body: { publicBookTickerBatch: { items: [bestFields(this.engine)], version: String(this.engine.sequence) } },
    }
  }
}

/** The whole top of the book on every change. */
class LimitDepthTopic implements Topic {
  isDue = true

  constructor(
    private readonly engine: MatchingEngine,
    private readonly subscription: PublicSubscription,
    private readonly host: VenueHost,
  ) {}

  onBookChange(): void {
    this.isDue = true
  }

  flush(): TopicPush {
    this.isDue = false
    const { engine, subscription } = this
    const fields = {
      asks: topLevels(engine, engine.asks, subscription.levels!),
      bids: topLevels(engine, engine.bids, subscription.levels!),
      eventType: subscription.channel,
      version: String(engine.sequence),
      lastOrderCreateTime: this.host.core.bookChangedAtMs(engine.symbol.name),
    }
    return { body: { publicLimitDepths: fields } }
  }
}

/** The forming bar, once a second; window times are seconds. */
class KlineTopic implements Topic {
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
    return { body: { publicSpotKline: fields }, createTimed: true, symbolId: symbolIdNumber(this.symbol.id) }
  }
}

const dayMs = 86_400_000
const rateDecimals = 4

/** Day statistics of one pair or of all, every three seconds. */
class MiniTickersTopic implements Topic {
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
