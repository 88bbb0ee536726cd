import {
  asClientOrderId,
  createAssetId,
  createExchangeId,
  Decimal,
  RiskRefusedException,
  type LimitOrderRequest,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { TradeRateNeed } from '@cex-arbitrage/exchanges'
import { describe, expect, it } from 'vitest'
import { createTwoVenueWorld } from '../testing/two-venue-world.js'
import type { LegPlan, TradePlan } from '../types/trade-plan.js'
import { OrderRate } from './order-rate.js'
import type { RiskApproval } from './risk-gate.js'
import type { RiskLimits } from './risk-limits.js'
import { WhyNotCounters, whyNotCauses } from './why-not.js'

type World = ReturnType<typeof createTwoVenueWorld>

async function openWorld(limits?: Partial<RiskLimits>): Promise<World & { plan: TradePlan }> {
  const world = createTwoVenueWorld(limits === undefined ? {} : { limits })
  await world.open()
  const plan = world.createStrategy().evaluate(0)
  if (typeof plan === 'string') throw new Error(plan)
  return { ...world, plan }
}

const approve = (world: World, plan: TradePlan): RiskApproval => {
  const decision = world.core.gate.approveTrade(plan)
  if ('cause' in decision) throw new Error(`${decision.cause}: ${decision.detail}`)
  return decision
}

const causeOf = (world: World, plan: TradePlan): string => {
  const decision = world.core.gate.approveTrade(plan)
  return 'cause' in decision ? decision.cause : 'approved'
}

const withLegs = (plan: TradePlan, change: (leg: LegPlan) => Partial<LegPlan>): TradePlan => ({
  ...plan,
  legs: plan.legs.map((leg) => ({ ...leg, ...change(leg) })) as [LegPlan, ...LegPlan[]],
})

describe('the risk gate', () => {
  it('lets a sound plan through, the same object', async () => {
    const world = await openWorld()
    expect(approve(world, world.plan).plan).toBe(world.plan)
  })

  it.each<[string, (world: World) => void]>([
    ['halted', ({ halt }) => halt.halt({ rule: 'command', detail: '' })],
    ['halted', ({ halt, alpha }) => halt.halt({ rule: 'ledger_mismatch', detail: '', asset: alpha.instrument.base })],
    ['daily_loss', ({ account }) => void (account.realised['USDT'] = '-100.5')],
    ['consecutive_failures', ({ account }) => void (account.failures = 5)],
    [
      'clock_offset',
      ({ core, alpha }) =>
        core.offsets.record(alpha.venue.exchange, { exchangeTimeMs: 0, offsetMs: 1500, roundTripMs: 10 }),
    ],
    ['stale_feed', ({ beta }) => void (beta.feed.connected = false)],
    ['account_stale', ({ account }) => void (account.current = false)],
    ['unknown_order', ({ account }) => void (account.unknownOrderCount = 1)],
    ['untrusted_book', ({ bookOf, alpha }) => bookOf(alpha).quarantine('gap')],
    ['untrusted_book', ({ core, alpha }) => void (core.board.bookOf(alpha.instrument.id)!.trust = 'syncing')],
    ['open_trades', ({ account }) => void (account.openTradeCount = 10)],
    ['open_orders', ({ account }) => void (account.openOrderCount = 10)],
    ['balance', ({ account }) => void (account.balances['alpha:USDT'] = '100')],
    ['balance', ({ account }) => void (account.balances['beta:BTC'] = '0.1')],
    ['exposure_asset', ({ account }) => void (account.netPositions['BTC'] = '-50')],
    ['rate_budget', ({ beta }) => void (beta.exchange.orders.admits = false)],
  ])('refuses with %s and lets through again afterwards', async (cause, spoil) => {
    const world = await openWorld()
    spoil(world)
    expect(causeOf(world, world.plan)).toBe(cause)
    expect(causeOf(await openWorld(), world.plan)).toBe('approved')
  })

  it.each<[string, Partial<RiskLimits>]>([
    ['trade_notional', { maxNotionalPerTrade: Decimal.parse('500') }],
    ['position', { maxPositionByAsset: new Map([[createAssetId('BTC'), Decimal.parse('204.9')]]) }],
    ['exposure_exchange', { maxExposurePerExchange: Decimal.parse('500') }],
    ['exposure_asset', { maxExposurePerAsset: Decimal.parse('500') }],
    ['exposure_total', { maxExposureTotal: Decimal.parse('500') }],
    ['min_edge', { minNetEdgeBps: 80 }],
    ['price_band', { maxPriceDeviation: Decimal.parse('0.0001') }],
    ['order_rate', { maxOrdersPerSecond: 1 }],
    ['approved', { maxPositionByAsset: new Map([[createAssetId('BTC'), Decimal.parse('205')]]) }],
  ])('answers %s to a limit', async (cause, limits) => {
    const world = await openWorld(limits)
    expect(causeOf(world, world.plan)).toBe(cause)
  })

  it.each<[string, (leg: LegPlan) => Partial<LegPlan>]>([
    ['off_grid', ({ quantityLots }) => ({ quantityLots: quantityLots + 0.5 })],
    ['off_grid', () => ({ priceTicks: -1 })],
    ['below_minimum', () => ({ quantityLots: 1 })],
    ['price_band', ({ side, priceTicks }) => ({ priceTicks: side === 'buy' ? priceTicks + 500 : priceTicks - 500 })],
  ])('refuses a plan whose orders are %s', async (cause, change) => {
    const world = await openWorld()
    expect(causeOf(world, withLegs(world.plan, change))).toBe(cause)
  })

  it('refuses a plan whose unwind a venue would not take', async () => {
    const world = createTwoVenueWorld({ alpha: { minNotional: '100', feeAssetRule: 'received' } })
    await world.open()
    const plan = world.createStrategy().evaluate(0) as TradePlan
    const one = withLegs(plan, ({ instrument }) => ({
      quantityLots: 10_000,
      expectedNotional: instrument.notional(10_000, 10_000),
    }))
    expect(causeOf(world, one)).toBe('unwind')
  })

  it('asks for more edge when time has passed since the plan', async () => {
    const world = await openWorld({ edgeMarginBpsPerSecond: 100, maxQuoteAgeUs: 5_000_000 })
    await world.clock.advance(700)
    expect(causeOf(world, world.plan)).toBe('approved')
    await world.clock.advance(200)
    expect(causeOf(world, world.plan)).toBe('min_edge')
  })

  it('refuses a plan that brings nothing, whatever its ratio says', async () => {
    const world = await openWorld({ minNetEdgeBps: -100 })
    expect(causeOf(world, { ...world.plan, expectedProfit: Decimal.zero })).toBe('min_edge')
  })

  it('judges books of now, not of when the plan was made', async () => {
    const world = await openWorld()
    await world.clock.advance(1600)
    expect(causeOf(world, world.plan)).toBe('stale_quote')
    world.alpha.feed.set(world.alpha.instrument, [['99.9', '5']], [['100', '5']])
    await world.clock.advance(0)
    expect(causeOf(world, world.plan)).toBe('stale_quote')
    const skewed = await openWorld()
    await skewed.clock.advance(800)
    skewed.beta.feed.set(skewed.beta.instrument, [['101', '5']], [['101.1', '5']])
    expect(causeOf(skewed, skewed.plan)).toBe('age_skew')
  })

  it('refuses what has no known value in the reporting asset', async () => {
    const world = createTwoVenueWorld({ alpha: { quote: 'EUR' }, beta: { quote: 'EUR' } })
    await world.open()
    const plan = world.createStrategy().evaluate(0) as TradePlan
    expect(causeOf(world, plan)).toBe('unvalued')
  })

  it('counts open trades towards every limit until they are released, once', async () => {
    const world = await openWorld({ maxExposureTotal: Decimal.parse('1000') })
    const first = approve(world, world.plan)
    expect(causeOf(world, world.plan)).toBe('exposure_total')
    first.release()
    first.release()
    const second = approve(world, world.plan)
    expect(causeOf(world, world.plan)).toBe('exposure_total')
    second.release()
    const single = await openWorld({ maxOpenTrades: 1 })
    approve(single, single.plan)
    expect(causeOf(single, single.plan)).toBe('open_trades')
    const position = await openWorld({
      maxPositionByAsset: new Map([[createAssetId('BTC'), Decimal.parse('209')]]),
    })
    approve(position, position.plan)
    expect(causeOf(position, position.plan)).toBe('position')
  })

  it('refuses an exchange whose clock differs, though there are others left that keep trading from halting', async () => {
    const world = await openWorld()
    for (const name of ['gamma', 'delta'])
      world.core.feeds.add(createExchangeId(name), world.beta.feed, [world.beta.instrument.id])
    const record = (offsetMs: number): void =>
      world.core.offsets.record(world.alpha.venue.exchange, { exchangeTimeMs: 0, offsetMs, roundTripMs: 10 })
    record(1006)
    expect([causeOf(world, world.plan), world.halt.causes]).toEqual(['clock_offset', []])
    record(1004)
    expect(causeOf(world, world.plan)).toBe('approved')
  })

  it('sets aside the calls of legs, cancels and unwind on both exchanges, or on none', async () => {
    const world = await openWorld()
    const log: string[] = []
    const needs: TradeRateNeed[] = []
    world.alpha.exchange.orders.admitTrade = (need) => {
      needs.push(need)
      return { release: () => void log.push('alpha released') }
    }
    world.beta.exchange.orders.admitTrade = () => undefined
    expect(causeOf(world, world.plan)).toBe('rate_budget')
    expect(log).toEqual(['alpha released'])
    expect(needs).toEqual([{ correlationId: world.plan.correlationId, orders: 2, cancels: 2, queries: 4 }])
    world.beta.exchange.orders.admitTrade = () => ({ release: () => void log.push('beta released') })
    approve(world, world.plan).release()
    expect(log).toEqual(['alpha released', 'alpha released', 'beta released'])
  })
})

describe('permits of single orders', () => {
  const orderOf = (plan: TradePlan, index: 0 | 1, change: Partial<LimitOrderRequest> = {}): LimitOrderRequest => ({
    instrument: plan.legs[index]!.instrument,
    side: plan.legs[index]!.side,
    type: 'limit',
    clientOrderId: asClientOrderId(`arb${index}`),
    correlationId: plan.correlationId,
    priceTicks: plan.legs[index]!.priceTicks,
    quantityLots: plan.legs[index]!.quantityLots,
    execution: { timeInForce: 'ioc' },
    ...change,
  })

  it('are given to the legs of an approved plan as planned', async () => {
    const world = await openWorld()
    const { plan } = approve(world, world.plan)
    for (const index of [0, 1] as const) {
      const order = orderOf(plan, index)
      expect(world.core.gate.approveLeg(plan, order)).toBe(order)
    }
  })

  it.each<[string, (plan: TradePlan) => LimitOrderRequest]>([
    ['larger', (plan) => orderOf(plan, 0, { quantityLots: plan.legs[0].quantityLots + 1 })],
    ['dearer', (plan) => orderOf(plan, 0, { priceTicks: plan.legs[0].priceTicks + 1 })],
    ['cheaper', (plan) => orderOf(plan, 1, { priceTicks: plan.legs[1]!.priceTicks - 1 })],
    ['of the other side', (plan) => orderOf(plan, 0, { side: 'sell' })],
    ['of another trade', (plan) => orderOf(plan, 0, { correlationId: 'other' as never })],
    ['resting', (plan) => orderOf(plan, 0, { execution: { timeInForce: 'gtc', postOnly: false } })],
    ['off the grid', (plan) => orderOf(plan, 0, { quantityLots: 1.5 })],
  ])('are refused to a leg that is %s', async (_, order) => {
    const world = await openWorld()
    const { plan } = approve(world, world.plan)
    expect(() => world.core.gate.approveLeg(plan, order(plan))).toThrow(RiskRefusedException)
  })

  it('are refused to a plan that the gate has not let through', async () => {
    const world = await openWorld()
    const forged = world.plan as RiskApproved<TradePlan>
    expect(() => world.core.gate.approveLeg(forged, orderOf(forged, 0))).toThrow(/no leg of an approved plan/)
  })

  it('are refused to the first leg once trading is halted, and given to the second of a trade under way', async () => {
    const world = await openWorld()
    const before = approve(world, world.plan).plan
    const during = approve(world, { ...world.plan }).plan
    world.core.gate.approveLeg(during, orderOf(during, 0))
    world.halt.halt({ rule: 'command', detail: 'stop' })
    expect(() => world.core.gate.approveLeg(before, orderOf(before, 0))).toThrow(/halted: stop/)
    expect(() => world.core.gate.approveLeg(during, orderOf(during, 1))).not.toThrow()
  })

  it('are given to hedges while trading is halted', async () => {
    const world = await openWorld()
    world.halt.halt({ rule: 'command', detail: 'stop' })
    const hedge = orderOf(world.plan, 0, { side: 'sell', priceTicks: 9_500 })
    expect(world.core.gate.approveHedge(hedge)).toBe(hedge)
  })

  it.each<[string, Partial<LimitOrderRequest>]>([
    ['breaks a rule of its venue', { quantityLots: 1.5 }],
    ['is far from the market', { side: 'sell', priceTicks: 8_000 }],
  ])('are refused to a hedge that %s', async (_, change) => {
    const world = await openWorld()
    expect(() => world.core.gate.approveHedge(orderOf(world.plan, 0, change))).toThrow(RiskRefusedException)
  })

  it('are given to a hedge where no book is left to judge its price by', async () => {
    const world = await openWorld()
    world.bookOf(world.alpha).quarantine('disconnected')
    expect(() => world.core.gate.approveHedge(orderOf(world.plan, 0, { priceTicks: 20_000 }))).not.toThrow()
  })
})

describe('the order rate', () => {
  it('counts any second, not calendar ones', () => {
    const rate = new OrderRate(3)
    rate.count(0)
    rate.count(600_000)
    expect(rate.fits(1, 900_000)).toBe(true)
    expect(rate.fits(2, 900_000)).toBe(false)
    expect(rate.fits(2, 1_000_000)).toBe(true)
    expect(rate.fits(4, 9_000_000)).toBe(false)
  })

  it('takes another limit and forgets nothing that was counted', () => {
    const rate = new OrderRate(3)
    for (const atUs of [0, 100_000, 200_000]) rate.count(atUs)
    rate.setLimit(2)
    expect(rate.fits(1, 500_000)).toBe(false)
    expect(rate.fits(1, 1_100_000)).toBe(true)
    rate.count(1_100_000)
    rate.setLimit(4)
    expect(rate.fits(3, 1_150_000)).toBe(false)
    expect(rate.fits(2, 1_150_000)).toBe(true)
    expect(rate.fits(3, 1_200_000)).toBe(true)
  })

  it('counts hedges too, which it never refuses', async () => {
    const world = await openWorld({ maxOrdersPerSecond: 2 })
    const leg = world.plan.legs[0]
    const hedge: LimitOrderRequest = {
      instrument: leg.instrument,
      side: 'sell',
      type: 'limit',
      clientOrderId: asClientOrderId('arb1'),
      correlationId: world.plan.correlationId,
      priceTicks: 9_900,
      quantityLots: 10_000,
      execution: { timeInForce: 'ioc' },
    }
    for (let i = 0; i < 3; i++) world.core.gate.approveHedge(hedge)
    expect(causeOf(world, world.plan)).toBe('order_rate')
  })
})

describe('why-not counters', () => {
  it('count each cause by itself and show all of them', () => {
    const counters = new WhyNotCounters()
    counters.count('balance')
    counters.count('balance')
    expect(counters.get('balance')).toBe(2)
    expect(Object.keys(counters.snapshot())).toEqual([...whyNotCauses])
    expect(counters.snapshot().no_edge).toBe(0)
  })
})
