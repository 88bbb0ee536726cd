import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'

import { ReferenceMarket } from '../market/reference-market.js'
import { TradingSymbol } from '../matching/trading-symbol.js'
import { defaultBasis, PerpetualReference } from './perpetual-reference.js'
import { perpetualOf } from './perpetual-spec.js'

const fees = { makerFee: '0.0002', takerFee: '0.0005' }
const spot = {
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.1',
  lotSize: '0.00001',
  minNotional: '3',
  referencePrice: 65_000,
}
const symbol = new TradingSymbol(perpetualOf({ ...spot, ...fees }, fees))
const stepMs = 100
const hourMs = 3_600_000

const createReference = (clock: ManualClock, exchange = 'gateio'): PerpetualReference =>
  new PerpetualReference(new ReferenceMarket({ seed: 5, stepMs }), exchange, clock, 5)

/** Distance of the perpetual from its spot price, bps, at every step of an hour. */
function basisOf(exchange: string): number[] {
  const market = new ReferenceMarket({ seed: 5, stepMs })
  const perpetual = createReference(new ManualClock(), exchange)
  return Array.from({ length: hourMs / stepMs }, (_, i) => {
    const own = perpetual.venuePriceAt(exchange, symbol.name, 65_000, i * stepMs)
    return (own / market.venuePriceAt(exchange, 'BTC/USDT', 65_000, i * stepMs) - 1) * 10_000
  })
}

describe('the basis of a synthetic perpetual', () => {
  it('wanders by a few points, and opens both ways by tens of them', () => {
    const basis = basisOf('gateio')
    const quiet = basis.filter((bps) => Math.abs(bps) <= defaultBasis.wanderBps)
    expect(quiet.length / basis.length).toBeGreaterThan(0.6)
    expect(basis.some((bps) => bps > defaultBasis.minBps)).toBe(true)
    expect(basis.some((bps) => bps < -defaultBasis.minBps)).toBe(true)
    expect(Math.max(...basis.map(Math.abs))).toBeLessThan(defaultBasis.maxBps + defaultBasis.wanderBps + 1)
  })

  it('is the same for the same seed, and another on another venue', () => {
    expect(basisOf('gateio')).toEqual(basisOf('gateio'))
    expect(basisOf('mexc')).not.toEqual(basisOf('gateio'))
  })

  it('leaves the mark price alone while it is open', async () => {
    const clock = new ManualClock()
    const reference = createReference(clock)
    for (let i = 0; i < 2_000; i++) {
      const gap = reference.markPrice(symbol).toNumber() / reference.indexPrice(symbol).toNumber() - 1
      expect(Math.abs(gap) * 10_000).toBeLessThan(defaultBasis.wanderBps + 0.1)
      await clock.advance(stepMs)
    }
  })
})

describe('the funding rate of a synthetic perpetual', () => {
  it('changes from interval to interval, and takes both signs', () => {
    const reference = createReference(new ManualClock())
    const rates = Array.from({ length: 50 }, (_, n) => reference.fundingRate(symbol, n).toNumber())
    expect(Math.max(...rates)).toBeGreaterThan(0)
    expect(Math.min(...rates)).toBeLessThan(0)
    expect(Math.max(...rates.map(Math.abs))).toBeLessThanOrEqual(0.0005)
  })
})

describe('a contract made from a spot pair', () => {
  it.each([
    [65_000, '0.0001'],
    [150, '0.1'],
    [1.4, '10'],
    [0.000036, '100000'],
  ])('of a price of %d holds %s, so that one is worth about ten', (referencePrice, contractSize) => {
    expect(perpetualOf({ ...spot, ...fees, referencePrice }, fees).contractSize).toBe(contractSize)
  })
})
