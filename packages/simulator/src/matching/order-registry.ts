import type { VenueFill, VenueOrder } from './venue-order.js'

/** Beyond the limit so large a share of it is let gather before the oldest are dropped together. */
const slack = 0.25

/** The orders and fills of the traders: all that work, and the newest that have ended. Lists are oldest first. */
export class OrderRegistry {
  private readonly byId = new Map<string, VenueOrder>()
  private readonly openOrders = new Set<VenueOrder>()
  private readonly orders = new Map<string, VenueOrder[]>()
  private readonly fills = new Map<string, VenueFill[]>()

  /** @param limit - Orders of one account that are remembered, those that work besides. */
  constructor(private readonly limit: number) {}

  add(order: VenueOrder): void {
    this.byId.set(order.id, order)
    this.openOrders.add(order)
    listOf(this.orders, order.accountId).push(order)
  }

  addFill(fill: VenueFill): void {
    listOf(this.fills, fill.accountId).push(fill)
  }

  /** Notes that an order works no more. */
  end(order: VenueOrder): void {
    this.openOrders.delete(order)
    if (this.ordersOf(order.accountId).length > this.limit * (1 + slack)) this.forgetOldest(order.accountId)
  }

  find(id: string): VenueOrder | undefined {
    return this.byId.get(id)
  }

  ordersOf(accountId: string): readonly VenueOrder[] {
    return listOf(this.orders, accountId)
  }

  fillsOf(accountId: string): readonly VenueFill[] {
    return listOf(this.fills, accountId)
  }

  get all(): readonly VenueOrder[] {
    return [...this.byId.values()]
  }

  get open(): readonly VenueOrder[] {
    return [...this.openOrders]
  }

  private forgetOldest(accountId: string): void {
    const orders = listOf(this.orders, accountId)
    for (const order of orders.slice(0, -this.limit)) if (!this.openOrders.has(order)) this.byId.delete(order.id)
    this.orders.set(
      accountId,
      orders.filter(({ id }) => this.byId.has(id)),
    )
    this.fills.set(
      accountId,
      listOf(this.fills, accountId).filter(({ orderId }) => this.byId.has(orderId)),
    )
  }
}

function listOf<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key)
  if (list === undefined) {
    list = []
    map.set(key, list)
  }
  return list
}
