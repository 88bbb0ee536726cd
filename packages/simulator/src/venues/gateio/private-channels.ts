import type { BalanceChange, BalanceReason } from '../../accounts/account-book.js'
import type { OrderEvent } from '../../matching/exchange-listener.js'
import type { StreamSession } from '../../server/stream-session.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Caller } from './authentication.js'
import { type Channel, textsOf } from './channel.js'
import { seconds, viewPushedFill, viewPushedOrder } from './order-view.js'
import { readPairs } from './public-channels.js'
import { pushFrame, type StreamError } from './stream-frames.js'
import { Subscribers } from './subscribers.js'
import { TopicChannel } from './topic-channel.js'

const allPairs = '!all'

const eventNames: Readonly<Record<OrderEvent, string>> = {
  created: 'put',
  filled_in_part: 'update',
  amended: 'update',
  ended: 'finish',
}

const changeTypes: Readonly<Record<BalanceReason, string>> = {
  deposit: 'deposit',
  order_created: 'order-create',
  order_match: 'order-match',
  order_updated: 'order-update',
  order_ended: 'order-update',
  fee: 'trade-fee-deduct',
}

/** A private channel whose payload is a list of pairs, or `!all`. Topics are `account pair`. */
abstract class OwnPairChannel extends TopicChannel {
  readonly isPrivate = true

  constructor(
    protected readonly host: VenueHost,
    protected readonly name: string,
  ) {
    super()
  }

  /** Each session gets the item once, whichever way it subscribed. */
  protected push(accountId: string, symbol: string, item: () => unknown): void {
    const topics = [`${accountId} ${symbol}`, `${accountId} ${allPairs}`]
    const sessions = new Set(topics.flatMap((topic) => this.subscribers.sessions(topic)))
    if (sessions.size === 0) return
    const frame = pushFrame(this.host.clock, this.name, [item()])
    for (const session of sessions) session.push(frame, { channel: this.name, scope: 'private', symbol })
  }

  protected topicsOf(payload: unknown, caller: Caller): string[] | StreamError {
    const prefix = caller.account.id
    if (textsOf(payload)?.includes(allPairs) === true) return [`${prefix} ${allPairs}`]
    const symbols = readPairs(this.host, payload)
    return Array.isArray(symbols) ? symbols.map(({ name }) => `${prefix} ${name}`) : symbols
  }
}

/** `spot.orders` and `spot.orders_v2`. */
export class OrdersChannel extends OwnPairChannel {
  constructor(host: VenueHost, v2: boolean) {
    super(host, v2 ? 'spot.orders_v2' : 'spot.orders')
    host.core.listen({
      onOrder: (order, event) => {
        const { uid } = host.core.accounts.get(order.accountId)
        this.push(order.accountId, order.symbol.name, () => viewPushedOrder(order, eventNames[event], uid, v2))
      },
    })
  }
}

/** `spot.usertrades` and `spot.usertrades_v2`. */
export class UserTradesChannel extends OwnPairChannel {
  constructor(host: VenueHost, v2: boolean) {
    super(host, v2 ? 'spot.usertrades_v2' : 'spot.usertrades')
    host.core.listen({
      onFill: (fill, order) => {
        const { uid } = host.core.accounts.get(fill.accountId)
        this.push(fill.accountId, fill.symbol, () => viewPushedFill(fill, order, uid, v2))
      },
    })
  }
}

/** `spot.priceorders` takes subscriptions; trigger orders are shown by REST. */
export class PriceOrdersChannel extends OwnPairChannel {
  constructor(host: VenueHost) {
    super(host, 'spot.priceorders')
  }
}

/** `spot.balances`; a payload is taken and ignored. */
export class BalancesChannel implements Channel {
  readonly isPrivate = true
  private readonly subscribers = new Subscribers()

  constructor(private readonly host: VenueHost) {
    host.core.listen({ onBalance: (change) => this.push(change) })
  }

  subscribe(session: StreamSession, _payload: unknown, caller: Caller): undefined {
    this.subscribers.add(caller.account.id, session)
  }

  unsubscribe(session: StreamSession, _payload: unknown, caller: Caller): undefined {
    this.subscribers.remove(caller.account.id, session)
  }

  closed(session: StreamSession): void {
    this.subscribers.removeSession(session)
  }

  private push(change: BalanceChange): void {
    if (!this.subscribers.has(change.accountId)) return
    const nowMs = this.host.clock.nowMs()
    const item = {
      timestamp: seconds(nowMs),
      timestamp_ms: String(nowMs),
      user: String(this.host.core.accounts.get(change.accountId).uid),
      currency: change.asset,
      change: change.freeChange.plus(change.lockedChange).toString(),
      total: change.free.plus(change.locked).toString(),
      available: change.free.toString(),
      freeze: change.locked.toString(),
      freeze_change: change.lockedChange.toString(),
      change_type: changeTypes[change.reason],
    }
    const frame = pushFrame(this.host.clock, 'spot.balances', [item])
    this.subscribers.push(change.accountId, frame, { channel: 'spot.balances', scope: 'private' })
  }
}

/** Balances of account kinds that nobody has here: subscriptions are taken, nothing is ever pushed. */
export const emptyPrivateChannel: Channel = {
  isPrivate: true,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  closed: () => undefined,
}
