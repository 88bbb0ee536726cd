import { describe, expect, it } from 'vitest'
import { Thinned } from './thinned.js'

const thin = (count: number, max: number): readonly number[] => {
  const thinned = new Thinned<number>(max)
  for (let index = 0; index < count; index++) thinned.add(index)
  return thinned.items()
}

describe('Thinned', () => {
  it('keeps everything as long as there is room', () => {
    expect(thin(0, 4)).toEqual([])
    expect(thin(4, 4)).toEqual([0, 1, 2, 3])
  })

  it('keeps evenly spaced items and the last of many', () => {
    expect(thin(5, 4)).toEqual([0, 2, 4])
    expect(thin(10, 4)).toEqual([0, 4, 8, 9])
    expect(thin(17, 4)).toEqual([0, 8, 16])
  })

  it.each([1, 99, 100, 101, 5_000, 65_537])(
    'stays within its bound for %i items, each an equal step apart',
    (count) => {
      const kept = thin(count, 100)
      expect(kept.length).toBeLessThanOrEqual(101)
      expect(kept.length).toBeGreaterThan(Math.min(count, 50) - 1)
      expect(kept.at(-1)).toBe(count - 1)
      const steps = kept.slice(1, -1).map((value, index) => value - kept[index]!)
      expect(new Set(steps).size).toBeLessThanOrEqual(1)
    },
  )
})
