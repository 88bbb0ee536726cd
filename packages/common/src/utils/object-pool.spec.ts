import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ObjectPool } from './object-pool.js'

const createPool = (prepared: number): ObjectPool<{ value: number }> =>
  new ObjectPool(
    () => ({ value: 0 }),
    (item) => {
      item.value = 0
    },
    prepared,
  )

describe('ObjectPool', () => {
  it('never hands out one object twice at a time, and counts what it had to make', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.array(fc.boolean(), { maxLength: 60 }), (prepared, steps) => {
        const pool = createPool(prepared)
        const out = new Set<{ value: number }>()
        let misses = 0
        for (const acquire of steps) {
          const [oldest] = out
          if (!acquire && oldest !== undefined) {
            out.delete(oldest)
            pool.release(oldest)
          } else {
            if (pool.available === 0) misses++
            const item = pool.acquire()
            expect(out.has(item)).toBe(false)
            expect(item.value).toBe(0)
            item.value = 1
            out.add(item)
          }
          expect(pool.misses).toBe(misses)
          expect(pool.available + out.size).toBe(prepared + misses)
        }
      }),
    )
  })

  it('refuses what is in the pool already', () => {
    const pool = createPool(0)
    const item = pool.acquire()
    pool.release(item)
    expect(() => pool.release(item)).toThrow('released to its pool twice')
  })
})
