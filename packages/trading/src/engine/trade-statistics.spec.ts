import { asCorrelationId, createAssetId, Decimal } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { TradeStatistics } from './trade-statistics.js'

it('keeps exact sums per asset and only so many outcomes', () => {
  const statistics = new TradeStatistics()
  for (let i = 0; i < 300; i++) {
    const outcome: Partial<TradeOutcome> = {
      correlationId: asCorrelationId(`c${i}`),
      end: 'completed',
      expectedProfit: Decimal.parse('0.1'),
      realisedProfit: Decimal.parse('0.01'),
      profitAsset: createAssetId(i % 2 === 0 ? 'USDT' : 'USDC'),
    }
    statistics.record(outcome as TradeOutcome)
  }
  expect(statistics.countsByEnd().completed).toBe(300)
  expect(
    statistics.profits().map(({ asset, expected, realised }) => [asset, expected.toString(), realised.toString()]),
  ).toEqual([
    ['USDT', '15', '1.5'],
    ['USDC', '15', '1.5'],
  ])
  expect(statistics.recent(1000)).toHaveLength(256)
  expect(statistics.recent(2).map(({ correlationId }) => correlationId)).toEqual(['c298', 'c299'])
})
