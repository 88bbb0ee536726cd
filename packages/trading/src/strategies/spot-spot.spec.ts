import { asClientOrderId, asCorrelationId, Decimal, type IdSource } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { createTwoVenueWorld, testStrategyOptions } from '../testing/two-venue-world.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import { MarketBoard } from '../market-data/market-board.js'
import { requiredEdgeBps } from './edge-margin.js'
import { SpotSpotStrategy } from './spot-spot.js'
import type { SpotSpotOptions } from './spot-spot-options.js'

async function openWorld(options?: Parameters<typeof createTwoVenueWorld>[0], strategy?: Partial<SpotSpotOptions>) {
  const world = createTwoVenueWorld(options)
  await world.open()
  return { ...world, strategy: world.createStrategy(strategy) }
}

const asPlan = (verdict: unknown): TradePlan => {
  if (typeof verdict === 'string') throw new Error(`refused: ${verdict}`)
  return verdict as TradePlan
}

const outcomeOf = (plan: TradePlan, end: TradeOutcome['end']): TradeOutcome =>
  ({ ...plan, end, legs: plan.legs.map((leg) => ({ ...leg })) }) as unknown as TradeOutcome

describe('the spot-spot strategy', () => {
  it('plans to buy where it is cheap and to sell where it is dear, whichever side changed', async () => {
    const { strategy, alpha, beta } = await openWorld()
    for (const slot of [0, 1]) {
      const plan = asPlan(strategy.evaluate(slot))
      expect(plan.legs.map(({ instrument, side, priceTicks }) => [instrument.id, side, priceTicks])).toEqual([
        [alpha.instrument.id, 'buy', 10_000],
        [beta.instrument.id, 'sell', 10_100],
      ])
      const { expectedProfit, legs } = plan
      const cost = legs[0].expectedNotional.plus(legs[0].expectedFee)
      expect(expectedProfit.equals(legs[1]!.expectedNotional.minus(legs[1]!.expectedFee).minus(cost))).toBe(true)
      expect(plan.netEdgeBps).toBeCloseTo((expectedProfit.toNumber() / cost.toNumber()) * 10_000, 6)
      expect(plan).toMatchObject({ strategy: 'spot-spot', symbol: 'BTC/USDT', profitAsset: 'USDT', quoteAgeUs: 0 })
    }
  })

  it('states the fee in base where the venue takes it from what arrives', async () => {
    const { strategy } = await openWorld({ alpha: { feeAssetRule: 'received' } })
    const [buy] = asPlan(strategy.evaluate(0)).legs
    expect([buy.expectedFeeAsset, buy.expectedFee.toString()]).toEqual([
      'BTC',
      buy.instrument.lotsToQuantity(buy.quantityLots).times(Decimal.parse('0.001')).toString(),
    ])
  })

  it('sees no edge where quotes do not cross after fees', async () => {
    const { strategy, beta } = await openWorld()
    beta.feed.set(beta.instrument, [['100.1', '5']], [['100.2', '5']])
    expect(strategy.evaluate(0)).toBe('no_edge')
    expect(strategy.evaluate(1)).toBe('no_edge')
  })

  it('asks for more edge the older the quotes are', async () => {
    const { strategy, clock, beta } = await openWorld(undefined, { edgeMarginBpsPerSecond: 100 })
    await clock.advance(500)
    // 79.8 bps after fees, 3.5 asked of a fresh pair.
    beta.feed.set(beta.instrument, [['101', '5']], [['101.1', '5']])
    expect(typeof strategy.evaluate(1)).toBe('object')
    expect(requiredEdgeBps({ minNetEdgeBps: 1, edgeMarginBps: 2, edgeMarginBpsPerSecond: 4 }, 500_000)).toBe(5)
    const eager = await openWorld(undefined, { edgeMarginBpsPerSecond: 200 })
    await eager.clock.advance(500)
    expect(eager.strategy.evaluate(1)).toBe('no_edge')
  })

  it('counts the edge of the whole trade, what is left over by rounding included', async () => {
    const surplus = { maxSurplusNotional: Decimal.parse('1000') }
    const { strategy, account, alpha } = await openWorld({ alpha: { lotSize: '1' } }, surplus)
    alpha.feed.set(alpha.instrument, [['97', '5']], [['100', '5']])
    account.balances['beta:BTC'] = '0.5'
    expect(strategy.evaluate(0)).toBe('rounding')
  })

  it.each([
    ['untrusted_book', 'gap'],
    ['stale_quote', 1600],
    ['age_skew', 800],
  ] as const)('proposes nothing on %s', async (verdict, cause) => {
    const { strategy, clock, alpha, beta, core } = await openWorld()
    if (typeof cause === 'number') {
      await clock.advance(cause)
      beta.feed.set(beta.instrument, [['101', '5']], [['101.1', '5']])
    } else {
      core.board.bookOf(alpha.instrument.id)!.quarantine(cause)
    }
    expect(strategy.evaluate(1)).toBe(verdict)
  })

  it('proposes nothing that cannot be paid for', async () => {
    const { strategy, account } = await openWorld()
    account.balances['beta:BTC'] = '0.01'
    expect(strategy.evaluate(0)).toBe('balance')
  })

  it('rests after a trade, longer after a bad one, and only in that direction', async () => {
    const { strategy, clock, alpha, beta } = await openWorld()
    const plan = asPlan(strategy.evaluate(0))
    strategy.onOutcome(outcomeOf(plan, 'completed'))
    expect(strategy.evaluate(0)).toBe('cool_down')
    await clock.advance(100)
    expect(typeof strategy.evaluate(0)).toBe('object')
    strategy.onOutcome(outcomeOf(plan, 'unwound'))
    await clock.advance(999)
    alpha.feed.set(alpha.instrument, [['99.9', '5']], [['100', '5']])
    beta.feed.set(beta.instrument, [['101', '5']], [['101.1', '5']])
    expect(strategy.evaluate(0)).toBe('cool_down')
    alpha.feed.set(alpha.instrument, [['103', '5']], [['103.1', '5']])
    expect(asPlan(strategy.evaluate(0)).legs[0].instrument.id).toBe(beta.instrument.id)
  })

  it('passes over outcomes that name instruments it does not know', async () => {
    const { strategy } = await openWorld()
    const plan = asPlan(strategy.evaluate(0))
    const outcome = outcomeOf(plan, 'aborted')
    const stranger = createTestInstrument({ exchange: 'gamma' })
    strategy.onOutcome({ ...outcome, legs: outcome.legs.map((leg) => ({ ...leg, instrument: stranger })) })
    strategy.onOutcome({ ...outcome, legs: [] })
    expect(typeof strategy.evaluate(0)).toBe('object')
  })

  it.each([
    ['buy-first', 'buy'],
    ['concurrent', 'buy'],
    ['sell-first', 'sell'],
    ['riskier-first', 'sell'],
  ] as const)('names the leg first that %s asks for', async (legOrder, first) => {
    const { strategy, alpha, beta } = await openWorld(undefined, { legOrder })
    alpha.feed.set(alpha.instrument, [['99.9', '50']], [['100', '50']])
    beta.feed.set(beta.instrument, [['101', '2']], [['101.1', '5']])
    expect(asPlan(strategy.evaluate(0)).legs[0].side).toBe(first)
  })

  it('takes the widest direction first and the next when that is refused', async () => {
    const { clock, account, alpha, beta } = createTwoVenueWorld()
    const gamma = createTestInstrument({ exchange: 'gamma' })
    const board = new MarketBoard([alpha.instrument, beta.instrument, gamma])
    for (const { feed } of [alpha, beta]) await board.attach(feed, board.instruments)
    const strategy = new SpotSpotStrategy({
      board,
      account,
      clock,
      ids,
      options: testStrategyOptions,
    })
    alpha.feed.set(alpha.instrument, [['99.9', '5']], [['100', '5']])
    beta.feed.set(beta.instrument, [['101', '5']], [['101.1', '5']])
    alpha.feed.set(gamma, [['102', '5']], [['102.1', '5']])
    account.balances['gamma:BTC'] = '0'
    expect(asPlan(strategy.evaluate(0)).legs[1]!.instrument.exchange).toBe('beta')
    account.balances['beta:BTC'] = '0'
    account.balances['beta:USDT'] = '0'
    expect(strategy.evaluate(0)).toBe('balance')
    account.balances['gamma:BTC'] = '10'
    account.balances['gamma:USDT'] = '10000'
    expect(asPlan(strategy.evaluate(2)).legs[1]!.instrument.exchange).toBe('gamma')
  })

  it('watches spot instruments that another exchange lists, and those alone', () => {
    const { clock, account, alpha, beta, createStrategy } = createTwoVenueWorld()
    expect(createStrategy().slots).toEqual([0, 1])
    const lone = createTestInstrument({ exchange: 'alpha', base: 'ETH' })
    const futures = createTestInstrument({ exchange: 'gamma', marketType: 'futures' })
    const board = new MarketBoard([alpha.instrument, beta.instrument, lone, futures])
    const strategy = new SpotSpotStrategy({
      board,
      account,
      clock,
      ids,
      options: { ...testStrategyOptions, name: 'x' },
    })
    expect(strategy.slots.map((slot) => board.instruments[slot]!.exchange)).toEqual(['alpha', 'beta'])
    expect(strategy.name).toBe('x')
  })
})

const ids: IdSource = {
  nextCorrelationId: () => asCorrelationId('correlation-1'),
  nextClientOrderId: () => asClientOrderId('arb-1'),
}
