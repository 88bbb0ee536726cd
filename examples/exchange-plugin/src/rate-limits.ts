import { msPerSecond } from '@cex-arbitrage/common'
import type { TradeCallCosts } from '@cex-arbitrage/exchanges'
import type { RateCost, RateWindowSpec } from '@cex-arbitrage/networking'
import type { SampleOptions } from './schemas.js'

/** Documented limits: calls within an interval. */
const limits = {
  reads: { capacity: 100, intervalMs: msPerSecond },
  orders: { capacity: 20, intervalMs: msPerSecond },
} as const

/** What a call costs. */
export const sampleCosts = {
  read: [{ window: 'reads' }],
  order: [{ window: 'orders' }],
} as const satisfies Readonly<Record<string, readonly RateCost[]>>

/** What the calls of a trade cost. */
export const sampleTradeCosts: TradeCallCosts = {
  order: sampleCosts.order,
  cancel: sampleCosts.order,
  query: sampleCosts.read,
}

/** The limits, cut to the share that may be used, with a reserve for cancels and hedges. */
export function createSampleRateWindows(options: SampleOptions): readonly RateWindowSpec[] {
  return Object.entries(limits).map(([name, { capacity, intervalMs }]) => {
    const used = Math.max(1, Math.floor(capacity * options.rateLimitShare))
    return { name, capacity: used, intervalMs, reserve: Math.floor(used * options.cancelReserveShare) }
  })
}
