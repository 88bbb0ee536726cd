import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SubscriptionShards } from './subscription-shards.js'

describe('SubscriptionShards', () => {
  it('fills holes before it opens a shard, and never moves a key', () => {
    const shards = new SubscriptionShards(2)
    expect(['a', 'b', 'c', 'a', 'd', 'e'].map((key) => shards.add(key))).toEqual([0, 0, 1, 0, 1, 2])
    expect(shards.remove('b')).toBe(0)
    expect(shards.remove('b')).toBeUndefined()
    expect(shards.add('f')).toBe(0)
    shards.remove('c')
    shards.remove('d')
    expect(shards.shards).toEqual([0, 2])
    expect(shards.add('g')).toBe(2)
    expect(shards.add('h')).toBe(1)
    expect(shards.getKeys(0)).toEqual(['a', 'f'])
    expect(shards.getKeys(9)).toEqual([])
    expect([shards.has('a'), shards.getShard('a'), shards.size]).toEqual([true, 0, 5])
    expect(() => new SubscriptionShards(0)).toThrow(RangeError)
  })

  it('never exceeds the capacity, and keeps every key where it was', () => {
    const action = fc.record({ isAdded: fc.boolean(), key: fc.integer({ min: 0, max: 20 }).map(String) })
    fc.assert(
      fc.property(fc.array(action), fc.integer({ min: 1, max: 4 }), (actions, capacity) => {
        const shards = new SubscriptionShards(capacity)
        const where = new Map<string, number>()
        for (const { isAdded, key } of actions) {
          if (isAdded) {
            const shard = shards.add(key)
            expect(where.get(key) ?? shard).toBe(shard)
            where.set(key, shard)
          } else {
            expect(shards.remove(key)).toBe(where.get(key))
            where.delete(key)
          }
        }
        expect(shards.size).toBe(where.size)
        for (const [key, shard] of where) expect(shards.getShard(key)).toBe(shard)
        for (const shard of shards.shards) {
          const { length } = shards.getKeys(shard)
          expect(length).toBeGreaterThan(0)
          expect(length).toBeLessThanOrEqual(capacity)
        }
      }),
    )
  })
})
