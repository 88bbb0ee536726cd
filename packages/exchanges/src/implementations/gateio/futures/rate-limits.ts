import { msPerSecond } from '@cex-arbitrage/common'
import type { RateCost } from '@cex-arbitrage/networking'
import { gateioLimits, type GateioLimits } from '../rate-limits.js'

// Source: Gate API v4 documentation, "frequency limit rule", state of September 2026.

/** As on spot, but for orders: placing, amending and, over the WebSocket API, cancelling count together. */
export const gateioFuturesLimits: GateioLimits = {
  ...gateioLimits,
  orders: { capacity: 100, intervalMs: msPerSecond },
}

const privateCall = (key: string): readonly RateCost[] => [{ window: 'private', key }]

/** What the private endpoints cost that neither place nor cancel; each has a window of its own. */
export const gateioFuturesCosts = {
  order: privateCall('order'),
  openOrders: privateCall('orders'),
  myTrades: privateCall('my_trades'),
  myTradesSince: privateCall('my_trades_timerange'),
  account: privateCall('accounts'),
  fee: privateCall('fee'),
  position: privateCall('positions'),
  leverage: privateCall('leverage'),
  accountBook: privateCall('account_book'),
  countdown: privateCall('countdown'),
} as const satisfies Readonly<Record<string, readonly RateCost[]>>
