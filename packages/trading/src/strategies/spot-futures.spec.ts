import { createAssetId, Decimal, UniqueIdSource } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { testStrategyOptions, createTwoVenueWorld, type TwoVenueWorld } from '../testing/two-venue-world.js'
import { noPositions } from '../types/position-view.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { SpotFuturesOptions } from './spot-futures-options.js'
import { SpotFuturesStrategy } from './spot-futures.js'

const btc = createAssetId('BTC')

const basisOptions: SpotFuturesOptions = {
  ...testStrategyOptions,
  entryBasisBps: 30,
  exitBasisBps: 5,
  basisStandsMs: 0,
  minFundingBpsPerDay: 0,
  maxPositionNotional: Decimal.of(2_000),
  minMarginRatio: Decimal.parse('0.3'),
}

/** Spot on alpha at 99.9 to 100, contracts of a tenth on beta at 101 to 101.1. */
async function createWorld(options: Partial<SpotFuturesOptions> = {}, fundingRate = '0.0001') {
  const world = createTwoVenueWorld({ beta: { marketType: 'futures', contractSize: '0.1', lotSize: '1' } })
  await world.open()
  world.account.positions = { ...noPositions, leverageOf: () => Decimal.of(2) }
  const { core, account, clock, beta } = world
  core.funding.record({
    instrument: beta.instrument,
    rate: Decimal.parse(fundingRate),
    intervalMs: 28_800_000,
    nextAtMs: 0,
    markPrice: Decimal.of(100),
    indexPrice: Decimal.of(100),
  })
  const strategy = new SpotFuturesStrategy({
    board: core.board,
    account,
    clock,
    ids: new UniqueIdSource('arb', clock, { next: () => 0 }),
    options: { ...basisOptions, ...options },
    funding: core.funding,
    margins: core.margins,
  })
  setPrices(world, ['99.9', '100'], ['101', '101.1'])
  const evaluate = () => strategy.evaluate(core.board.slotOf(beta.instrument.id)!)
  return { world, strategy, evaluate }
}

/** The account holds so much base in the contract, with so much of its margin left. */
function hold({ account }: TwoVenueWorld, base: string, marginLeft?: string): void {
  account.positions = {
    baseOf: () => Decimal.parse(base),
    leverageOf: () => Decimal.of(2),
    marginLeft: () => (marginLeft === undefined ? undefined : Decimal.parse(marginLeft)),
  }
}

const setPrices = ({ alpha, beta }: TwoVenueWorld, spot: [string, string], contract: [string, string]): void => {
  alpha.feed.set(alpha.instrument, [[spot[0], '50']], [[spot[1], '50']])
  beta.feed.set(beta.instrument, [[contract[0], '500']], [[contract[1], '500']])
}

const legsOf = (plan: TradePlan | string) =>
  typeof plan === 'string'
    ? plan
    : plan.legs.map(
        ({ instrument, side, quantityLots, reduceOnly }) =>
          `${side} ${instrument.lotsToQuantity(quantityLots).toString()} ${instrument.marketType}${reduceOnly ? ' reduce only' : ''}`,
      )

describe('The spot-futures strategy', () => {
  it('buys the spot that hedges whole contracts where contracts are dear', async () => {
    const { evaluate } = await createWorld()
    const plan = evaluate()
    expect(plan).toMatchObject({ holding: 'opens', strategy: 'spot-futures' })
    expect(legsOf(plan)).toEqual(['buy 9.9 spot', 'sell 99 futures'])
  })

  it('asks of an entry the fees of the exit as well', async () => {
    const { world, evaluate } = await createWorld()
    // 80 basis points before four fees of ten each; 60 do not pay.
    setPrices(world, ['99.9', '100'], ['100.71', '100.72'])
    expect(typeof evaluate()).toBe('object')
    setPrices(world, ['99.9', '100'], ['100.69', '100.7'])
    expect(evaluate()).toBe('no_edge')
  })

  it('sells spot from inventory where contracts are cheap, and buys contracts', async () => {
    const { world, evaluate } = await createWorld({}, '-0.0001')
    setPrices(world, ['101', '101.1'], ['99.9', '100'])
    expect(legsOf(evaluate())).toEqual(['buy 99 futures', 'sell 9.9 spot'])
    world.account.balances['alpha:BTC'] = '0'
    expect(evaluate()).toBe('balance')
  })

  it.each([
    ['is less than asked for', '-0.0001'],
    ['is just not enough', '0.00009'],
  ])('does not open where funding %s', async (_, rate) => {
    const { evaluate } = await createWorld({ minFundingBpsPerDay: 3 }, rate)
    expect(evaluate()).toBe('funding')
  })

  it('does not open where funding has not been told for long', async () => {
    const { world, evaluate } = await createWorld()
    await world.clock.advance(301_000)
    setPrices(world, ['99.9', '100'], ['101', '101.1'])
    expect(evaluate()).toBe('funding')
  })

  it('holds what it has while the basis stands, and closes it when it is gone', async () => {
    const { world, evaluate } = await createWorld({ maxPositionNotional: Decimal.of(200) })
    hold(world, '-2')
    expect(evaluate()).toBe('position')
    setPrices(world, ['100', '100.1'], ['99.94', '100.04'])
    const plan = evaluate()
    expect(plan).toMatchObject({ holding: 'closes' })
    expect(legsOf(plan)).toEqual(['buy 20 futures reduce only', 'sell 2 spot'])
    setPrices(world, ['100', '100.1'], ['99.95', '100.06'])
    expect(evaluate()).toBe('no_edge')
  })

  it('closes a long position by buying spot back', async () => {
    const { world, evaluate } = await createWorld()
    hold(world, '2')
    setPrices(world, ['99.9', '100'], ['100', '100.1'])
    expect(legsOf(evaluate())).toEqual(['buy 2 spot', 'sell 20 futures reduce only'])
  })

  it('makes a position larger up to its limit', async () => {
    const { world, evaluate } = await createWorld({ maxPositionNotional: Decimal.of(500) })
    hold(world, '-2')
    expect(legsOf(evaluate())).toEqual(['buy 2.9 spot', 'sell 29 futures'])
  })

  it('closes whatever the basis is when too little margin is left, and opens nothing then', async () => {
    const { world, evaluate } = await createWorld()
    hold(world, '-2', '0.31')
    expect(evaluate()).toMatchObject({ holding: 'opens' })
    hold(world, '-2', '0.29')
    await world.clock.advance(250)
    setPrices(world, ['99.9', '100'], ['101', '101.1'])
    expect(evaluate()).toMatchObject({ holding: 'closes' })
    world.account.balances['alpha:BTC'] = '0'
    expect(evaluate()).not.toMatchObject({ holding: 'opens' })
  })

  it('closes no more than the spot that is there', async () => {
    const { world, evaluate } = await createWorld()
    hold(world, '-2')
    world.account.balances['alpha:BTC'] = '1.25'
    setPrices(world, ['100', '100.1'], ['99.94', '100.04'])
    expect(legsOf(evaluate())).toEqual(['buy 12 futures reduce only', 'sell 1.2 spot'])
  })

  it('takes no more contracts than their margin carries', async () => {
    const { world, evaluate } = await createWorld()
    world.account.balances['beta:futures:USDT'] = '100'
    expect(legsOf(evaluate())).toEqual(['buy 1.9 spot', 'sell 19 futures'])
  })

  it('trusts a basis only after it has stood without a break', async () => {
    const { world, evaluate } = await createWorld({ basisStandsMs: 300 })
    expect(evaluate()).toBe('fresh_basis')
    await world.clock.advance(200)
    setPrices(world, ['99.9', '100'], ['100', '100.1'])
    expect(evaluate()).toBe('no_edge')
    setPrices(world, ['99.9', '100'], ['101', '101.1'])
    expect(evaluate()).toBe('fresh_basis')
    await world.clock.advance(300)
    expect(evaluate()).toMatchObject({ holding: 'opens' })
  })

  it('rests after an end', async () => {
    const { evaluate, strategy } = await createWorld()
    const { legs } = evaluate() as TradePlan
    strategy.onOutcome({ legs, end: 'aborted' } as unknown as TradeOutcome)
    expect(evaluate()).toBe('cool_down')
  })

  it('lets the gate pass what it opens, and what it closes without an edge', async () => {
    const { world, evaluate } = await createWorld()
    const opening = world.core.gate.approveTrade(evaluate() as TradePlan)
    expect(opening).not.toHaveProperty('cause')
    hold(world, '-2')
    setPrices(world, ['100', '100.1'], ['99.94', '100.04'])
    const plan = evaluate() as TradePlan
    expect(plan.expectedProfit.sign).toBe(-1)
    expect(world.core.gate.approveTrade(plan)).not.toHaveProperty('cause')
    world.halt.halt({ rule: 'margin', asset: btc, detail: 'short' })
    expect(world.core.gate.approveTrade(plan)).not.toHaveProperty('cause')
    world.halt.halt({ rule: 'command', detail: 'stop' })
    expect(world.core.gate.approveTrade(plan)).toMatchObject({ cause: 'halted' })
  })
})

describe('A position short of margin', () => {
  it('that could not be made smaller in time halts by name, until it is', async () => {
    const { world } = await createWorld()
    const { core, beta, clock } = world
    core.margins.watch(beta.instrument, () => Decimal.parse('0.3'))
    hold(world, '-2', '0.29')
    const causes = () => {
      core.rules.check()
      return world.halt.causes.filter(({ rule }) => rule === 'margin')
    }
    expect(causes()).toEqual([])
    await clock.advance(9_000)
    expect(causes()).toEqual([])
    await clock.advance(1_100)
    expect(causes()).toMatchObject([
      { rule: 'margin', asset: 'BTC', detail: expect.stringMatching(/-2 BTC in beta:futures:BTC\/USDT has 0\.29/) },
    ])
    hold(world, '-1', '0.29')
    expect(causes()).toEqual([])
  })
})
