import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRatios, medianOfSorted, roundRatio, type ExactRatio } from './exact-ratio.js'

const ratio = (numerator: number, denominator: number): ExactRatio => ({
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
})

describe('exact ratios', () => {
  it('compare without division', () => {
    expect(compareRatios(ratio(1, 3), ratio(2, 6))).toBe(0)
    expect(compareRatios(ratio(1, 3), ratio(333_333, 1_000_000))).toBe(1)
    expect(compareRatios(ratio(-1, 2), ratio(0, 5))).toBe(-1)
  })

  it('have their middle value, or the mean of the two middle ones, as the median', () => {
    expect(medianOfSorted([])).toBeUndefined()
    expect(medianOfSorted([ratio(1, 2), ratio(2, 3), ratio(9, 1)])).toEqual(ratio(2, 3))
    expect(compareRatios(medianOfSorted([ratio(1, 2), ratio(1, 1)])!, ratio(3, 4))).toBe(0)
  })

  it('round half away from zero', () => {
    expect(roundRatio(ratio(1, 3), 4)).toBe(0.3333)
    expect(roundRatio(ratio(5, 100), 1)).toBe(0.1)
    expect(roundRatio(ratio(-5, 100), 1)).toBe(-0.1)
    expect(roundRatio(ratio(4, 100), 1)).toBe(0)
    expect(roundRatio(ratio(-12_345, 10), 0)).toBe(-1235)
  })

  it('round to within half a step of what doubles say', () => {
    const integer = fc.integer({ min: -1_000_000, max: 1_000_000 })
    fc.assert(
      fc.property(integer, fc.integer({ min: 1, max: 1000 }), (numerator, denominator) => {
        expect(roundRatio(ratio(numerator, denominator), 6)).toBeCloseTo(numerator / denominator, 5)
      }),
    )
  })
})
