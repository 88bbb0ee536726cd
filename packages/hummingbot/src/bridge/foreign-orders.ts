import type { OrderItem } from './upstream-schemas.js'
import { decimalOf, mapOrderStatus } from './upstream-values.js'

/** Orders that others have placed through the same hummingbot-api, for subscribers of `orders`. */
export class ForeignOrders {
  private readonly seen = new Map<string, string>()
  private isFirstLook = true

  /** Ids that were active at the last look and are not in `active`. */
  gone(active: ReadonlyMap<string, OrderItem>): string[] {
    return [...this.seen.keys()].filter((id) => !active.has(id))
  }

  /** Rows that differ from what was seen of them before; at the first look none do. */
  differences(rows: readonly OrderItem[]): OrderItem[] {
    const changed = rows.filter((row) => {
      const state = `${row.status} ${decimalOf(row.filled_amount)}`
      const isNews = this.seen.get(row.order_id) !== state
      this.seen.set(row.order_id, state)
      return isNews
    })
    for (const row of rows) if (isOver(row)) this.seen.delete(row.order_id)
    const wasFirst = this.isFirstLook
    this.isFirstLook = false
    return wasFirst ? [] : changed
  }
}

function isOver(row: OrderItem): boolean {
  const status = mapOrderStatus(row.status)
  return status === 'filled' || status === 'cancelled' || status === 'failed'
}
