import { describe, expect, it } from 'vitest'
import { TradeDigest } from './trade-digest.js'
import type { TradeRow } from './trade-row.js'

const trade = (index: number): TradeRow => ({
  startedAtMs: index * 10,
  durationMs: index % 2 === 0 ? 100 : 5,
  correlationId: `c-${index}`,
  strategy: 'spot-spot',
  symbol: 'BTC/USDT',
  end: 'completed',
  route: 'alpha → beta',
  quantity: '1',
  notional: '100',
  expected: '2',
  realised: '1',
  profitAsset: 'USDT',
  attribution: { latency: '-1', fees: '0' },
})

describe('TradeDigest', () => {
  it('is empty of nothing', () => {
    const digest = new TradeDigest()
    expect(digest).toMatchObject({ count: 0, firstAtMs: undefined, lastAtMs: undefined, profitAsset: '', shown: [] })
    expect([digest.dots, digest.steps]).toEqual([[], []])
  })

  it('adds up, and draws no line that goes back in time', () => {
    const digest = TradeDigest.of([trade(0), trade(1), trade(20)])
    expect(digest).toMatchObject({ count: 3, firstAtMs: 0, lastAtMs: 200, profitAsset: 'USDT' })
    expect(digest.steps).toEqual([
      { atMs: 100, expected: 2, realised: 1 },
      { atMs: 100, expected: 4, realised: 2 },
      { atMs: 300, expected: 6, realised: 3 },
    ])
    expect([...digest.attribution]).toEqual([
      ['latency', -3],
      ['fees', 0],
    ])
  })

  it('keeps no more of many trades than can be shown, and counts them all', () => {
    const digest = new TradeDigest()
    for (let index = 0; index < 20_000; index++) digest.add(trade(index))
    expect(digest.count).toBe(20_000)
    expect(digest.shown).toHaveLength(200)
    expect(digest.dots.length).toBeLessThan(2_002)
    expect(digest.steps.length).toBeLessThan(2_002)
    expect(digest.steps.at(-1)).toMatchObject({ expected: 40_000, realised: 20_000 })
    expect(digest.attribution.get('latency')).toBe(-20_000)
  })
})
