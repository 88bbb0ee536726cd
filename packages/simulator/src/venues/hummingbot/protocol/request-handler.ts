import type { Account } from '../../../accounts/account-book.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { defaultDepth, defaultHistoryLimit } from '../constants.js'
import { viewBook, viewTicker } from '../market-view.js'
import type { HummingbotSettings } from '../settings.js'
import type { OrderDesk } from './order-desk.js'
import { viewOrder } from './order-view.js'
import { invalidOrder, ProtocolRefusal } from './protocol-refusal.js'
import { readCount, requireText, type RequestFrame } from './request-frame.js'
import type { ChannelName, Subscription, Subscriptions } from './subscriptions.js'

/** What a success carries. */
export interface Answer {
  readonly message?: string
  readonly data?: unknown
  /** Runs once the response is written. */
  readonly afterwards?: () => void
}

/** Who asks. */
export interface Caller {
  readonly session: StreamSession
  readonly account: Account
  readonly apiKey: string
  readonly permission: 'read' | 'trade'
}

type Handler = (caller: Caller, frame: RequestFrame) => Answer

const channelWords: Readonly<Record<ChannelName, string>> = {
  order_book: 'order book',
  trades: 'trade',
  ticker: 'ticker',
  orders: 'order',
}

const changing: ReadonlySet<string> = new Set(['create_order', 'cancel_order'])

/** Carries out the requests of authenticated clients. */
export class RequestHandler {
  private readonly handlers: ReadonlyMap<string, Handler>

  constructor(
    private readonly host: VenueHost,
    private readonly settings: HummingbotSettings,
    private readonly desk: OrderDesk,
    private readonly subscriptions: Subscriptions,
  ) {
    const { connector } = settings
    this.handlers = new Map<string, Handler>([
      ['ping', () => ({})],
      ['create_order', (who, frame) => ({ data: viewOrder(desk.create(who.account, who.apiKey, frame), connector) })],
      ['cancel_order', (who, frame) => this.cancel(who, frame)],
      ['get_order', (who, frame) => ({ data: viewOrder(desk.find(who.account, frame), connector) })],
      ['get_open_orders', (who, frame) => this.listOpen(who, frame)],
      ['get_order_history', (who, frame) => this.listHistory(who, frame)],
      ['get_order_book', (_, frame) => this.fetchBook(frame)],
      ['get_ticker', (_, frame) => this.fetchTicker(frame)],
      ['get_balances', (who, frame) => this.fetchBalances(who, frame)],
      ['subscribe', (who, frame) => this.subscribe(who, frame)],
      ['unsubscribe', (who, frame) => this.unsubscribe(who, frame)],
    ])
  }

  /** @throws ProtocolRefusal The request is refused. */
  handle(caller: Caller, frame: RequestFrame): Answer {
    const handler = this.handlers.get(frame.type)
    if (handler === undefined) throw invalidOrder(`Unknown request type: ${frame.type}`)
    if (changing.has(frame.type) && caller.permission !== 'trade')
      throw new ProtocolRefusal('auth_failed', 'The API key has no trade permission')
    return handler(caller, frame)
  }

  private cancel({ account }: Caller, frame: RequestFrame): Answer {
    const id = requireText(frame, 'order_id', 'Order id is required')
    const order = this.desk.find(account, frame)
    if (!this.host.core.cancel(order)) throw invalidOrder(`Order ${id} not found`)
    return { data: { order_id: id, cancelled: this.settings.confirmsCancels } }
  }

  private listOpen({ account }: Caller, frame: RequestFrame): Answer {
    const { exchange, symbol } = this.desk.readMarket(frame)
    return { data: this.host.core.openOrders(account.id, symbol.name).map((order) => viewOrder(order, exchange)) }
  }

  private listHistory({ account }: Caller, frame: RequestFrame): Answer {
    const { exchange, symbol } = this.desk.readMarket(frame)
    const limit = readCount(frame, 'limit', defaultHistoryLimit)
    const orders = this.host.core.ordersOf(account.id).filter((order) => order.symbol === symbol)
    return {
      data: orders
        .slice(-limit)
        .toReversed()
        .map((order) => viewOrder(order, exchange)),
    }
  }

  private fetchBook(frame: RequestFrame): Answer {
    const { symbol } = this.desk.readMarket(frame)
    const book = viewBook(this.host.core, symbol, readCount(frame, 'depth', defaultDepth))
    return { data: { timestamp: this.host.clock.nowMs() / 1000, ...book } }
  }

  private fetchTicker(frame: RequestFrame): Answer {
    const { exchange, market, symbol } = this.desk.readMarket(frame)
    const timestamp = this.host.clock.nowMs() / 1000
    return { data: { timestamp, symbol: market, exchange, ...viewTicker(this.host, symbol) } }
  }

  private fetchBalances({ account }: Caller, frame: RequestFrame): Answer {
    const exchange = this.desk.readExchange(frame)
    const balances = [...account.balances].map(
      ([asset, { free, locked }]) =>
        [asset, { total: free.plus(locked).toString(), available: free.toString() }] as const,
    )
    return { data: { [exchange]: Object.fromEntries(balances) } }
  }

  private subscribe({ session }: Caller, frame: RequestFrame): Answer {
    const subscription = this.readSubscription(session, frame)
    this.subscriptions.add(subscription)
    return {
      message: `Subscribed to ${describe(subscription)}`,
      afterwards: () => this.subscriptions.pushFirst(subscription),
    }
  }

  private unsubscribe({ session }: Caller, frame: RequestFrame): Answer {
    const subscription = this.readSubscription(session, frame)
    this.subscriptions.remove(subscription)
    return { message: `Unsubscribed from ${describe(subscription)}` }
  }

  private readSubscription(session: StreamSession, frame: RequestFrame): Subscription {
    const channel = requireText(frame, 'channel', 'Channel is required')
    if (!isChannel(channel) || !this.serves(channel)) throw invalidOrder(`Channel ${channel} not supported`)
    if (channel === 'orders' && frame.members['market'] === undefined)
      return { session, channel, exchange: this.desk.readExchange(frame), market: undefined, symbol: undefined }
    return { session, channel, ...this.desk.readMarket(frame) }
  }

  /** The original protocol has books and trades; the other channels are advertised. */
  private serves(channel: ChannelName): boolean {
    return channel === 'order_book' || channel === 'trades' || this.settings.capabilities.includes(`channel:${channel}`)
  }
}

const isChannel = (text: string): text is ChannelName => Object.hasOwn(channelWords, text)

const describe = ({ channel, exchange, market }: Subscription): string =>
  `${channelWords[channel]} updates for ${market ?? 'all markets'} on ${exchange}`
