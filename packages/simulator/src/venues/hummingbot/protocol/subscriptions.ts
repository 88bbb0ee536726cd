import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { streamDepth, tickerIntervalMs } from '../constants.js'
import { viewBook, viewTicker } from '../market-view.js'
import type { HummingbotSettings } from '../settings.js'

export type ChannelName = 'order_book' | 'trades' | 'ticker' | 'orders'

/** One client's interest, in its own spelling. */
export interface Subscription {
  readonly session: StreamSession
  readonly channel: ChannelName
  readonly exchange: string
  /** As the client spells it; `undefined` of `orders` for all markets. */
  readonly market: string | undefined
  readonly symbol: TradingSymbol | undefined
}

/** Who listens to what, and the market data that they get. */
export class Subscriptions {
  private readonly held = new Map<string, Subscription>()
  private readonly changedBooks = new Set<string>()
  private readonly lastTickers = new Map<string, string>()

  constructor(
    private readonly host: VenueHost,
    private readonly settings: HummingbotSettings,
  ) {
    host.core.listen({
      onBookChange: ({ symbol }) => this.onBookChange(symbol),
      onTrade: (trade) => {
        const { symbol, priceTicks, lots, ...rest } = trade
        for (const subscription of this.of('trades', symbol))
          this.push(subscription, 'trade', {
            trade_id: String(rest.tradeId),
            price: subscription.symbol!.price(priceTicks).toString(),
            amount: subscription.symbol!.quantity(lots).toString(),
            side: rest.side,
            timestamp: rest.atMs / 1000,
            own: false,
          })
      },
    })
  }

  /** Begins to look at tickers. */
  start(): void {
    this.host.clock.setTimer(() => {
      for (const subscription of this.held.values())
        if (subscription.channel === 'ticker') this.pushTicker(subscription)
      this.start()
    }, tickerIntervalMs)
  }

  add(subscription: Subscription): void {
    this.held.set(keyOf(subscription), subscription)
  }

  /** What a new subscriber of market data gets at once. */
  pushFirst(subscription: Subscription): void {
    if (subscription.channel === 'order_book') this.pushBook(subscription)
    if (subscription.channel === 'ticker') this.pushTicker(subscription)
  }

  /** `false` when there was none. */
  remove(subscription: Subscription): boolean {
    this.lastTickers.delete(keyOf(subscription))
    return this.held.delete(keyOf(subscription))
  }

  removeSession(session: StreamSession): void {
    for (const subscription of this.held.values()) if (subscription.session === session) this.remove(subscription)
  }

  wantsOrders(session: StreamSession, symbol: string): boolean {
    for (const held of this.held.values())
      if (held.channel === 'orders' && held.session === session && (held.symbol?.name ?? symbol) === symbol) return true
    return false
  }

  private onBookChange(symbol: string): void {
    if (this.changedBooks.has(symbol) || this.of('order_book', symbol).length === 0) return
    this.changedBooks.add(symbol)
    this.host.clock.setTimer(() => {
      this.changedBooks.delete(symbol)
      for (const subscription of this.of('order_book', symbol)) this.pushBook(subscription)
    }, this.settings.bookIntervalMs)
  }

  private pushBook(subscription: Subscription): void {
    const book = viewBook(this.host.core, subscription.symbol!, streamDepth)
    this.push(subscription, 'order_book_update', { ...book, timestamp: this.host.clock.nowMs() / 1000 })
  }

  private pushTicker(subscription: Subscription): void {
    const ticker = viewTicker(this.host, subscription.symbol!)
    const text = JSON.stringify(ticker)
    if (this.lastTickers.get(keyOf(subscription)) === text) return
    this.lastTickers.set(keyOf(subscription), text)
    this.push(subscription, 'ticker_update', { timestamp: this.host.clock.nowMs() / 1000, ...ticker })
  }

  private push(subscription: Subscription, type: string, data: Readonly<Record<string, unknown>>): void {
    const { session, market, exchange, symbol, channel } = subscription
    const frame = JSON.stringify({ type, data: { symbol: market, exchange, ...data } })
    session.push(frame, { channel, scope: 'public', symbol: symbol!.name })
  }

  private of(channel: ChannelName, symbol: string): Subscription[] {
    return [...this.held.values()].filter((held) => held.channel === channel && held.symbol?.name === symbol)
  }
}

const keyOf = ({ session, channel, exchange, market }: Subscription): string =>
  [session.id, channel, exchange, market ?? '*'].join(' ')
