import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { Caller } from '../authentication.js'
import { type Channel, invalidArgument, textsOf } from '../channel.js'
import { listedContract } from '../pairs.js'
import { pushFrame, type StreamError } from '../stream-frames.js'
import { Subscribers } from '../subscribers.js'
import { TopicChannel } from '../topic-channel.js'
import { viewPushedFuturesFill, viewPushedFuturesOrder } from './futures-order-view.js'
import { viewPushedEntry, viewPushedPosition } from './position-view.js'
import { unknownContract } from './public-channels.js'
import { pushSized } from './push-sized.js'
import type { SizeStyle } from './sizes.js'

const allContracts = '!all'

/** A private channel whose payload is `[user id, contract | "!all"]`. Topics are `account contract`. */
export class OwnContractChannel extends TopicChannel {
  readonly isPrivate = true

  constructor(
    protected readonly market: PerpetualMarket,
    protected readonly name: string,
  ) {
    super()
  }

  /** Each session gets the item once, whichever way it subscribed. */
  protected push(accountId: string, symbol: string, item: (style: SizeStyle) => unknown): void {
    const topics = [`${accountId} ${symbol}`, `${accountId} ${allContracts}`]
    const sessions = new Set(topics.flatMap((topic) => this.subscribers.sessions(topic)))
    const frame = (style: SizeStyle): string => pushFrame(this.market.clock, this.name, [item(style)])
    pushSized(sessions, frame, { channel: this.name, scope: 'private', symbol })
  }

  protected topicsOf(payload: unknown, caller: Caller): string[] | StreamError {
    const [user, ...contracts] = textsOf(payload) ?? []
    if (user === undefined || contracts.length === 0) return invalidArgument('invalid argument')
    if (this.name !== 'futures.positions' && user !== String(caller.account.uid))
      return { code: 4, message: 'authentication fail' }
    const names: string[] = []
    for (const contract of contracts) {
      if (contract === allContracts) return [`${caller.account.id} ${allContracts}`]
      const symbol = listedContract(this.market.core, contract)
      if (symbol === undefined) return unknownContract(contract)
      names.push(`${caller.account.id} ${symbol.name}`)
    }
    return names
  }
}

/** `futures.orders`. */
export class FuturesOrdersChannel extends OwnContractChannel {
  constructor(market: PerpetualMarket) {
    super(market, 'futures.orders')
    market.core.listen({
      onOrder: (order) =>
        this.push(order.accountId, order.symbol.name, (style) =>
          viewPushedFuturesOrder(order, market.account(order.accountId), style),
        ),
    })
  }
}

/** `futures.usertrades`. */
export class FuturesUserTradesChannel extends OwnContractChannel {
  constructor(market: PerpetualMarket) {
    super(market, 'futures.usertrades')
    market.core.listen({
      onFill: (fill, order) =>
        this.push(fill.accountId, fill.symbol, (style) => viewPushedFuturesFill(fill, order, style)),
    })
  }
}

/** `futures.positions`; whose user id is a placeholder. */
export class PositionsChannel extends OwnContractChannel {
  constructor(market: PerpetualMarket) {
    super(market, 'futures.positions')
    market.listen({
      onPosition: (position) =>
        this.push(position.accountId, position.symbol.name, (style) => viewPushedPosition(market, position, style)),
    })
  }
}

/** `futures.balances`: payload `[user id]`; every change of the wallet. */
export class FuturesBalancesChannel implements Channel {
  readonly isPrivate = true
  private readonly subscribers = new Subscribers()

  constructor(market: PerpetualMarket) {
    market.listen({
      onWallet: (entry) => {
        if (!this.subscribers.has(entry.accountId)) return
        const item = viewPushedEntry(entry, market.account(entry.accountId).uid)
        const frame = pushFrame(market.clock, 'futures.balances', [item])
        this.subscribers.push(entry.accountId, frame, { channel: 'futures.balances', scope: 'private' })
      },
    })
  }

  subscribe(session: StreamSession, payload: unknown, caller: Caller): StreamError | undefined {
    const [user] = textsOf(payload) ?? []
    if (user !== String(caller.account.uid)) return { code: 4, message: 'authentication fail' }
    this.subscribers.add(caller.account.id, session)
    return undefined
  }

  unsubscribe(session: StreamSession, _payload: unknown, caller: Caller): undefined {
    this.subscribers.remove(caller.account.id, session)
  }

  closed(session: StreamSession): void {
    this.subscribers.removeSession(session)
  }
}
