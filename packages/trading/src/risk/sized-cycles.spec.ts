import { Decimal, type FeeAssetRule } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTriangleWorld } from '../testing/triangle-world.js'
import type { TextLevels } from '../testing/simulated-market-data-feed.js'

const spec = fc.record({
  lotSize: fc.constantFrom('0.0001', '0.003', '0.05'),
  takerFee: fc.constantFrom('0', '0.0005', '0.002', '-0.0001'),
  feeAssetRule: fc.constantFrom<FeeAssetRule>('received', 'quote'),
  minQuantity: fc.constantFrom('0', '0.0001', '0.4'),
  maxQuantity: fc.constantFrom('3', '1000'),
})

/** Levels of one side, beginning at a price and going away from the other side by up to half a percent each. */
const side = (from: number, decimals: number, direction: 1 | -1, base: number): fc.Arbitrary<TextLevels> =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 3, max: 60 })), { minLength: 1, maxLength: 4 })
    .map((steps) => {
      let ticks = Math.round(from * 10 ** decimals)
      const step = Math.max(1, Math.round(ticks / 10_000))
      return steps.map(([away, quantity]): [string, string] => {
        ticks += direction * away * step
        return [(ticks / 10 ** decimals).toFixed(decimals), ((quantity * base) / 10).toFixed(4)]
      })
    })

it('never sizes a cycle that the risk gate finds illegal, unfunded or without a legal unwind', async () => {
  let approved = 0
  const world = fc.record({
    base: fc.tuple(spec, fc.constantFrom('1', '20')),
    quote: fc.tuple(spec, fc.constantFrom('1', '20')),
    cross: fc.tuple(spec, fc.constantFrom('0.0001', '0.02')),
    baseBids: side(50, 2, -1, 5),
    baseAsks: side(50, 2, 1, 5),
    quoteBids: side(1_000, 2, -1, 0.3),
    quoteAsks: side(1_000, 2, 1, 0.3),
    cheap: fc.boolean(),
    crossBids: side(0.0512, 5, -1, 5),
    crossAsks: side(0.0488, 5, 1, 5),
    legOrder: fc.constantFrom('concurrent' as const, 'sequential' as const),
    slackShare: fc.constantFrom('0', '0.5'),
    balances: fc.record({
      USDT: fc.constantFrom('40', '150', '100000'),
      BTC: fc.constantFrom('0', '0.05', '100'),
      ETH: fc.constantFrom('0', '1', '1000'),
    }),
  })
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      const data = { priceDecimals: 2, quantityDecimals: 4 }
      const triangle = createTriangleWorld({
        basePair: { ...w.base[0], ...data, minNotional: w.base[1] },
        quotePair: { ...w.quote[0], ...data, minNotional: w.quote[1] },
        crossPair: { ...w.cross[0], minNotional: w.cross[1], tickSize: '0.00001', quantityDecimals: 4 },
        balances: w.balances,
        options: { legOrder: w.legOrder, minNotional: Decimal.of(5), slackShare: Decimal.parse(w.slackShare) },
      })
      const { engine, core, strategy } = triangle.startEngine()
      await triangle.settle(engine.start())
      core.board.setListener(undefined)
      triangle.feed.set(triangle.basePair, w.baseBids, w.baseAsks)
      triangle.feed.set(triangle.quotePair, w.quoteBids, w.quoteAsks)
      const far: TextLevels = [[w.cheap ? '0.0484' : '0.0516', '50']]
      triangle.feed.set(triangle.crossPair, w.cheap ? far : w.crossBids, w.cheap ? w.crossAsks : far)
      const plan = strategy.evaluate(core.board.slotOf(triangle.crossPair.id)!)
      if (typeof plan === 'string') return
      const decision = core.gate.approveTrade(plan)
      expect('cause' in decision ? decision : 'approved').toBe('approved')
      approved++
    }),
    { numRuns: 300 },
  )
  expect(approved).toBeGreaterThan(50)
})
