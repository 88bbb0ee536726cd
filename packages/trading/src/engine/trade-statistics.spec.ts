import { asCorrelationId, createAssetId, Decimal, type CorrelationId } from '@cex-arbitrage/common'
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
      legs: [],
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

it('counts quotes that were pulled without a fill, expects nothing of them, and shows them among no others', () => {
  const statistics = new TradeStatistics()
  const record = (id: string, end: TradeOutcome['end'], realised: string): void =>
    statistics.record({
      correlationId: id as CorrelationId,
      end,
      legs: [],
      expectedProfit: Decimal.one,
      realisedProfit: Decimal.parse(realised),
      profitAsset: createAssetId('USDT'),
    } as unknown as TradeOutcome)
  for (let i = 0; i < 300; i++) record(`q${i}`, 'pulled', '0')
  record('filled', 'completed', '0.9')
  record('q299', 'completed', '0.8')
  expect(statistics.countsByEnd()).toMatchObject({ pulled: 299, completed: 2 })
  expect(statistics.profits().map(({ expected, realised }) => [expected.toString(), realised.toString()])).toEqual([
    ['2', '1.7'],
  ])
  expect(statistics.recent(10).map(({ correlationId }) => correlationId)).toEqual(['filled', 'q299'])
})
