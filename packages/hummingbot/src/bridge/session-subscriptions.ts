import { z } from 'zod'
import type { BridgeEvent } from './bridge-events.js'
import { invalidOrder } from './bridge-refusal.js'
import { readText, type BridgeAnswer, type BridgeRequest } from './bridge-request.js'
import type { ExchangeMap, MappedMarket } from './exchange-map.js'
import type { FeedListener, MarketDataHub } from './market-data-hub.js'
import type { OrderObject } from './order-view.js'
import type { TickerHub } from './ticker-hub.js'
import { decimalOf } from './upstream-values.js'

const channelWords = { order_book: 'order book', trades: 'trade', ticker: 'ticker', orders: 'order' } as const
type Channel = keyof typeof channelWords

const number = z.union([z.number(), z.string()])
const bookPush = z.object({ bids: z.array(z.tuple([number, number])), asks: z.array(z.tuple([number, number])) })
const tradesPush = z.array(
  z.object({ timestamp: z.number(), price: number, amount: number, side: z.enum(['buy', 'sell']) }),
)

interface Held {
  readonly channel: Channel
  readonly exchange: string
  /** `undefined` of `orders` for all markets. */
  readonly mapped: MappedMarket | undefined
  /** Ends it at its source. */
  readonly end: () => void
}

export interface SubscriptionParts {
  readonly map: ExchangeMap
  readonly hub: MarketDataHub
  readonly tickers: TickerHub
  readonly push: (event: BridgeEvent) => void
  /** Told when `orders` subscriptions have changed. */
  readonly onOrdersChanged: () => void
}

/** What one client has subscribed to. */
export class SessionSubscriptions {
  private readonly held = new Map<string, Held>()
  private isClosed = false

  constructor(private readonly parts: SubscriptionParts) {}

  /** Resolves once the source has acknowledged. @throws {@link BridgeRefusal} */
  async subscribe(request: BridgeRequest): Promise<BridgeAnswer> {
    const target = this.readTarget(request)
    const key = keyOf(target)
    if (!this.held.has(key)) {
      const end = await this.begin(target)
      // The client may have gone, or have asked twice, while the source was starting.
      if (this.isClosed || this.held.has(key)) end()
      else this.held.set(key, { ...target, end })
      if (target.channel === 'orders') this.parts.onOrdersChanged()
    }
    return { message: `Subscribed to ${describe(target)}` }
  }

  unsubscribe(request: BridgeRequest): BridgeAnswer {
    const target = this.readTarget(request)
    this.held.get(keyOf(target))?.end()
    this.held.delete(keyOf(target))
    return { message: `Unsubscribed from ${describe(target)}` }
  }

  /** The client's spellings of a pair whose orders it wants; `undefined` stands for all markets. */
  orderMarkets(exchange: string, pair: string): (string | undefined)[] {
    return [...this.held.values()]
      .filter((held) => held.channel === 'orders' && held.exchange === exchange)
      .filter(({ mapped }) => mapped === undefined || mapped.pair === pair)
      .map(({ mapped }) => mapped?.market)
  }

  /** Exchanges whose orders it wants. */
  get orderExchanges(): string[] {
    return [...this.held.values()].filter(({ channel }) => channel === 'orders').map(({ exchange }) => exchange)
  }

  close(): void {
    this.isClosed = true
    for (const { end } of this.held.values()) end()
    this.held.clear()
  }

  private async begin({ channel, mapped }: Omit<Held, 'end'>): Promise<() => void> {
    const { hub, push, tickers } = this.parts
    if (mapped === undefined || channel === 'orders') return () => undefined
    if (channel === 'ticker') {
      const listener = (ticker: OrderObject): void =>
        push({ type: 'ticker_update', data: { ...ticker, symbol: mapped.market, exchange: mapped.exchange } })
      tickers.add(mapped, listener)
      return () => tickers.remove(mapped, listener)
    }
    const { connectorName } = mapped.place
    const listener: FeedListener = (data, timestampS) => {
      for (const event of channel === 'order_book' ? bookEvents(mapped, data, timestampS) : tradeEvents(mapped, data))
        push(event)
    }
    await hub.add(channel, connectorName, mapped.pair, listener)
    return () => hub.remove(channel, connectorName, mapped.pair, listener)
  }

  private readTarget(request: BridgeRequest): Omit<Held, 'end'> {
    const channel = readText(request, 'channel', 'Channel is required')
    if (!isChannel(channel)) throw invalidOrder(`Channel ${channel} not supported`)
    const { exchange, market } = request.members
    if (channel === 'orders' && market === undefined) {
      this.parts.map.place(exchange)
      return { channel, exchange: exchange as string, mapped: undefined }
    }
    const mapped = this.parts.map.market(exchange, market)
    return { channel, exchange: mapped.exchange, mapped }
  }
}

const isChannel = (text: string): text is Channel => Object.hasOwn(channelWords, text)

const keyOf = ({ channel, exchange, mapped }: Omit<Held, 'end'>): string =>
  [channel, exchange, mapped?.market ?? '*'].join(' ')

const describe = ({ channel, exchange, mapped }: Omit<Held, 'end'>): string =>
  `${channelWords[channel]} updates for ${mapped?.market ?? 'all markets'} on ${exchange}`

function bookEvents({ market, exchange }: MappedMarket, data: unknown, timestamp: number): BridgeEvent[] {
  const parsed = bookPush.safeParse(data)
  if (!parsed.success) return []
  const rows = (side: readonly (readonly [number | string, number | string])[]): string[][] =>
    side.map(([price, amount]) => [decimalOf(price), decimalOf(amount)])
  const { bids, asks } = parsed.data
  const book = { symbol: market, exchange, bids: rows(bids), asks: rows(asks), timestamp }
  return [{ type: 'order_book_update', data: book }]
}

/** Public trades, with ids made of what is known of them; equal ones of one push are numbered. */
function tradeEvents({ market, exchange }: MappedMarket, data: unknown): BridgeEvent[] {
  const parsed = tradesPush.safeParse(data)
  if (!parsed.success) return []
  const counts = new Map<string, number>()
  return parsed.data.map(({ timestamp, price, amount, side }) => {
    const base = [Math.round(timestamp * 1000), decimalOf(price), decimalOf(amount), side].join('-')
    const n = (counts.get(base) ?? 0) + 1
    counts.set(base, n)
    return {
      type: 'trade',
      data: {
        trade_id: `${base}-${n}`,
        symbol: market,
        exchange,
        price: decimalOf(price),
        amount: decimalOf(amount),
        side,
        timestamp,
        own: false,
      },
    }
  })
}
