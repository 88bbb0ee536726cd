import type { Balance, Clock, Fill, Instrument, OrderUpdate } from '@cex-arbitrage/common'
import type { AccountFeed, AccountListener } from '@cex-arbitrage/exchanges'

/** One thing that an account stream says. */
export type AccountEvent =
  | { readonly kind: 'order'; readonly update: OrderUpdate }
  | { readonly kind: 'fill'; readonly fill: Fill }
  | { readonly kind: 'balance'; readonly balance: Balance }

/** How events are delivered: see the fields of the same name of `SubmitFault`. */
export interface EventDelivery {
  readonly eventDelayMs?: number
  readonly eventCopies?: number
  readonly reversed?: boolean
}

/** An account stream in memory: events can come late, twice, in reverse or never; nothing comes while it is down. */
export class SimulatedAccountFeed implements AccountFeed {
  private listener: AccountListener | undefined
  private up = false

  constructor(private readonly clock: Clock) {}

  get connected(): boolean {
    return this.up
  }

  open(_instruments: readonly Instrument[], listener: AccountListener): Promise<void> {
    this.listener = listener
    this.connect()
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.disconnect()
    this.listener = undefined
    return Promise.resolve()
  }

  connect(): void {
    if (this.up) return
    this.up = true
    this.listener?.onConnected()
  }

  disconnect(): void {
    if (!this.up) return
    this.up = false
    this.listener?.onDisconnected()
  }

  emit(events: readonly AccountEvent[], delivery: EventDelivery = {}): void {
    const ordered = delivery.reversed ? [...events].reverse() : events
    const deliver = (): void => {
      for (const event of ordered) for (let i = 0; i < (delivery.eventCopies ?? 1); i++) this.deliver(event)
    }
    if (delivery.eventDelayMs === undefined) deliver()
    else this.clock.setTimer(deliver, delivery.eventDelayMs)
  }

  private deliver(event: AccountEvent): void {
    if (!this.up) return
    switch (event.kind) {
      case 'order':
        return this.listener?.onOrder(event.update)
      case 'fill':
        return this.listener?.onFill(event.fill)
      case 'balance':
        return this.listener?.onBalance(event.balance, this.clock.nowMs())
    }
  }
}
