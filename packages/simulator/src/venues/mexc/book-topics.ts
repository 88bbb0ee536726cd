import type { BookChange } from '../../matching/exchange-listener.js'
import type { MatchingEngine } from '../../matching/matching-engine.js'
import type { PriceLadder } from '../../matching/price-ladder.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { trimmedPrice, trimmedQuantity } from './number-text.js'
import type { MessageFields } from './protobuf-encoder.js'
import type { PublicSubscription } from './subscription.js'
import type { Topic, TopicPush } from './topic.js'

/** Changed levels since the last push, with the contiguous range of versions that they cover. */
export class DepthTopic implements Topic {
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
export class BookTickerTopic implements Topic {
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

export class BookTickerBatchTopic implements Topic {
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
export class LimitDepthTopic implements Topic {
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
