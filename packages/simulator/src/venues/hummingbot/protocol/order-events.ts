import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import type { HummingbotSettings } from '../settings.js'
import { viewOrderUpdate, viewOwnTrade } from './order-view.js'
import type { Subscriptions } from './subscriptions.js'

/** Pushes `order_update` and the owner's `trade` to every connection of the account. */
export class OrderEvents {
  private readonly sessions = new Map<StreamSession, string>()

  constructor(
    host: VenueHost,
    private readonly settings: HummingbotSettings,
    private readonly subscriptions: Subscriptions,
  ) {
    const { connector } = settings
    host.core.listen({
      onOrder: (order) =>
        this.push(order.accountId, order.symbol.name, {
          type: 'order_update',
          data: viewOrderUpdate(order, connector, host.clock.nowMs()),
        }),
      onFill: (fill, order) =>
        this.push(order.accountId, order.symbol.name, { type: 'trade', data: viewOwnTrade(fill, order, connector) }),
    })
  }

  /** From now on `session` hears of the orders of `accountId`. */
  add(session: StreamSession, accountId: string): void {
    this.sessions.set(session, accountId)
  }

  remove(session: StreamSession): void {
    this.sessions.delete(session)
  }

  private push(accountId: string, symbol: string, event: { readonly type: string; readonly data: unknown }): void {
    for (const [session, owner] of this.sessions) {
      if (owner !== accountId) continue
      if (!this.settings.pushesOrdersUnasked && !this.subscriptions.wantsOrders(session, symbol)) continue
      session.push(JSON.stringify(event), { channel: event.type, scope: 'private', symbol })
    }
  }
}
