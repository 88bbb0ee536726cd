import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxClientOrderIdLength } from '../constants/exchange-constants.js'
import { ManualClock } from '../testing/manual-clock.js'
import { SeededRandom } from './seeded-random.js'
import { systemRandom } from './system-random.js'
import { UniqueIdSource } from './unique-id-source.js'

const create = (seed = 1, startMs?: number): UniqueIdSource =>
  new UniqueIdSource('arb', new ManualClock(startMs), new SeededRandom(seed))

describe('UniqueIdSource', () => {
  it('never repeats, fits every exchange, and carries its prefix', () => {
    const source = create()
    const ids = Array.from({ length: 5000 }, () => source.nextClientOrderId())
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => /^arb[a-z0-9]+$/.test(id) && id.length <= maxClientOrderIdLength)).toBe(true)
  })

  it('does not meet the ids of another start', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), fc.nat({ max: 1e9 }), (a, b) => {
        fc.pre(a !== b)
        const [first, second] = [create(1, 1.7e12 + a), create(1, 1.7e12 + b)]
        const mine = new Set(Array.from({ length: 40 }, () => first.nextClientOrderId()))
        expect(Array.from({ length: 40 }, () => second.nextClientOrderId()).some((id) => mine.has(id))).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('gives the same ids for the same clock and randomness', () => {
    const [a, b] = [create(7), create(7)]
    expect([a.nextClientOrderId(), a.nextCorrelationId()]).toEqual([b.nextClientOrderId(), b.nextCorrelationId()])
    expect(a.nextCorrelationId()).not.toBe(a.nextCorrelationId())
  })

  it.each(['', 'toolongprefix', 'a b', 'ä'])("refuses the prefix '%s'", (prefix) => {
    expect(() => new UniqueIdSource(prefix, new ManualClock(), new SeededRandom(1))).toThrow(TypeError)
  })
})

describe('SeededRandom', () => {
  it('gives the same run for the same seed, and another for another', () => {
    const run = (seed: number): number[] => {
      const random = new SeededRandom(seed)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })

  it('stays in its bounds and reaches both ends', () => {
    const random = new SeededRandom(3)
    const drawn = new Set(Array.from({ length: 500 }, () => random.integer(-1, 2)))
    expect([...drawn].toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2])
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b'])))).toEqual(new Set(['a', 'b']))
  })

  it('draws a standard normal', () => {
    const random = new SeededRandom(4)
    const drawn = Array.from({ length: 20_000 }, () => random.gaussian())
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })

  it('forks by label without moving on', () => {
    const random = new SeededRandom(5)
    const [a, b, again] = [random.fork('a'), random.fork('b'), random.fork('a')]
    const first = a.next()
    expect(again.next()).toBe(first)
    expect(b.next()).not.toBe(first)
    expect(random.next()).toBe(new SeededRandom(5).next())
  })
})

describe('systemRandom', () => {
  it('lies in [0, 1) and varies', () => {
    const drawn = Array.from({ length: 20 }, () => systemRandom.next())
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(1)
  })
})
