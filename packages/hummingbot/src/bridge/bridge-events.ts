import type { Clock } from '@cex-arbitrage/common'
import type { FillRecord, OrderRecord } from './order-record.js'
import { viewFill, viewUpdate, type OrderObject } from './order-view.js'

/** A pushed event (A6). */
export interface BridgeEvent {
  readonly type: 'order_update' | 'trade' | 'order_book_update' | 'ticker_update' | 'error' | 'info'
  readonly data: OrderObject
}

/** Who hears of events. */
export interface EventAudience {
  /** Every authenticated client. */
  broadcast(event: BridgeEvent): void
  /** Clients with an `orders` subscription for the pair; `symbol` is put in their spelling. */
  pushToOrderSubscribers(exchange: string, pair: string, event: BridgeEvent): void
}

/** Makes the events of orders and of the upstream's health. */
export class BridgeEvents {
  private readonly troubled = new Set<string>()

  constructor(
    private readonly clock: Clock,
    readonly audience: EventAudience,
  ) {}

  orderChanged(record: OrderRecord): void {
    this.audience.broadcast({ type: 'order_update', data: viewUpdate(record, this.clock.nowMs()) })
  }

  filled(record: OrderRecord, fill: FillRecord): void {
    this.audience.broadcast({
      type: 'trade',
      data: {
        ...viewFill(fill),
        symbol: record.market,
        exchange: record.exchange,
        side: record.side,
        own: true,
        order_id: record.orderId,
      },
    })
  }

  problem(message: string, exchange?: string): void {
    this.audience.broadcast({ type: 'error', data: this.notice(message, exchange) })
  }

  info(message: string): void {
    this.audience.broadcast({ type: 'info', data: this.notice(message) })
  }

  /** Tells that a part of the upstream is lost; once, until it is back. */
  lost(part: string, why: string): void {
    if (this.troubled.has(part)) return
    this.troubled.add(part)
    this.problem(`Connection lost to ${part}: ${why}`)
  }

  restored(part: string): void {
    if (this.troubled.delete(part)) this.info(`Connection restored to ${part}`)
  }

  private notice(message: string, exchange?: string): OrderObject {
    return { message, ...(exchange !== undefined && { exchange }), timestamp: this.clock.nowMs() / 1000 }
  }
}
