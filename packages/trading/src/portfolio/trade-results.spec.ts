import { asCorrelationId, createAssetId, Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { TradeEnd } from '../types/trade-outcome.js'
import { TradeResults } from './trade-results.js'

const usdt = createAssetId('USDT')

function createResults() {
  const clock = new ManualClock()
  const results = new TradeResults(clock)
  const record = (id: string, end: TradeEnd, profit: string, refused = false): void =>
    results.record({
      correlationId: asCorrelationId(id),
      end,
      realisedProfit: Decimal.parse(profit),
      profitAsset: usdt,
      refused,
      endedAtMs: clock.nowMs(),
    })
  return { clock, results, record }
}

describe('TradeResults', () => {
  it('adds what was realised today and begins anew at midnight UTC', async () => {
    const { clock, results, record } = createResults()
    record('a', 'completed', '1.5')
    record('b', 'unwound', '-0.5')
    expect(results.realisedToday(usdt).toString()).toBe('1')
    await clock.advance(86_400_000)
    expect(results.realisedToday(usdt).isZero).toBe(true)
  })

  it('replaces a trade that ends a second time', () => {
    const { results, record } = createResults()
    record('a', 'completed', '1.5')
    record('a', 'unwound', '-0.25')
    expect(results.realisedToday(usdt).toString()).toBe('-0.25')
  })

  it('leaves out what an earlier day realised', () => {
    const { results } = createResults()
    const result = { correlationId: asCorrelationId('a'), end: 'completed', refused: false, endedAtMs: 1_000 } as const
    results.record({ ...result, realisedProfit: Decimal.one, profitAsset: usdt })
    expect(results.realisedToday(usdt).isZero).toBe(true)
  })

  it('counts bad ends in a row', () => {
    const { results, record } = createResults()
    record('a', 'halted', '0')
    record('b', 'unwound', '-1')
    record('c', 'aborted', '0', true)
    expect(results.consecutiveFailures).toBe(3)
    record('d', 'aborted', '0')
    record('quote', 'pulled', '0')
    expect(results.consecutiveFailures).toBe(3)
    record('e', 'unwound', '0.1')
    expect(results.consecutiveFailures).toBe(0)
    record('e', 'halted', '0.1')
    expect(results.consecutiveFailures).toBe(1)
    record('f', 'hedged', '0.1')
    expect(results.consecutiveFailures).toBe(0)
  })
})
