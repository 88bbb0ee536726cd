import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BookSide } from './book-side.js'

type Level = readonly [priceTicks: number, quantityLots: number]

function apply(side: BookSide, levels: readonly Level[]): void {
  const prices = Float64Array.from(levels, ([price]) => price)
  const quantities = Float64Array.from(levels, ([, quantity]) => quantity)
  side.apply(prices, quantities, 0, levels.length)
}

const levelsOf = (side: BookSide): Level[] =>
  Array.from({ length: side.depth }, (_, rank) => [side.priceTicksAt(rank), side.quantityLotsAt(rank)])

/** The model: a map, sorted best first whenever it is read. */
function sorted(model: ReadonlyMap<number, number>, side: 'bid' | 'ask'): Level[] {
  const levels = [...model].filter(([, quantity]) => quantity !== 0)
  return levels.toSorted(([a], [b]) => (side === 'bid' ? b - a : a - b))
}

const sides = fc.constantFrom<'bid' | 'ask'>('bid', 'ask')
const quantity = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 }))
const narrow = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), quantity), { maxLength: 60 })
const wide = fc.array(fc.tuple(fc.integer({ min: 1, max: 2000 }), quantity), { maxLength: 200 })
const batches = fc.array(fc.oneof(narrow, wide), { maxLength: 8 })

describe('BookSide against a sorted map', () => {
  it('holds the same levels after changes in any order', () => {
    fc.assert(
      fc.property(sides, fc.integer({ min: 1, max: 64 }), batches, (name, capacity, frames) => {
        const side = new BookSide(name, capacity)
        const model = new Map<number, number>()
        for (const frame of frames) {
          apply(side, frame)
          for (const [price, lots] of frame) model.set(price, lots)
          expect(levelsOf(side)).toEqual(sorted(model, name))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('holds the same levels when changes come best first, as venues send them', () => {
    fc.assert(
      fc.property(sides, fc.array(wide, { maxLength: 6 }), (name, frames) => {
        const side = new BookSide(name, 16)
        const model = new Map<number, number>()
        for (const frame of frames) {
          const bestFirst = frame.toSorted(([a], [b]) => (name === 'bid' ? b - a : a - b))
          apply(side, bestFirst)
          for (const [price, lots] of bestFirst) model.set(price, lots)
          expect(levelsOf(side)).toEqual(sorted(model, name))
        }
      }),
    )
  })

  it('keeps the best levels when trimmed', () => {
    fc.assert(
      fc.property(sides, wide, fc.integer({ min: 0, max: 100 }), (name, frame, depth) => {
        const side = new BookSide(name)
        apply(side, frame)
        const before = levelsOf(side)
        side.trim(depth)
        expect(levelsOf(side)).toEqual(before.slice(0, depth))
      }),
    )
  })
})

describe('BookSide', () => {
  it('reads only the part of the arrays that it is told', () => {
    const side = new BookSide('ask')
    side.apply(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 1, 1, 1), 1, 3)
    expect(levelsOf(side)).toEqual([
      [2, 1],
      [3, 1],
    ])
  })

  it('answers NaN and 0 for a rank that is not there', () => {
    const side = new BookSide('bid')
    expect(side.priceTicksAt(0)).toBeNaN()
    expect(side.quantityLotsAt(0)).toBe(0)
  })

  it('is empty after clear', () => {
    const side = new BookSide('bid', 0)
    apply(side, [[5, 1]])
    expect(side.depth).toBe(1)
    side.clear()
    expect(levelsOf(side)).toEqual([])
  })
})
