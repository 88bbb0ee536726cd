import { msPerSecond } from '@cex-arbitrage/common'
import type { RateCost, RateObservation, RateWindowSpec, RawResponse } from '@cex-arbitrage/networking'
import type { TradeCallCosts } from '../../admission/trade-admissions.js'
import type { GateioOptions } from './schemas.js'

// Source: Gate API v4 documentation, "frequency limit rule", state of September 2026.

/** Requests within an interval, by window. */
export type GateioLimits = Readonly<
  Record<'public' | 'private' | 'orders' | 'cancels', { readonly capacity: number; readonly intervalMs: number }>
>

/** Documented limits of spot. */
export const gateioLimits: GateioLimits = {
  /** Each public endpoint by itself, counted by address. */
  public: { capacity: 200, intervalMs: 10 * msPerSecond },
  /** Each private endpoint by itself that neither places nor cancels, counted by account. */
  private: { capacity: 200, intervalMs: 10 * msPerSecond },
  /**
   * Placing and amending, by account and pair. Counted over all pairs here: a trade is admitted before its pair's window
   * can be named, and being stricter costs little at one order a trade.
   */
  orders: { capacity: 10, intervalMs: msPerSecond },
  cancels: { capacity: 200, intervalMs: msPerSecond },
}

const publicCall = (key: string): readonly RateCost[] => [{ window: 'public', key }]
const privateCall = (key: string): readonly RateCost[] => [{ window: 'private', key }]

/** What each endpoint costs. */
export const gateioCosts = {
  time: publicCall('time'),
  currencyPairs: publicCall('currency_pairs'),
  orderBook: publicCall('order_book'),
  tickers: publicCall('tickers'),
  trades: publicCall('trades'),
  candlesticks: publicCall('candlesticks'),
  contracts: publicCall('contracts'),
  placeOrder: [{ window: 'orders' }],
  cancelOrder: [{ window: 'cancels' }],
  cancelAllOrders: [{ window: 'cancels' }],
  order: privateCall('order'),
  openOrders: privateCall('orders'),
  myTrades: privateCall('my_trades'),
  accounts: privateCall('accounts'),
  fee: privateCall('fee'),
  countdown: privateCall('countdown'),
  unifiedAccounts: privateCall('unified_accounts'),
} as const satisfies Readonly<Record<string, readonly RateCost[]>>

/** What the calls of a trade cost. */
export const gateioTradeCosts: TradeCallCosts = {
  order: gateioCosts.placeOrder,
  cancel: gateioCosts.cancelOrder,
  query: gateioCosts.order,
}

/** The windows of the limiter: the documented limits, cut to the share that may be used. */
export function createGateioRateWindows(
  options: Pick<GateioOptions, 'rateLimitShare' | 'cancelReserveShare'>,
  limits: GateioLimits = gateioLimits,
): readonly RateWindowSpec[] {
  return Object.entries(limits).map(([name, { capacity, intervalMs }]) => {
    const used = Math.max(1, Math.floor(capacity * options.rateLimitShare))
    // Hedges place orders; market data and account queries have no urgent use.
    const reserve = name === 'public' ? 0 : Math.floor(used * options.cancelReserveShare)
    return { name, capacity: used, intervalMs, reserve }
  })
}

/** Below this a reset time is in seconds, above it in milliseconds. */
const millisecondsFrom = 1e11

/** Milliseconds until a reset time, given in seconds or milliseconds. */
export function untilResetMs(reset: number, nowMs: number): number {
  return Math.max(0, (reset < millisecondsFrom ? reset * msPerSecond : reset) - nowMs)
}

/** Milliseconds to wait that the headers of a refusal name; `undefined` where they name none. */
export function retryAfterOf(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const reset = Number(headers['x-gate-ratelimit-reset-timestamp'])
  return Number.isFinite(reset) && reset > 0 ? untilResetMs(reset, nowMs) : undefined
}

/**
 * What the headers of an answer say of its endpoint's window.
 *
 * @param costs - What the request cost.
 * @param serverNowMs - The exchange's clock, which its reset times are on.
 */
export function observeGateioLimits(
  response: Pick<RawResponse, 'status' | 'headers'>,
  costs: readonly RateCost[],
  serverNowMs: number,
): readonly RateObservation[] {
  const remaining = Number(response.headers['x-gate-ratelimit-requests-remain'])
  const pauseMs = response.status === 429 ? retryAfterOf(response.headers, serverNowMs) : undefined
  const told = {
    ...(Number.isFinite(remaining) && remaining >= 0 && { remaining }),
    ...(pauseMs !== undefined && { pauseMs }),
  }
  if (Object.keys(told).length === 0) return []
  return costs.map(({ window, key }) => ({ window, ...(key !== undefined && { key }), ...told }))
}
