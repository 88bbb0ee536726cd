import { usPerMs, type Clock, type ExchangeId, type InstrumentId } from '@cex-arbitrage/common'
import type { MarketDataFeed } from '@cex-arbitrage/exchanges'
import type { RiskLimits } from './risk-limits.js'

interface WatchedFeed {
  readonly exchange: ExchangeId
  readonly feed: MarketDataFeed
  readonly instrumentIds: readonly InstrumentId[]
}

/** Whether exchanges still send market data: their feed is connected and some book of it has been heard of lately. */
export class FeedWatch {
  private readonly feeds: WatchedFeed[] = []
  private readonly watched: ExchangeId[] = []
  private readonly everAlive = new Set<ExchangeId>()

  constructor(
    private readonly clock: Clock,
    private readonly limits: Pick<RiskLimits, 'maxFeedSilenceMs'>,
  ) {}

  add(exchange: ExchangeId, feed: MarketDataFeed, instrumentIds: readonly InstrumentId[]): void {
    this.feeds.push({ exchange, feed, instrumentIds })
    if (!this.watched.includes(exchange)) this.watched.push(exchange)
  }

  get exchanges(): readonly ExchangeId[] {
    return this.watched
  }

  /** True for an exchange of which no feed is alive, one that was never added included. */
  isStale(exchange: ExchangeId): boolean {
    return !this.feeds.some((watched) => watched.exchange === exchange && this.isAlive(watched))
  }

  /** True for an exchange that has been heard of and is stale now; while everything starts, nothing has fallen silent. */
  hasFallenSilent(exchange: ExchangeId): boolean {
    if (this.isStale(exchange)) return this.everAlive.has(exchange)
    this.everAlive.add(exchange)
    return false
  }

  private isAlive({ feed, instrumentIds }: WatchedFeed): boolean {
    if (!feed.health.connected) return false
    const oldestUs = this.clock.nowUs() - this.limits.maxFeedSilenceMs * usPerMs
    return instrumentIds.some((id) => {
      const book = feed.book(id)
      return book !== undefined && book.receivedAtUs >= oldestUs
    })
  }
}
