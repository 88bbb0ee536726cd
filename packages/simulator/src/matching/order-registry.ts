import type { VenueFill, VenueOrder } from './venue-order.js'

/** Every order and fill of the traders, from the beginning; lists are oldest first. */
export class OrderRegistry {
  private readonly byId = new Map<string, VenueOrder>()
  private readonly openOrders = new Set<VenueOrder>()
  private readonly orders = new Map<string, VenueOrder[]>()
  private readonly fills = new Map<string, VenueFill[]>()

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
}

function listOf<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key)
  if (list === undefined) {
    list = []
    map.set(key, list)
  }
  return list
}
