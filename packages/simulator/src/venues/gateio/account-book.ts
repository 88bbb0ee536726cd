import type { Decimal } from '@cex-arbitrage/common'

import type { BalanceChange, BalanceReason } from '../../accounts/account-book.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { Caller } from './authentication.js'
import { type JsonObject, pageOf, timeRange } from './parameters.js'

interface Entry {
  readonly id: number
  readonly accountId: string
  readonly timeMs: number
  readonly currency: string
  readonly change: Decimal
  readonly balance: Decimal
  readonly type: string
}

const types: Readonly<Record<BalanceReason, string>> = {
  deposit: 'deposit',
  order_created: 'order_create',
  order_match: 'order_match',
  order_updated: 'order_update',
  order_ended: 'order_update',
  fee: 'order_fee',
}

/** Every change of a total balance, for `account_book`. */
export class GateioAccountBook {
  private readonly entries: Entry[] = []

  constructor(private readonly host: VenueHost) {
    host.core.listen({ onBalance: (change) => this.record(change) })
  }

  /** Newest first. */
  list(caller: Caller, from: JsonObject): unknown[] {
    const { fromMs, toMs } = timeRange(from)
    const { currency, type } = from
    const entries = this.entries
      .filter((entry) => entry.accountId === caller.account.id && entry.timeMs >= fromMs && entry.timeMs <= toMs)
      .filter((entry) => currency === undefined || entry.currency === currency)
      .filter((entry) => type === undefined || entry.type === type)
    return pageOf(entries.toReversed(), from, 1000).map((entry) => ({
      id: String(entry.id),
      time: entry.timeMs,
      currency: entry.currency,
      change: entry.change.toString(),
      balance: entry.balance.toString(),
      type: entry.type,
      text: '',
    }))
  }

  private record(change: BalanceChange): void {
    const total = change.freeChange.plus(change.lockedChange)
    if (total.isZero) return
    this.entries.push({
      id: this.entries.length + 1,
      accountId: change.accountId,
      timeMs: this.host.clock.nowMs(),
      currency: change.asset,
      change: total,
      balance: change.free.plus(change.locked),
      type: types[change.reason],
    })
  }
}
