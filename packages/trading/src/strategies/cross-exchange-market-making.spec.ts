import { describe, expect, it } from 'vitest'
import { createTwoVenueWorld } from '../testing/two-venue-world.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { CrossExchangeMarketMakingOptions } from './cross-exchange-market-making-options.js'

async function openWorld(
  options: Partial<CrossExchangeMarketMakingOptions> = {},
  world: Parameters<typeof createTwoVenueWorld>[0] = {},
) {
  const created = createTwoVenueWorld(world)
  await created.open()
  const { alpha, beta } = created
  alpha.feed.set(alpha.instrument, [['100', '5']], [['100.2', '5']])
  beta.feed.set(beta.instrument, [['100', '5']], [['100.2', '5']])
  const strategy = created.createQuotingStrategy(options)
  const evaluate = (): TradePlan | string => strategy.evaluate(0)
  const plan = (): TradePlan => {
    const verdict = evaluate()
    if (typeof verdict === 'string') throw new Error(verdict)
    strategy.onStarted(verdict)
    return verdict
  }
  const end = (ended: TradePlan, outcome: Partial<Pick<TradeOutcome, 'end'>>): void => {
    strategy.onOutcome({
      correlationId: ended.correlationId,
      end: outcome.end ?? 'pulled',
      legs: ended.legs,
    } as unknown as TradeOutcome)
    strategy.onEnded(ended)
  }
  return { ...created, strategy, evaluate, plan, end }
}

describe('cross-exchange market making', () => {
  it('quotes to buy and to sell on one exchange what it can close on the other, and then nothing more', async () => {
    const { alpha, beta, evaluate, plan } = await openWorld()
    const [bid, ask] = [plan(), plan()]
    expect(
      [bid, ask].map(({ legs }) => legs.map(({ instrument, side, priceTicks }) => [instrument.id, side, priceTicks])),
    ).toEqual([
      // 100 × (1 − 0.001) ÷ (1 + 0.001) ÷ (1 + 0.001), and 100.2 × (1 + 0.001) × (1 + 0.001) ÷ (1 − 0.001)
      [[alpha.instrument.id, 'buy', 9_970]],
      [[alpha.instrument.id, 'sell', 10_051]],
    ])
    expect([bid, ask].map(({ quote }) => [quote!.hedge.instrument.id, quote!.hedge.side])).toEqual([
      [beta.instrument.id, 'sell'],
      [beta.instrument.id, 'buy'],
    ])
    expect(evaluate()).toBe('symbol_busy')
  })

  it('makes plans that the risk gate lets through, whose profit is exactly what the parts come to', async () => {
    const { core, plan } = await openWorld()
    for (const made of [plan(), plan()]) {
      const { legs, quote, expectedProfit, netEdgeBps } = made
      const [buy, sell] = legs[0].side === 'buy' ? [legs[0], quote!.hedge] : [quote!.hedge, legs[0]]
      const cost = buy.expectedNotional.plus(buy.expectedFee)
      expect(expectedProfit.equals(sell.expectedNotional.minus(sell.expectedFee).minus(cost))).toBe(true)
      expect(netEdgeBps).toBeGreaterThanOrEqual(10)
      expect(core.gate.approveTrade(made)).toHaveProperty('plan', made)
    }
  })

  it('asks for the least edge of quotes so old where that is more than the spread', async () => {
    const { clock, plan } = await openWorld({
      spreadBps: 1,
      minNetEdgeBps: 2,
      edgeMarginBps: 1,
      edgeMarginBpsPerSecond: 50,
    })
    await clock.advance(500)
    expect(plan().netEdgeBps).toBeGreaterThanOrEqual(28)
  })

  it('asks again no sooner than the least interval, whatever came of it', async () => {
    const { clock, account, evaluate, plan, end } = await openWorld({ requoteMinIntervalMs: 300 })
    end(plan(), {})
    plan()
    expect(evaluate()).toBe('cool_down')
    await clock.advance(300)
    account.balances['alpha:USDT'] = '0'
    expect(evaluate()).toBe('balance')
    account.balances['alpha:USDT'] = '100000'
    expect(evaluate()).toBe('cool_down')
    await clock.advance(300)
    expect(plan().legs[0].side).toBe('buy')
  })

  it.each<[string, Parameters<Awaited<ReturnType<typeof openWorld>>['end']>[1], number]>([
    ['a hedged fill', { end: 'completed' }, 400],
    ['a fill that was unwound', { end: 'unwound' }, 2_000],
    ['a refusal', { end: 'aborted' }, 2_000],
    ['a quote that was pulled', { end: 'pulled' }, 100],
  ])('lets a side rest after %s', async (_what, outcome, restMs) => {
    const { clock, evaluate, plan, end } = await openWorld({
      requoteMinIntervalMs: 100,
      coolDownMs: 400,
      failureCoolDownMs: 2_000,
      maxQuoteAgeUs: 1e9,
    })
    const bid = plan()
    plan()
    end(bid, outcome)
    await clock.advance(restMs - 1)
    expect(evaluate()).toBe('cool_down')
    await clock.advance(1)
    expect(plan().legs[0].side).toBe('buy')
  })

  it('quotes only the side that brings back what is not flat beyond the bound', async () => {
    const { account, clock, evaluate, plan, end } = await openWorld()
    account.netPositions['BTC'] = '0.2'
    const ask = plan()
    expect(ask.legs[0].side).toBe('sell')
    await clock.advance(300)
    expect(evaluate()).toBe('position')
    end(ask, {})
    await clock.advance(300)
    account.netPositions['BTC'] = '-0.2'
    expect(plan().legs[0].side).toBe('buy')
  })

  it('quotes nothing from books that are not to be trusted', async () => {
    const { beta, evaluate } = await openWorld()
    beta.feed.quarantine(beta.instrument, 'gap')
    expect(evaluate()).toBe('untrusted_book')
  })

  it('sees the symbols that both exchanges list, and no more', async () => {
    const { strategy, createQuotingStrategy } = await openWorld()
    expect(strategy.slots).toEqual([0, 1])
    expect(createQuotingStrategy({ name: 'quoter' }).name).toBe('quoter')
    expect(strategy.evaluate(7)).toBe('no_edge')
  })
})
