import type { FeeAssetRule } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTwoVenueWorld } from '../testing/two-venue-world.js'
import type { TextLevels } from '../testing/simulated-market-data-feed.js'

const spec = fc.record({
  lotSize: fc.constantFrom('0.0001', '0.003', '0.01', '0.5'),
  tickSize: fc.constantFrom('0.01', '0.05', '0.2'),
  takerFee: fc.constantFrom('0', '0.0005', '0.002', '-0.0001'),
  feeAssetRule: fc.constantFrom<FeeAssetRule>('received', 'quote'),
  minNotional: fc.constantFrom('1', '50', '120'),
  minQuantity: fc.constantFrom('0', '0.5'),
  maxQuantity: fc.constantFrom('3', '1000'),
})

/** Levels of one side, beginning at a price and going away from the other side. */
const side = (from: number, direction: 1 | -1): fc.Arbitrary<TextLevels> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 3000, max: 60_000 })), {
      minLength: 1,
      maxLength: 5,
    })
    .map((steps) => {
      let price = from
      return steps.map(([step, quantity]): [string, string] => {
        price += direction * (step + 1)
        return [(price / 100).toFixed(2), (quantity / 10_000).toFixed(4)]
      })
    })

it('never sizes a plan that the risk gate finds illegal, unfunded or without a legal unwind', async () => {
  let approved = 0
  const world = fc.record({
    alpha: spec,
    beta: spec,
    alphaBids: side(10_000, -1),
    alphaAsks: side(10_000, 1),
    betaBids: side(10_150, -1),
    betaAsks: side(10_150, 1),
    alphaQuote: fc.constantFrom('40', '150', '100000'),
    betaBase: fc.constantFrom('0.7', '1.3', '100'),
    betaQuote: fc.constantFrom('100000', '50'),
  })
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      const data = { priceDecimals: 2, quantityDecimals: 4 }
      const { alpha, beta, account, core, createStrategy, open } = createTwoVenueWorld({
        alpha: { ...w.alpha, ...data },
        beta: { ...w.beta, ...data },
      })
      await open()
      alpha.feed.set(alpha.instrument, w.alphaBids, w.alphaAsks)
      beta.feed.set(beta.instrument, w.betaBids, w.betaAsks)
      account.balances['alpha:USDT'] = w.alphaQuote
      account.balances['beta:BTC'] = w.betaBase
      account.balances['beta:USDT'] = w.betaQuote
      const plan = createStrategy().evaluate(0)
      if (typeof plan === 'string') return
      const decision = core.gate.approveTrade(plan)
      expect('cause' in decision ? decision : 'approved').toBe('approved')
      approved++
    }),
    { numRuns: 300 },
  )
  expect(approved).toBeGreaterThan(50)
})
