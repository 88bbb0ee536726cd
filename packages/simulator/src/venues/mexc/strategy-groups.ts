import type { SelfTradeAction } from '../../matching/matching-engine.js'
import type { VenueOrder } from '../../matching/venue-order.js'

/** A group within which self-trade prevention works. */
export interface StrategyGroup {
  readonly tradeGroupId: number
  readonly tradeGroupName: string
  readonly ownerId: string
  readonly createTime: number
  readonly uids: Set<string>
}

export const maxGroupsPerAccount = 10

/** Self-trade prevention: groups of users, and what an order's `stpMode` means for the matching. */
export class StrategyGroups {
  private readonly groups = new Map<number, StrategyGroup>()
  private created = 0

  /** `undefined` when the account has as many as it may. */
  create(ownerId: string, tradeGroupName: string, createTime: number): StrategyGroup | undefined {
    if (this.list(ownerId).length >= maxGroupsPerAccount) return undefined
    const group = { tradeGroupId: ++this.created, tradeGroupName, ownerId, createTime, uids: new Set<string>() }
    this.groups.set(group.tradeGroupId, group)
    return group
  }

  list(ownerId: string, name?: string): StrategyGroup[] {
    return [...this.groups.values()].filter(
      (group) => group.ownerId === ownerId && (name === undefined || group.tradeGroupName === name),
    )
  }

  find(ownerId: string, id: number): StrategyGroup | undefined {
    const group = this.groups.get(id)
    return group?.ownerId === ownerId ? group : undefined
  }

  delete(ownerId: string, id: number): boolean {
    return this.find(ownerId, id) !== undefined && this.groups.delete(id)
  }

  /** Whether `stpMode` has an effect for this user. */
  includes(uid: number): boolean {
    return [...this.groups.values()].some((group) => group.uids.has(String(uid)))
  }
}

const actions: Readonly<Record<string, SelfTradeAction>> = {
  cancel_maker: 'cancel_maker',
  cancel_taker: 'cancel_taker',
  cancel_both: 'cancel_both',
}

/** What the taker's mode asks for; orders outside a group carry none and trade with themselves. */
export const selfTradeAction = (taker: VenueOrder): SelfTradeAction =>
  actions[taker.input.attributes?.['effectiveStpMode'] ?? ''] ?? 'allow'
