import type { FrameObject } from './frame-codec.js'
import { HummingbotValidationException } from './hummingbot-exception.js'
import { requireText } from './order-request.js'

export const hummingbotChannels = ['order_book', 'trades', 'ticker', 'orders'] as const
export type HummingbotChannel = (typeof hummingbotChannels)[number]

/** What is subscribed to. `market` may be left out for `orders` alone: all markets of the exchange. */
export interface HummingbotSubscription {
  readonly channel: HummingbotChannel
  readonly exchange: string
  readonly market?: string
}

const channelOfEvent: Readonly<Record<string, HummingbotChannel>> = {
  order_book_update: 'order_book',
  ticker_update: 'ticker',
  trade: 'trades',
}

/** @throws {@link HummingbotValidationException} */
export function checkSubscription(subscription: HummingbotSubscription): HummingbotSubscription {
  const { channel, exchange, market } = subscription
  if (!hummingbotChannels.includes(channel))
    throw new HummingbotValidationException(`Invalid channel: ${String(channel)}`)
  requireText(exchange, 'Exchange is required')
  if (channel === 'orders' && market === undefined) return { channel, exchange }
  return { channel, exchange, market: requireText(market, 'Market is required') }
}

/** What is wanted, by channel, exchange and market (R3.9), and what was given up on this side alone. */
export class SubscriptionSet {
  private readonly wanted = new Map<string, HummingbotSubscription>()
  /** Unsubscribed from a server that cannot: its pushes are dropped. */
  private readonly muted = new Set<string>()

  get all(): readonly HummingbotSubscription[] {
    return [...this.wanted.values()]
  }

  add(subscription: HummingbotSubscription): void {
    const key = keyOf(subscription)
    this.muted.delete(key)
    this.wanted.set(key, subscription)
  }

  remove(subscription: HummingbotSubscription): void {
    this.wanted.delete(keyOf(subscription))
  }

  mute(subscription: HummingbotSubscription): void {
    this.remove(subscription)
    this.muted.add(keyOf(subscription))
  }

  /** A new socket knows nothing of what was muted. */
  forgetMuted(): void {
    this.muted.clear()
  }

  isMuted(eventType: string, data: FrameObject): boolean {
    if (this.muted.size === 0) return false
    const channel = channelOfEvent[eventType]
    if (channel === undefined) return false
    return this.muted.has(keyOf({ channel, exchange: String(data['exchange']), market: String(data['symbol']) }))
  }
}

const keyOf = ({ channel, exchange, market }: HummingbotSubscription): string =>
  JSON.stringify([channel, exchange, market ?? null])
