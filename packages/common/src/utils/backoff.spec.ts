import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffDelayMs } from './backoff.js'
import { SeededRandom } from './seeded-random.js'

describe('backoffDelayMs', () => {
  it('lies between nothing and the ceiling of its attempt', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2000 }), fc.nat({ max: 1000 }), fc.nat(), (attempt, initialMs, seed) => {
        const options = { initialMs, maxMs: 5000 }
        const delay = backoffDelayMs(attempt, options, new SeededRandom(seed))
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(initialMs === 0 ? 0 : Math.min(5000, initialMs * 2 ** attempt))
      }),
    )
  })

  it('doubles its ceiling, or grows as told, up to the longest', () => {
    const almostOne = { next: () => 1 }
    const ceilings = (factor?: number): number[] =>
      [0, 1, 2, 3].map((attempt) =>
        backoffDelayMs(attempt, { initialMs: 10, maxMs: 60, ...(factor !== undefined && { factor }) }, almostOne),
      )
    expect(ceilings()).toEqual([10, 20, 40, 60])
    expect(ceilings(1)).toEqual([10, 10, 10, 10])
  })
})
