import { describe, expect, it } from 'vitest'

import { defaultSymbols } from './default-symbols.js'
import { ReferenceMarket } from './reference-market.js'

const startMs = 1_755_000_000_000

describe('the reference market', () => {
  it('gives two instances with one seed the same prices at any time, and another seed others', () => {
    const [a, b, c] = [7, 7, 8].map((seed) => new ReferenceMarket({ seed }))
    for (let i = 0; i < 50; i++) {
      const atMs = startMs + i * 77_777
      expect(a!.venuePriceAt('mexc', 'BTC/USDT', 65_000, atMs)).toBe(b!.venuePriceAt('mexc', 'BTC/USDT', 65_000, atMs))
    }
    expect(a!.priceAt('BTC/USDT', 65_000, startMs)).not.toBe(c!.priceAt('BTC/USDT', 65_000, startMs))
    expect(a!.priceAt('BTC/USDT', 1, startMs)).not.toBe(a!.priceAt('ETH/USDT', 1, startMs))
  })

  it('moves in steps, and further over longer times', () => {
    const market = new ReferenceMarket({ seed: 1 })
    const price = (atMs: number): number => market.priceAt('ETH/USDT', 3_000, atMs)
    expect(price(startMs + 99)).toBe(price(startMs))
    const moveBps = (ms: number): number => {
      let sum = 0
      for (let i = 0; i < 300; i++) {
        const atMs = startMs + i * 61_300
        sum += Math.abs(price(atMs + ms) / price(atMs) - 1) * 10_000
      }
      return sum / 300
    }
    const [second, minute] = [moveBps(1_000), moveBps(60_000)]
    expect(second).toBeGreaterThan(0.2)
    expect(second).toBeLessThan(5)
    expect(minute).toBeGreaterThan(second * 3)
    expect(minute).toBeLessThan(60)
  })

  it('keeps venues close, but for dislocations that pay both fees a few times in ten seconds', () => {
    const market = new ReferenceMarket({ seed: 4 })
    let openings = 0
    const wasOpen = new Map<string, boolean>()
    for (let ms = 0; ms < 300_000; ms += 100) {
      for (const { base, quote, referencePrice } of defaultSymbols) {
        const symbol = `${base}/${quote}`
        const [a, b] = ['gateio', 'mexc'].map((name) => market.venuePriceAt(name, symbol, referencePrice, startMs + ms))
        const gapBps = Math.abs(a! / b! - 1) * 10_000
        const dislocated = ['gateio', 'mexc'].some((name) => market.dislocationBps(name, symbol, startMs + ms) !== 0)
        if (!dislocated) expect(gapBps).toBeLessThan(3)
        const isOpen = gapBps > 25
        if (isOpen && wasOpen.get(symbol) !== true) openings++
        wasOpen.set(symbol, isOpen)
      }
    }
    expect(openings / 30).toBeGreaterThan(1.5)
    expect(openings / 30).toBeLessThan(6)
  })

  it('pushes a venue down as often as up, soon after one another', () => {
    const market = new ReferenceMarket({ seed: 6, dislocations: { slotMs: 5_000, probability: 0.8 } })
    for (const venue of ['gateio', 'mexc']) {
      let balance = 0
      for (let slot = 0; slot < 2_000; slot++) {
        const beginMs = startMs + slot * 5_000
        const pushes = Array.from({ length: 50 }, (_, i) => market.dislocationBps(venue, 'BTC/USDT', beginMs + i * 100))
        balance += Math.sign(pushes.find((bps) => bps !== 0) ?? 0)
        expect(Math.abs(balance)).toBeLessThanOrEqual(1)
      }
    }
  })

  it('keeps a cross at what its two pairs make of it, but for dislocations', () => {
    const market = new ReferenceMarket({ seed: 4 })
    let apart = 0
    for (let ms = 0; ms < 300_000; ms += 500) {
      const price = (symbol: string, reference: number): number => market.priceAt(symbol, reference, startMs + ms)
      const made = price('ETH/USDT', 3_200) / price('BTC/USDT', 65_000)
      expect(price('ETH/BTC', 3_200 / 65_000) / made).toBeCloseTo(1, 9)
      const [eth, btc, cross] = (['ETH/USDT', 'BTC/USDT', 'ETH/BTC'] as const).map((symbol, index) =>
        market.venuePriceAt('gateio', symbol, [3_200, 65_000, 3_200 / 65_000][index]!, startMs + ms),
      ) as [number, number, number]
      if (Math.abs(eth / btc / cross - 1) > 0.003) apart++
    }
    expect(apart).toBeGreaterThan(10)
  })

  it('has none where they are turned off', () => {
    const quiet = new ReferenceMarket({ seed: 4, dislocations: { exchanges: [] }, volatility: 0 })
    for (let ms = 0; ms < 60_000; ms += 500) {
      expect(quiet.dislocationBps('gateio', 'BTC/USDT', startMs + ms)).toBe(0)
      expect(quiet.priceAt('BTC/USDT', 65_000, startMs + ms)).toBe(65_000)
    }
  })
})
