import { createAssetId, Decimal, type Side } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTradingWorld } from '../testing/create-trading-world.js'
import { attributeProfit, type ExecutedLeg, type ExecutedOrder } from './attribute-profit.js'

const plan = createTradingWorld().createPlan('t1')
const [base, quote] = [createAssetId('BTC'), createAssetId('USDT')]
const d = (text: string): Decimal => Decimal.parse(text)
const surplusPrice = d('99.9')
const nothing = (): undefined => undefined

function executed(side: Side, quantity: string, notional: string, fee: string, sendNotional?: string): ExecutedLeg {
  return {
    side,
    base,
    quote,
    filledBase: d(quantity),
    filledNotional: d(notional),
    fees: [{ asset: quote, amount: d(fee) }],
    sendNotional: sendNotional === undefined ? undefined : d(sendNotional),
  }
}

const texts = (parts: Readonly<Record<string, Decimal>>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).map(([name, amount]) => [name, amount.toString()]))

describe('attributeProfit', () => {
  it('explains nothing where everything came as expected', () => {
    const legs = [executed('buy', '1', '100', '0.1', '100'), executed('sell', '1', '101', '0.101', '101')]
    const { realisedProfit, attribution } = attributeProfit(plan, legs, [], nothing)
    expect(realisedProfit.toString()).toBe('0.799')
    expect(Object.values(texts({ ...attribution }))).toEqual(['0', '0', '0', '0', '0', '0'])
  })

  it('tells the move of the book before sending from the fills after it', () => {
    const legs = [executed('buy', '1', '100.3', '0.1003', '100.2'), executed('sell', '1', '100.9', '0.1009')]
    const { attribution } = attributeProfit(plan, legs, [], nothing)
    expect(texts({ ...attribution })).toMatchObject({ latency: '-0.2', slippage: '-0.2', fees: '-0.0002', unwind: '0' })
  })

  it('charges what is missing to the partial fill and the repair to the unwind', () => {
    const legs = [executed('buy', '1', '100', '0.1'), executed('sell', '0', '0', '0')]
    const repair: ExecutedOrder = executed('sell', '1', '99.5', '0.0995')
    const { realisedProfit, attribution } = attributeProfit(plan, legs, [repair], nothing)
    expect(realisedProfit.toString()).toBe('-0.6995')
    expect(texts({ ...attribution })).toMatchObject({ partialFill: '-0.999', unwind: '-0.4995', rounding: '0' })
  })

  it('values base left over at the surplus price and fees in other assets by the valuation', () => {
    const fee = [{ asset: createAssetId('MX'), amount: d('2') }]
    const legs = [
      { ...executed('buy', '1', '100', '0'), fees: fee },
      { ...executed('sell', '0.9', '90.9', '0'), fees: fee },
    ]
    const valued = attributeProfit(plan, legs, [], (asset) => (asset === 'MX' ? d('0.05') : undefined))
    expect(valued.realisedProfit.toString()).toBe('0.69')
    expect(attributeProfit(plan, legs, [], nothing).realisedProfit.toString()).toBe('0.89')
  })

  it('gives parts that sum exactly to the difference, whatever was filled', () => {
    const amount = fc.integer({ min: 0, max: 3_000_000 }).map((mantissa) => Decimal.of(mantissa, 4))
    const order = fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      base: fc.constant(base),
      quote: fc.constant(quote),
      filledBase: amount,
      filledNotional: amount,
      fees: fc.array(fc.record({ asset: fc.constantFrom(base, quote, createAssetId('MX')), amount }), { maxLength: 3 }),
      sendNotional: fc.option(amount, { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.tuple(order, order), fc.array(order, { maxLength: 3 }), (legs, repairs) => {
        const { realisedProfit, attribution } = attributeProfit(plan, legs, repairs, () => d('0.07'))
        let cash = Decimal.zero
        for (const { side, filledBase, filledNotional, fees } of [...legs, ...repairs]) {
          const worth = filledBase.times(surplusPrice).minus(filledNotional)
          cash = cash.plus(side === 'buy' ? worth : worth.negated())
          for (const fee of fees)
            cash = cash.minus(
              fee.amount.times(fee.asset === quote ? Decimal.one : fee.asset === base ? surplusPrice : d('0.07')),
            )
        }
        expect(realisedProfit.equals(cash)).toBe(true)
        const sum = Object.values(attribution).reduce((a: Decimal, b: Decimal) => a.plus(b), Decimal.zero)
        expect(sum.equals(realisedProfit.minus(plan.expectedProfit))).toBe(true)
      }),
    )
  })
})
