import { type Timer, usPerMs } from '@cex-arbitrage/common'

import type { BalanceChange, BalanceReason } from '../../accounts/account-book.js'
import type { OrderEvent } from '../../matching/exchange-listener.js'
import type { VenueFill, VenueOrder } from '../../matching/venue-order.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { dealPushFields, orderPushFields, symbolIdOf } from './order-view.js'
import type { MessageFields } from './protobuf-encoder.js'
import type { PrivateSubscription } from './subscription.js'
import { coinIdOf } from './venue-ids.js'

/** One event of an account on its way to the streams. */
export interface PrivatePush {
  readonly kind: PrivateSubscription['kind']
  readonly accountId: string
  /** `BTCUSDT` and `BTC/USDT`; absent for balances. */
  readonly symbol?: string
  readonly symbolName?: string
  readonly createTimeMs: number
  readonly body: MessageFields
}

interface Waiting {
  readonly push: PrivatePush
  readonly dueUs: number
}

const reasons: Readonly<Record<BalanceReason, string>> = {
  deposit: 'DEPOSIT',
  order_created: 'ENTRUST_PLACE',
  order_match: 'ENTRUST',
  order_updated: 'ENTRUST_UNFROZEN',
  order_ended: 'ENTRUST_CANCEL',
  fee: 'TRADE_FEE',
}

/**
 * Turns what happens to accounts into private pushes, in the venue's order and after its delay: placing gives the
 * balance, then the order; a fill gives the deal, the order, then the balances; a cancel the order, then the balance.
 */
export class PrivatePublisher {
  private readonly heldBalances = new Map<string, BalanceChange[]>()
  private readonly waiting: Waiting[] = []
  private timer: Timer | undefined

  constructor(
    private readonly host: VenueHost,
    private readonly delayMs: number,
    private readonly deliver: (push: PrivatePush) => void,
  ) {
    host.core.listen({
      onBalance: (change) => this.onBalance(change),
      onFill: (fill, order) => this.onFill(fill, order),
      onOrder: (order, event) => this.onOrder(order, event),
    })
  }

  private onBalance(change: BalanceChange): void {
    if (change.freeChange.isZero && change.lockedChange.isZero) return
    if (change.reason === 'deposit') {
      this.pushBalance(change, reasons.deposit)
      return
    }
    const held = this.heldBalances.get(change.accountId) ?? []
    held.push(change)
    this.heldBalances.set(change.accountId, held)
  }

  private onFill(fill: VenueFill, order: VenueOrder): void {
    this.pushForOrder('privateDeals', order, { privateDeals: dealPushFields(fill, order) })
  }

  private onOrder(order: VenueOrder, event: OrderEvent): void {
    if (event === 'created') this.releaseBalances(order)
    this.pushForOrder('privateOrders', order, { privateOrders: orderPushFields(order) })
    if (event !== 'created') this.releaseBalances(order)
  }

  /** A filled order's left-over lock is unused money, a cancelled one's is the cancel. */
  private releaseBalances(order: VenueOrder): void {
    const held = this.heldBalances.get(order.accountId) ?? []
    this.heldBalances.delete(order.accountId)
    for (const change of held) {
      const isLeftOver = change.reason === 'order_ended' && order.status === 'filled'
      this.pushBalance(change, isLeftOver ? reasons.order_updated : reasons[change.reason])
    }
  }

  private pushForOrder(kind: PrivatePush['kind'], order: VenueOrder, body: MessageFields): void {
    const createTimeMs = this.host.clock.nowMs()
    const { accountId } = order
    this.enqueue({ kind, accountId, symbol: symbolIdOf(order), symbolName: order.symbol.name, createTimeMs, body })
  }

  private pushBalance(change: BalanceChange, type: string): void {
    const createTimeMs = this.host.clock.nowMs()
    const privateAccount = {
      vcoinName: change.asset,
      coinId: coinIdOf(change.asset),
      balanceAmount: change.free.toString(),
      balanceAmountChange: change.freeChange.toString(),
      frozenAmount: change.locked.toString(),
      frozenAmountChange: change.lockedChange.toString(),
      type,
      time: createTimeMs,
    }
    this.enqueue({ kind: 'account', accountId: change.accountId, createTimeMs, body: { privateAccount } })
  }

  private enqueue(push: PrivatePush): void {
    const { clock } = this.host
    this.waiting.push({ push, dueUs: clock.nowUs() + this.delayMs * usPerMs })
    this.timer ??= clock.setTimer(() => this.pump(), this.delayMs)
  }

  private pump(): void {
    const { clock } = this.host
    const nowUs = clock.nowUs()
    while (this.waiting[0] !== undefined && this.waiting[0].dueUs <= nowUs) this.deliver(this.waiting.shift()!.push)
    const next = this.waiting[0]
    const waitMs = next === undefined ? 0 : Math.max(1, Math.ceil((next.dueUs - nowUs) / usPerMs))
    this.timer = next === undefined ? undefined : clock.setTimer(() => this.pump(), waitMs)
  }
}
