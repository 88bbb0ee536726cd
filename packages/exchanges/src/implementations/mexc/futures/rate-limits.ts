import { msPerSecond } from '@cex-arbitrage/common'
import type { RateCost, RateWindowSpec } from '@cex-arbitrage/networking'
import type { TradeCallCosts } from '../../../admission/trade-admissions.js'
import type { MexcOptions } from '../schemas.js'

// Source: MEXC futures documentation, edition of 2026, read 2026-10. Every limit counts requests within two seconds.

const intervalMs = 2 * msPerSecond
const limits = {
  /** Each public endpoint by itself, counted by address; some have half of it. */
  public: 20,
  publicHeavy: 10,
  /** Snapshots of all contracts together: measured, the documented limit is above it. */
  depth: 8,
  /** Each private endpoint by itself, counted by account. */
  private: 20,
  orders: 4,
  cancels: 20,
  /** Setting leverage: ten within ten seconds. */
  leverage: 2,
} as const

const one = (window: keyof typeof limits, key?: string): readonly RateCost[] => [
  { window, ...(key !== undefined && { key }) },
]

/** What each endpoint costs. */
export const mexcFuturesCosts = {
  ping: one('public', 'ping'),
  detail: one('publicHeavy', 'detail'),
  ticker: one('publicHeavy', 'ticker'),
  depth: one('depth'),
  deals: one('public', 'deals'),
  kline: one('public', 'kline'),
  fundingRate: one('public', 'funding_rate'),
  placeOrder: one('orders'),
  cancelOrder: one('cancels'),
  order: one('private', 'order'),
  openOrders: one('private', 'open_orders'),
  fills: one('private', 'order_deals'),
  assets: one('private', 'assets'),
  positions: one('private', 'open_positions'),
  positionMode: one('private', 'position_mode'),
  leverageOf: one('private', 'leverage'),
  setLeverage: one('leverage'),
  fundingRecords: one('private', 'funding_records'),
  fee: one('private', 'tiered_fee_rate'),
} as const satisfies Readonly<Record<string, readonly RateCost[]>>

/** What the calls of a trade cost. */
export const mexcFuturesTradeCosts: TradeCallCosts = {
  order: mexcFuturesCosts.placeOrder,
  cancel: mexcFuturesCosts.cancelOrder,
  query: mexcFuturesCosts.order,
}

/** The windows of the limiter: the documented limits, cut to the share that may be used. */
export function createMexcFuturesRateWindows(
  options: Pick<MexcOptions, 'rateLimitShare' | 'cancelReserveShare'>,
): readonly RateWindowSpec[] {
  return Object.entries(limits).map(([name, limit]) => {
    // Rounded up: of four orders a trade may need each.
    const capacity = Math.ceil(limit * options.rateLimitShare)
    const isUrgent = name === 'orders' || name === 'cancels' || name === 'private'
    const reserve = isUrgent ? Math.min(Math.floor(capacity * options.cancelReserveShare), capacity - 1) : 0
    return { name, capacity, intervalMs, reserve }
  })
}
