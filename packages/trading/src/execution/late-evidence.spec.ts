import { JournalException } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorldOptions } from '../testing/create-trading-world.js'
import { compareWithTruth } from '../testing/run-faulty-session.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { MemoryJournal } from './memory-journal.js'

async function startWorld(options: TradingWorldOptions = {}) {
  const world = createTradingWorld(options)
  const journal = new MemoryJournal()
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  const trade = (id = 't1'): Promise<TradeOutcome> =>
    engine.executor.execute(approveEverything.approvePlan(world.createPlan(id)))
  const distrustBooks = (trusted: boolean): void => {
    for (const exchange of world.exchanges) exchange.orders.book(world.instrumentOf(exchange)).trusted = trusted
  }
  return { world, journal, engine, trade, distrustBooks }
}

describe('evidence that comes while the end of a trade is being written', () => {
  it('is worked on, not taken for a part of that end (S3)', async () => {
    const { world, journal, engine, trade } = await startWorld()
    const { beta } = world
    beta.orders.submitFaults = [{ lateFillMs: 2_000 }]
    const append = journal.append.bind(journal)
    journal.append = async (record) => {
      await append(record)
      // A disk that takes longer than the late fill.
      if (record.kind === 'trade_end') await new Promise<void>((resolve) => world.clock.setTimer(resolve, 5_000))
    }
    expect((await world.finish(trade())).end).toBe('completed')
    expect(world.drift('BTC').isZero).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('an order given up as absent', () => {
  it('is followed again when a part of it fills after all', async () => {
    const { world, engine, trade } = await startWorld()
    const { alpha } = world
    alpha.orders.submitFaults = [
      { kind: 'lost_answer', arrivalDelayMs: 20_000, matchLots: 4_000, rests: true, eventCopies: 0 },
    ]
    await world.finish(trade())
    await world.clock.advance(15_000)
    const late = alpha.orders.orders.at(-1)!
    alpha.account.emit([{ kind: 'fill', fill: late.fills[0]! }])
    await world.clock.advance(20_000)
    expect(late.open).toBe(false)
    expect(engine.halt.causes).toEqual([])
    expect(world.drift('BTC').isZero).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('halts for what is left over', () => {
  it('name each of two trades that cannot be repaired (S4)', async () => {
    const { world, engine, trade, distrustBooks } = await startWorld()
    world.beta.orders.submitFaults = [{ kind: 'refuse' }, { kind: 'refuse' }]
    distrustBooks(false)
    await world.finish(Promise.all([trade('t1'), trade('t2')]))
    const details = engine.halt.causes.map(({ detail }) => detail)
    expect(details).toEqual([
      expect.stringContaining('Trade t1 ended open: 1 BTC on alpha'),
      expect.stringContaining('Trade t2 ended open: 1 BTC on alpha'),
    ])
  })

  it('are brought up to date when late evidence changes what is left', async () => {
    const { world, engine, trade } = await startWorld()
    const { alpha } = world
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    alpha.orders.queryFaults = () => ({ kind: 'error' })
    expect((await world.finish(trade())).end).toBe('halted')
    expect(engine.halt.causes[0]!.detail).toContain('-1 BTC on beta')
    alpha.orders.queryFaults = []
    await world.clock.advance(30_000)
    expect(engine.halt.causes).toHaveLength(1)
    expect(engine.halt.causes[0]!.detail).toContain('has ended completed by late answers; nothing is left')
  })
})

describe('a stop', () => {
  it('sends nothing any more for a trade that late evidence has opened again', async () => {
    const { world, engine, trade, distrustBooks } = await startWorld()
    const { beta } = world
    beta.orders.submitFaults = [{ lateFillMs: 1_000 }]
    await world.finish(trade())
    distrustBooks(false)
    await world.clock.advance(1_500)
    const proof = await world.finish(engine.executor.shutdown(3_000))
    const sent = world.exchanges.map(({ orders }) => orders.submitted.length)
    distrustBooks(true)
    await world.clock.advance(60_000)
    expect(world.exchanges.map(({ orders }) => orders.submitted.length)).toEqual(sent)
    expect(proof.exchanges.map(({ openOrders }) => openOrders)).toEqual([0, 0, 0])
    expect(engine.halt.causes.at(-1)!.detail).toContain('-1 BTC on beta')
  })

  it('waits for a trade that late evidence has opened again', async () => {
    const { world, engine, trade } = await startWorld({ latencyMs: 50 })
    world.beta.orders.submitFaults = [{ lateFillMs: 1_000 }]
    await world.finish(trade())
    await world.clock.advance(900)
    await world.finish(engine.executor.shutdown(10_000))
    expect(world.drift('BTC').isZero).toBe(true)
    expect(engine.portfolio.openTrades()).toBe(0)
  })

  it('gives its proof though the journal takes no record any more', async () => {
    const { world, engine, journal } = await startWorld()
    journal.append = () => Promise.reject(new JournalException({ message: 'The disk is full.' }))
    const proof = await world.finish(engine.executor.shutdown(1_000))
    expect(proof.exchanges).toHaveLength(3)
    expect(world.alpha.account.connected).toBe(false)
    expect(engine.halt.causes).toMatchObject([{ rule: 'journal' }])
  })
})
