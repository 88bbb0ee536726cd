import type { Logger } from '@cex-arbitrage/common'
import type { HummingbotOrder } from './schemas.js'

/** How an order that lives was last seen. */
interface TrackedOrder {
  readonly order_id: string
  readonly exchange: string
  readonly symbol: string
  readonly status: string
  readonly filled: string | undefined
}

export interface OrderTrackerOptions {
  readonly fetchOpenOrders: (exchange: string, market: string, signal: AbortSignal) => Promise<HummingbotOrder[]>
  readonly fetchOrder: (
    exchange: string,
    market: string,
    orderId: string,
    signal: AbortSignal,
  ) => Promise<HummingbotOrder>
  /** An order is in another state than it was last seen in. */
  readonly onChanged: (order: HummingbotOrder) => void
  readonly logger: Logger
}

const finalStatuses: ReadonlySet<string> = new Set(['filled', 'cancelled', 'failed'])

/** Knows the orders that live, so that after a lost connection what was missed can be asked for (R3.11). */
export class OrderTracker {
  private readonly orders = new Map<string, TrackedOrder>()

  constructor(private readonly options: OrderTrackerOptions) {}

  /** Orders that are not at their end. */
  get size(): number {
    return this.orders.size
  }

  /** Takes note of a state. @returns whether it differs from the one known. */
  observe({ order_id, exchange, symbol, status, filled }: HummingbotOrder): boolean {
    const key = keyOf(exchange, order_id)
    const known = this.orders.get(key)
    if (finalStatuses.has(status)) this.orders.delete(key)
    else this.orders.set(key, { order_id, exchange, symbol, status, filled })
    return known === undefined || known.status !== status || known.filled !== filled
  }

  forget(exchange: string, orderId: string): void {
    this.orders.delete(keyOf(exchange, orderId))
  }

  /** Asks what became of every order that lived; one failure does not keep the others from being asked. */
  async recover(signal: AbortSignal): Promise<void> {
    const markets = new Map<string, TrackedOrder[]>()
    for (const order of this.orders.values()) {
      const key = JSON.stringify([order.exchange, order.symbol])
      markets.set(key, [...(markets.get(key) ?? []), order])
    }
    await Promise.all([...markets.values()].map((orders) => this.recoverMarket(orders, signal)))
  }

  private async recoverMarket(orders: readonly TrackedOrder[], signal: AbortSignal): Promise<void> {
    const { fetchOpenOrders, fetchOrder, logger } = this.options
    const { exchange, symbol } = orders[0]!
    try {
      const open = await fetchOpenOrders(exchange, symbol, signal)
      for (const { order_id } of orders) {
        const found = open.find((order) => order.order_id === order_id)
        this.report(found ?? (await fetchOrder(exchange, symbol, order_id, signal)))
      }
    } catch (error) {
      logger.warn({ exchange, market: symbol, reason: (error as Error).message }, 'orders could not be read again')
    }
  }

  private report(order: HummingbotOrder): void {
    if (!this.orders.has(keyOf(order.exchange, order.order_id))) return
    if (this.observe(order)) this.options.onChanged(order)
  }
}

const keyOf = (exchange: string, orderId: string): string => JSON.stringify([exchange, orderId])
