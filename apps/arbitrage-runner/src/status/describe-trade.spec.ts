import { asCorrelationId, createAssetId, Decimal, parseSymbol } from '@cex-arbitrage/common'
import type { TradeOutcome } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { describeTrade } from './describe-trade.js'

const { zero } = Decimal
const outcome: TradeOutcome = {
  correlationId: asCorrelationId('c-1'),
  strategy: 'spot-spot',
  symbol: parseSymbol('BTC/USDT').symbol,
  end: 'aborted',
  legs: [],
  expectedProfit: Decimal.one,
  realisedProfit: zero,
  profitAsset: createAssetId('USDT'),
  attribution: {
    latency: zero,
    slippage: zero,
    fees: zero,
    rounding: zero,
    partialFill: Decimal.parse('-1'),
    unwind: zero,
  },
  residuals: [],
  startedAtMs: 5,
  durationUs: 2_500,
}

describe('describeTrade', () => {
  it('shows a trade that sent nothing without exchanges and quantity', () => {
    expect(describeTrade(outcome)).toMatchObject({ buyAt: '–', sellAt: '–', quantity: '0', durationMs: 2.5 })
  })

  it('splits the difference between realised and expected into parts as text', () => {
    expect(describeTrade(outcome).attribution).toMatchObject({ partialFill: '-1', fees: '0' })
  })
})
