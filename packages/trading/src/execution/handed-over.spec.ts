import { type AssetId, type LimitOrderRequest, type RiskApproved } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorld } from '../testing/create-trading-world.js'
import type { TradingEngine } from '../testing/start-execution.js'
import { compareWithTruth } from '../testing/run-faulty-session.js'
import { MemoryJournal } from './memory-journal.js'

const btc = 'BTC' as AssetId

/** A trade that bought 1 BTC on alpha, could not sell it, and halted. */
async function startHalted() {
  const world = createTradingWorld()
  const journal = new MemoryJournal()
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  world.beta.orders.submitFaults = [{ kind: 'refuse' }]
  trustBooks(world, false)
  await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
  trustBooks(world, true)
  return { world, journal, engine }
}

function trustBooks(world: TradingWorld, trusted: boolean): void {
  for (const exchange of world.exchanges) exchange.orders.book(world.instrumentOf(exchange)).trusted = trusted
}

/** What the operator does: sells the bitcoin past the engine. */
async function sellByHand(world: TradingWorld): Promise<void> {
  const request = {
    instrument: world.instrumentOf(world.alpha),
    clientOrderId: 'by-hand',
    correlationId: 'by-hand',
    type: 'limit',
    side: 'sell',
    priceTicks: 9_900,
    quantityLots: 10_000,
    execution: { timeInForce: 'ioc' },
  } as unknown as RiskApproved<LimitOrderRequest>
  await world.alpha.orders.submitOrder(request, { ackTimeoutMs: 100, purpose: 'open' })
}

async function restart(world: TradingWorld, journal: MemoryJournal): Promise<TradingEngine> {
  journal.kill()
  for (const { account } of world.exchanges) await account.close()
  const engine = world.startEngine(new MemoryJournal({ records: journal.records }))
  await world.finish(engine.executor.recover())
  return engine
}

const sent = (world: TradingWorld): number =>
  world.exchanges.reduce((sum, { orders }) => sum + orders.submitted.filter((id) => id.startsWith('arb')).length, 0)

describe('what the operator has been told to close by hand', () => {
  it('is left alone by the next start, which halts and names it again (S4)', async () => {
    const { world, journal } = await startHalted()
    const before = sent(world)
    await sellByHand(world)
    const engine = await restart(world, journal)
    await world.clock.advance(60_000)
    expect(sent(world)).toBe(before)
    expect(world.drift('BTC').isZero).toBe(true)
    expect(engine.halt.causes).toMatchObject([{ rule: 'residual', correlationId: 't1' }])
    expect(engine.halt.causes[0]!.detail).toContain('1 BTC on alpha. Close it by hand, then resume.')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is no more our position once the operator has resumed, and no later start comes back to it', async () => {
    const { world, journal, engine } = await startHalted()
    await sellByHand(world)
    expect(engine.portfolio.netPosition(btc).toString()).toBe('1')
    engine.halt.resume('residual')
    expect(engine.portfolio.netPosition(btc).isZero).toBe(true)
    expect(engine.portfolio.ledger.balance('foreign', btc).isZero).toBe(true)
    const next = await restart(world, journal)
    expect(next.halt.causes).toEqual([])
    expect(next.portfolio.netPosition(btc).isZero).toBe(true)
    expect(next.portfolio.openTrades()).toBe(0)
    expect(compareWithTruth(world, next)).toEqual([])
  })

  it('is not repaired on top when a late fill changes it, but named as it is now', async () => {
    const { world, engine } = await startHalted()
    const before = sent(world)
    const [bought] = world.alpha.orders.orders
    world.alpha.account.emit([
      { kind: 'fill', fill: { ...bought!.fills[0]!, fillId: 'late' as never, quantity: bought!.fills[0]!.quantity } },
    ])
    await world.clock.advance(100_000)
    expect(sent(world)).toBe(before)
    expect(engine.halt.causes.find(({ rule }) => rule === 'residual')?.detail).toContain('Trade t1 ended open')
  })

  it('is forgotten only when the operator has resumed, however long that takes', async () => {
    const { world, engine, journal } = await startHalted()
    await world.clock.advance(2_000_000)
    await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t2'))))
    engine.halt.resume('residual')
    expect(journal.records.at(-1)).toMatchObject({
      kind: 'residual_accepted',
      correlationId: 't1',
      amounts: [{ asset: 'BTC', amount: '1' }],
    })
  })
})

describe('a trade that an operator has taken over with an order still unknown', () => {
  it('is repaired by what the answer adds alone', async () => {
    const world = createTradingWorld()
    const engine = world.startEngine()
    await world.finish(engine.executor.recover())
    const { alpha, beta } = world
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0, matchLots: 4_000 }]
    beta.orders.submitFaults = [{ matchLots: 7_000 }]
    alpha.orders.queryFaults = () => ({ kind: 'error' })
    await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
    expect(engine.halt.causes[0]!.detail).toContain('-0.7 BTC on beta')
    engine.halt.resume('residual')
    alpha.orders.queryFaults = []
    await world.clock.advance(30_000)
    // The operator has 0.7 to buy; the 0.4 that alpha had filled are the engine's, which sells them.
    expect(world.drift('BTC').toString()).toBe('-0.7')
    expect(engine.portfolio.netPosition(btc).isZero).toBe(true)
    expect(engine.halt.causes).toEqual([])
  })
})

describe('a trade that a stop cuts short', () => {
  it('is seen through by the next start', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const engine = world.startEngine(journal)
    await world.finish(engine.executor.recover())
    world.beta.orders.submitFaults = [{ kind: 'refuse' }]
    trustBooks(world, false)
    const trade = engine.executor.execute(approveEverything.approvePlan(world.createPlan('t1')))
    await world.clock.advance(1_000)
    await world.finish(engine.executor.shutdown(2_000))
    expect((await trade).end).toBe('halted')
    expect(engine.halt.causes[0]!.detail).toContain('1 BTC on alpha')
    trustBooks(world, true)
    const next = await restart(world, journal)
    expect(next.outcomes.at(-1)).toMatchObject({ correlationId: 't1', end: 'completed' })
    expect(world.drift('BTC').isZero).toBe(true)
    expect(next.halt.causes).toEqual([])
  })
})
