import { describe, expect, it } from 'vitest'
import { createGateioRateWindows, gateioCosts, observeGateioLimits, retryAfterOf, untilResetMs } from './rate-limits.js'

describe('the rate limits of Gate.io', () => {
  it('uses the share it may, with a reserve for cancels and hedges', () => {
    const windows = createGateioRateWindows({ rateLimitShare: 0.8, cancelReserveShare: 0.25 })
    expect(windows).toEqual([
      { name: 'public', capacity: 160, intervalMs: 10_000, reserve: 0 },
      { name: 'private', capacity: 160, intervalMs: 10_000, reserve: 40 },
      { name: 'orders', capacity: 8, intervalMs: 1_000, reserve: 2 },
      { name: 'cancels', capacity: 160, intervalMs: 1_000, reserve: 40 },
    ])
  })

  it('reads reset times in seconds and in milliseconds', () => {
    expect(untilResetMs(1_764_590_402, 1_764_590_400_000)).toBe(2_000)
    expect(untilResetMs(1_764_590_402_500, 1_764_590_400_000)).toBe(2_500)
    expect(untilResetMs(1, 1_764_590_400_000)).toBe(0)
    expect(retryAfterOf({}, 0)).toBeUndefined()
  })

  it('feeds the headers to the window of the endpoint, and pauses it when refused', () => {
    const headers = {
      'x-gate-ratelimit-requests-remain': '3',
      'x-gate-ratelimit-limit': '200',
      'x-gate-ratelimit-reset-timestamp': '1764590402',
    }
    expect(observeGateioLimits({ status: 200, headers }, gateioCosts.tickers, 1_764_590_400_000)).toEqual([
      { window: 'public', key: 'tickers', remaining: 3 },
    ])
    expect(observeGateioLimits({ status: 429, headers }, gateioCosts.placeOrder, 1_764_590_400_000)).toEqual([
      { window: 'orders', remaining: 3, pauseMs: 2_000 },
    ])
    expect(observeGateioLimits({ status: 200, headers: {} }, gateioCosts.tickers, 0)).toEqual([])
  })
})
