import { SeededRandom } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { PayingWeights } from './paying-weights.js'

describe('PayingWeights', () => {
  it('decides as exact integers do, however close the two sides are', () => {
    const random = new SeededRandom(11)
    const integer = (digits: number): bigint => BigInt(Math.floor(random.next() * 10 ** Math.min(digits, 15))) + 1n
    let close = 0
    for (let i = 0; i < 20_000; i++) {
      const ask = integer(12) * integer(i % 8)
      const askTicks = Number(integer(9))
      const bidTicks = Number(integer(9))
      // The weight at which both sides are nearly the same, and some around it.
      const even = (BigInt(askTicks) * ask) / BigInt(bidTicks)
      for (const bid of [even - 1n, even, even + 1n, integer(12) * integer(i % 8)]) {
        if (bid <= 0n) continue
        const exact = BigInt(bidTicks) * bid >= BigInt(askTicks) * ask
        if (bid - even < 2n && even - bid < 2n) close++
        expect(new PayingWeights(ask, bid).pays(askTicks, bidTicks)).toBe(exact)
      }
    }
    expect(close).toBeGreaterThan(10_000)
  })

  it('takes a unit that brings exactly the edge, and none that brings the least bit less', () => {
    const weight = 2n ** 60n + 1n
    expect(new PayingWeights(weight, weight).pays(7, 7)).toBe(true)
    expect(new PayingWeights(weight, weight - 1n).pays(7, 7)).toBe(false)
  })
})
