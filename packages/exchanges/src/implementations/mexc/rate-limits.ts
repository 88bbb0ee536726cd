import { msPerSecond } from '@cex-arbitrage/common'
import type { RateCost, RateWindowSpec } from '@cex-arbitrage/networking'
import type { TradeCallCosts } from '../../admission/trade-admissions.js'
import type { MexcOptions } from './schemas.js'

// Source: MEXC spot v3 documentation, edition of April 2026, read 2026-10.

/** Documented limits: weight within an interval. */
const limits = {
  /** Weight of all endpoints that count by address. */
  ip: { capacity: 300, intervalMs: 10 * msPerSecond },
  /** Weight that counts by account. */
  uid: { capacity: 500, intervalMs: 10 * msPerSecond },
  /** Placing and cancelling share one budget. */
  orders: { capacity: 12, intervalMs: msPerSecond },
  /** `GET /api/v3/account` has a limit of its own besides its weight. */
  account: { capacity: 2, intervalMs: msPerSecond },
} as const

const ip = (weight: number): RateCost => ({ window: 'ip', weight })
const order: readonly RateCost[] = [{ window: 'orders' }, { window: 'uid' }]

/** What each endpoint costs. */
export const mexcCosts = {
  ping: [ip(1)],
  time: [ip(1)],
  defaultSymbols: [ip(1)],
  exchangeInfo: [ip(25)],
  depth: [ip(3)],
  trades: [ip(5)],
  klines: [ip(1)],
  ticker24h: [ip(25)],
  placeOrder: order,
  cancelOrder: order,
  cancelAllOrders: order,
  queryOrder: [ip(2)],
  openOrders: [ip(3)],
  account: [ip(10), { window: 'account' }],
  myTrades: [ip(10)],
  tradeFee: [ip(20)],
  selfSymbols: [ip(1)],
  apiKeyInfo: [ip(1)],
  userDataStream: [ip(1)],
} as const satisfies Readonly<Record<string, readonly RateCost[]>>

/** What the calls of a trade cost. */
export const mexcTradeCosts: TradeCallCosts = {
  order: mexcCosts.placeOrder,
  cancel: mexcCosts.cancelOrder,
  query: mexcCosts.queryOrder,
}

/** The windows of the limiter: the documented limits, cut to the share that may be used. */
export function createMexcRateWindows(
  options: Pick<MexcOptions, 'rateLimitShare' | 'cancelReserveShare'>,
): readonly RateWindowSpec[] {
  return Object.entries(limits).map(([name, { capacity, intervalMs }]) => {
    const heaviest = heaviestCall(name)
    const used = Math.max(heaviest, Math.floor(capacity * options.rateLimitShare))
    // What is kept back must leave room for the heaviest call, or that would never be made.
    const reserve = Math.min(Math.floor(used * options.cancelReserveShare), used - heaviest)
    return { name, capacity: used, intervalMs, reserve }
  })
}

function heaviestCall(window: string): number {
  const costs: readonly RateCost[] = Object.values(mexcCosts).flat()
  return Math.max(1, ...costs.filter((cost) => cost.window === window).map(({ weight = 1 }) => weight))
}
