import { describe, expect, it } from 'vitest'
import { createMexcRateWindows, mexcCosts } from './rate-limits.js'

describe('createMexcRateWindows', () => {
  it('uses the documented limits, cut to the share that is allowed', () => {
    expect(createMexcRateWindows({ rateLimitShare: 1, cancelReserveShare: 0 })).toEqual([
      { name: 'ip', capacity: 300, intervalMs: 10_000, reserve: 0 },
      { name: 'uid', capacity: 500, intervalMs: 10_000, reserve: 0 },
      { name: 'orders', capacity: 12, intervalMs: 1_000, reserve: 0 },
      { name: 'account', capacity: 2, intervalMs: 1_000, reserve: 0 },
    ])
    const shared = createMexcRateWindows({ rateLimitShare: 0.5, cancelReserveShare: 0.2 })
    expect(shared.map(({ capacity, reserve }) => [capacity, reserve])).toEqual([
      [150, 30],
      [250, 50],
      [6, 1],
      [1, 0],
    ])
  })

  it('leaves room for every call at the smallest share that can be set', () => {
    const windows = createMexcRateWindows({ rateLimitShare: 0.05, cancelReserveShare: 0.9 })
    const room = new Map(windows.map(({ name, capacity, reserve = 0 }) => [name, capacity - reserve]))
    for (const costs of Object.values(mexcCosts))
      for (const cost of costs)
        expect(room.get(cost.window)).toBeGreaterThanOrEqual('weight' in cost ? (cost.weight ?? 1) : 1)
  })
})
