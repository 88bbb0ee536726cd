import { asClientOrderId, asCorrelationId, createAssetId, Decimal, parseSymbol } from '@cex-arbitrage/common'
import { createTestInstrument } from '@cex-arbitrage/common/testing'
import type { LegOutcome, TradeOutcome } from '@cex-arbitrage/trading'
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

const leg = (exchange: string, side: LegOutcome['side'], role: LegOutcome['role'], filled: string): LegOutcome => ({
  role,
  instrument: createTestInstrument({ exchange: exchange as never }),
  side,
  clientOrderId: asClientOrderId(`${exchange}-${side}`),
  state: 'filled',
  filledQuantity: Decimal.parse(filled),
  filledNotional: Decimal.parse(filled).times(Decimal.parse('100.5')),
  fees: [],
})

describe('describeTrade', () => {
  it('shows a trade that sent nothing without route and quantity', () => {
    expect(describeTrade(outcome)).toMatchObject({ route: '–', quantity: '0', orders: [], durationMs: 2.5 })
  })

  it('splits the difference between realised and expected into parts as text', () => {
    expect(describeTrade(outcome).attribution).toMatchObject({ partialFill: '-1', fees: '0' })
  })

  it('names the route of the plan and every order, those that repaired it included', () => {
    const legs = [leg('alpha', 'buy', 'leg', '2'), leg('beta', 'sell', 'leg', '0'), leg('alpha', 'sell', 'unwind', '2')]
    const { route, quantity, orders } = describeTrade({ ...outcome, legs })
    expect([route, quantity]).toEqual(['alpha → beta', '2'])
    expect(orders.map(({ role, averagePrice }) => [role, averagePrice])).toEqual([
      ['leg', '100.5'],
      ['leg', undefined],
      ['unwind', '100.5'],
    ])
  })

  it('shows what was filled of a trade whose first leg was not', () => {
    const legs = [leg('alpha', 'buy', 'leg', '0'), leg('beta', 'sell', 'leg', '2'), leg('beta', 'buy', 'unwind', '2')]
    expect(describeTrade({ ...outcome, legs }).quantity).toBe('2')
  })

  it('leads a quote on to where its fill was hedged', () => {
    const legs = [leg('alpha', 'buy', 'leg', '1'), leg('beta', 'sell', 'hedge', '1')]
    expect(describeTrade({ ...outcome, legs }).route).toBe('alpha → beta')
  })
})
