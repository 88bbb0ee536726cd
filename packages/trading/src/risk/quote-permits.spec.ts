import { asClientOrderId, createAssetId, Decimal, type LimitOrderRequest } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTwoVenueWorld } from '../testing/two-venue-world.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { RiskLimits } from './risk-limits.js'

async function openWorld(limits: Partial<RiskLimits> = {}) {
  const world = createTwoVenueWorld({ limits })
  await world.open()
  const { alpha, beta, core } = world
  const show = (): void => {
    alpha.feed.set(alpha.instrument, [['100', '5']], [['100.2', '5']])
    beta.feed.set(beta.instrument, [['100', '5']], [['100.2', '5']])
  }
  show()
  const plan = world.createQuotingStrategy({ maxNotional: Decimal.of(400) }).evaluate(0)
  if (typeof plan === 'string') throw new Error(plan)
  const causeOf = (): string => {
    const decision = core.gate.approveTrade(plan)
    return 'cause' in decision ? decision.cause : 'approved'
  }
  const review = (): string | undefined => core.gate.reviewQuote(plan)?.cause
  return { ...world, show, plan, causeOf, review }
}

const orderOf = (
  { correlationId, legs: [{ instrument, side, priceTicks, quantityLots }] }: TradePlan,
  execution: LimitOrderRequest['execution'],
): LimitOrderRequest => ({
  instrument,
  side,
  priceTicks,
  quantityLots,
  correlationId,
  execution,
  type: 'limit',
  clientOrderId: asClientOrderId('arb1'),
})

describe('the permit of a quote', () => {
  it('counts its hedge in exposure, funds, orders and rate budget', async () => {
    expect((await openWorld({ maxExposurePerExchange: Decimal.of(300) })).causeOf()).toBe('exposure_exchange')
    expect((await openWorld({ maxOpenOrders: 1 })).causeOf()).toBe('open_orders')
    const poor = await openWorld()
    poor.account.balances['beta:BTC'] = '0.1'
    expect(poor.causeOf()).toBe('balance')
    const busy = await openWorld()
    busy.beta.exchange.orders.admits = false
    expect(busy.causeOf()).toBe('rate_budget')
    const blind = await openWorld()
    blind.beta.feed.quarantine(blind.beta.instrument, 'gap')
    expect(blind.causeOf()).toBe('untrusted_book')
  })

  it('is for an order that rests and takes nothing, and for no other', async () => {
    const { core, plan } = await openWorld()
    const decision = core.gate.approveTrade(plan)
    if ('cause' in decision) throw new Error(decision.detail)
    const approve = (execution: LimitOrderRequest['execution']) =>
      core.gate.approveLeg(decision.plan, orderOf(plan, execution))
    expect(() => approve({ timeInForce: 'ioc' })).toThrow('nothing rests on the book but the leg of a quote')
    expect(() => approve({ timeInForce: 'gtc', postOnly: false })).toThrow('nothing rests on the book')
    expect(approve({ timeInForce: 'gtc', postOnly: true })).toMatchObject({ clientOrderId: 'arb1' })
  })

  it('is not given while trading is halted', async () => {
    const { core, plan, halt } = await openWorld()
    const decision = core.gate.approveTrade(plan)
    if ('cause' in decision) throw new Error(decision.detail)
    halt.halt({ rule: 'command', detail: 'Stop.' })
    expect(() => core.gate.approveLeg(decision.plan, orderOf(plan, { timeInForce: 'gtc', postOnly: true }))).toThrow(
      'halted',
    )
  })
})

describe('a quote that rests is reviewed', () => {
  it('without counting its own exposure, funds and budget against it', async () => {
    const { causeOf, review, account, alpha } = await openWorld({
      maxExposurePerExchange: Decimal.of(450),
      maxOpenTrades: 1,
    })
    expect(causeOf()).toBe('approved')
    account.balances['alpha:USDT'] = '0'
    alpha.exchange.orders.admits = false
    expect(review()).toBeUndefined()
  })

  it('as one that was let through, or not at all', async () => {
    expect((await openWorld()).review()).toBe('halted')
  })

  it.each<[string, (world: Awaited<ReturnType<typeof openWorld>>) => void]>([
    ['balance', ({ account }) => (account.balances['beta:BTC'] = '0')],
    ['account_stale', ({ account }) => (account.current = false)],
    ['unknown_order', ({ account }) => (account.unknownOrderCount = 1)],
    ['untrusted_book', ({ beta }) => beta.feed.quarantine(beta.instrument, 'gap')],
    ['trade_notional', ({ limits }) => Object.assign(limits, { maxNotionalPerTrade: Decimal.of(100) })],
    ['exposure_asset', ({ account }) => (account.netPositions['BTC'] = '48')],
    [
      'position',
      ({ limits }) => Object.assign(limits, { maxPositionByAsset: new Map([[createAssetId('BTC'), Decimal.of(200)]]) }),
    ],
  ])('and pulled for %s', async (cause, happen) => {
    const world = await openWorld()
    expect(world.causeOf()).toBe('approved')
    expect(world.review()).toBeUndefined()
    happen(world)
    expect(world.review()).toBe(cause)
  })

  it('and pulled when a book has grown old', async () => {
    const world = await openWorld()
    expect(world.causeOf()).toBe('approved')
    await world.clock.advance(1_600)
    expect(world.review()).toBe('stale_quote')
  })
})
