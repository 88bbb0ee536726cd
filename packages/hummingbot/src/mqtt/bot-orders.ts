import type { HummingbotBotEvent } from './bot-messages.js'

export type HummingbotBotOrderState = 'created' | 'filling' | 'completed' | 'cancelled' | 'failed' | 'expired'

/** What an event made of an order. */
export interface HummingbotBotOrderChange {
  readonly orderId: string
  readonly state: HummingbotBotOrderState
  /** A fill came after the order was told to have failed, been cancelled or expired: it did trade. */
  readonly isCorrection: boolean
}

const stateOf: Readonly<Record<string, HummingbotBotOrderState>> = {
  BuyOrderCreated: 'created',
  SellOrderCreated: 'created',
  OrderFilled: 'filling',
  BuyOrderCompleted: 'completed',
  SellOrderCompleted: 'completed',
  OrderCancelled: 'cancelled',
  OrderFailure: 'failed',
  OrderExpired: 'expired',
}
const ends: ReadonlySet<HummingbotBotOrderState> = new Set(['completed', 'cancelled', 'failed', 'expired'])
const trades: ReadonlySet<HummingbotBotOrderState> = new Set(['filling', 'completed'])
const maxOrders = 10_000

/** States of a bot's orders from its events. A fill wins over a failure, for a failure can be told before it. */
export class HummingbotBotOrders {
  private readonly states = new Map<string, HummingbotBotOrderState>()

  get(orderId: string): HummingbotBotOrderState | undefined {
    return this.states.get(orderId)
  }

  /** @returns `undefined` when the event changes no order. */
  observe({ type, orderId }: HummingbotBotEvent): HummingbotBotOrderChange | undefined {
    const state = Object.hasOwn(stateOf, type) ? stateOf[type] : undefined
    if (state === undefined || orderId === null) return undefined
    const before = this.states.get(orderId)
    const isEnded = before !== undefined && ends.has(before)
    const isCorrection = isEnded && before !== 'completed' && trades.has(state)
    if ((isEnded && !isCorrection) || before === state) return undefined
    this.states.delete(orderId)
    this.states.set(orderId, state)
    for (const oldest of this.states.keys()) {
      if (this.states.size <= maxOrders) break
      this.states.delete(oldest)
    }
    return { orderId, state, isCorrection }
  }
}
