import { asExchangeOrderId, asFillId, createAssetId, Decimal, type Fill } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { SeenFills } from './seen-fills.js'

const createFill = (id: number): Fill => ({
  fillId: asFillId(String(id)),
  instrumentId: createTestInstrument().id,
  exchangeOrderId: asExchangeOrderId('x'),
  clientOrderId: undefined,
  side: 'buy',
  price: Decimal.one,
  quantity: Decimal.one,
  fee: Decimal.zero,
  feeAsset: createAssetId('USDT'),
  role: 'taker',
  exchangeTimeMs: 0,
})

it('remembers at least a generation of fills and forgets those before the last two', () => {
  const seen = new SeenFills(10)
  for (let id = 0; id < 25; id++) expect(seen.add(createFill(id))).toBe(true)
  for (let id = 10; id < 25; id++) expect(seen.add(createFill(id))).toBe(false)
  expect(seen.add(createFill(0))).toBe(true)
})
