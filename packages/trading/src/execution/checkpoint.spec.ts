import type { AssetId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorld } from '../testing/create-trading-world.js'
import type { TradingEngine } from '../testing/start-execution.js'
import { clearFaults, compareWithTruth, runTrades, setRandomFaults } from '../testing/run-faulty-session.js'
import { executionRecordCodec } from './execution-record-codec.js'
import { MemoryJournal, type MemoryJournalOptions } from './memory-journal.js'

const usdt = 'USDT' as AssetId

/** All that a replay has rebuilt and that decisions depend on. */
const belief = ({ portfolio, outcomes, halt }: TradingEngine): unknown => ({
  ledger: portfolio.ledger
    .entries()
    .map(({ account, asset, amount }) => `${account} ${asset} ${amount.toString()}`)
    .filter((text) => !text.endsWith(' 0')),
  realised: portfolio.realisedToday(usdt).toString(),
  failures: portfolio.consecutiveFailures(),
  ends: outcomes.map(({ correlationId, end, residuals }) => [correlationId, end, residuals.length]),
  halts: halt.causes.map(({ detail }) => detail),
})

/** An engine that trades under faults and dies at a journal write; what its journal has then. */
async function runUntilKilled(
  seed: number,
  killAfter: number,
): Promise<{ world: TradingWorld; journal: MemoryJournal }> {
  const world = createTradingWorld({ seed, latencyMs: 5, checkpointAfterRecords: 13, settings: { lingerMs: 2_000 } })
  const journal = new MemoryJournal({ killAfter })
  const first = world.startEngine(journal)
  void first.executor.recover()
  await world.clock.advance(1_000)
  setRandomFaults(world.exchanges, seed, 0.4)
  void runTrades(world, first, seed, 6).catch(() => undefined)
  for (let passed = 0; !journal.killed && passed < 400; passed++) await world.clock.advance(50)
  journal.kill()
  for (const { account } of world.exchanges) await account.close()
  clearFaults(world.exchanges)
  world.refill()
  return { world, journal }
}

async function startOn(world: TradingWorld, options: MemoryJournalOptions): Promise<TradingEngine> {
  const engine = world.startEngine(new MemoryJournal(options))
  await world.finish(engine.executor.recover())
  return engine
}

describe('a start from a checkpoint', () => {
  it('comes to what a replay of every record comes to, wherever the process died (S12)', async () => {
    let begun = 0
    for (let seed = 1; seed <= 60; seed++) {
      // The same run twice, for a start changes the exchanges.
      const [one, other] = [await runUntilKilled(seed, 20 + seed), await runUntilKilled(seed, 20 + seed)]
      const { records, lastCheckpoint } = one.journal
      expect(other.journal.records).toEqual(records)
      if (lastCheckpoint !== undefined) begun++
      const whole = await startOn(one.world, { records })
      const short = await startOn(other.world, { records, checkpoint: lastCheckpoint })
      expect(belief(short), `seed ${seed}`).toEqual(belief(whole))
      expect(compareWithTruth(other.world, short), `seed ${seed}`).toEqual([])
    }
    expect(begun).toBeGreaterThan(40)
  })

  it('carries records that the codec takes, and no more than the trades still remembered', async () => {
    const world = createTradingWorld({ checkpointAfterRecords: 20, settings: { lingerMs: 1_000 } })
    const journal = new MemoryJournal()
    const engine = world.startEngine(journal)
    await world.finish(engine.executor.recover())
    for (let i = 0; i < 8; i++) {
      world.refill()
      await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan(`t${i}`))))
      await world.clock.advance(2_000)
    }
    const records = journal.lastCheckpoint?.records ?? []
    expect(records.map((record) => executionRecordCodec.decode(executionRecordCodec.encode(record)))).toEqual(records)
    expect(records.filter(({ kind }) => kind === 'trade_start').length).toBeLessThanOrEqual(2)
    expect(records.at(-1)).toMatchObject({ kind: 'state', failures: 0 })
    expect(journal.records.some(({ kind }) => kind === 'trades_forgotten')).toBe(true)
  })

  it('still halts for what an operator has not taken over', async () => {
    const world = createTradingWorld({ checkpointAfterRecords: 1, settings: { lingerMs: 1_000 } })
    const journal = new MemoryJournal()
    const engine = world.startEngine(journal)
    await world.finish(engine.executor.recover())
    world.beta.orders.submitFaults = [{ kind: 'refuse' }]
    for (const exchange of world.exchanges) exchange.orders.book(world.instrumentOf(exchange)).trusted = false
    await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
    await world.clock.advance(60_000)
    journal.kill()
    for (const { account } of world.exchanges) await account.close()
    const { lastCheckpoint } = journal
    const next = await startOn(world, { records: journal.records, checkpoint: lastCheckpoint })
    expect(lastCheckpoint!.count).toBeGreaterThan(journal.records.length - 3)
    expect(next.halt.causes[0]!.detail).toContain('Trade t1 ended open: 1 BTC on alpha')
  })
})

describe('a replay', () => {
  it('remembers a trade as long as its session did, though the wall clock was set meanwhile', async () => {
    const world = createTradingWorld({ settings: { lingerMs: 600_000 } })
    const journal = new MemoryJournal()
    const engine = world.startEngine(journal)
    await world.finish(engine.executor.recover())
    world.beta.orders.submitFaults = [{ lateFillMs: 30_000 }]
    await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
    world.wall.offsetMs = 3_600_000
    await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t2'))))
    await world.clock.advance(60_000)
    journal.kill()
    for (const { account } of world.exchanges) await account.close()
    const next = await startOn(world, { records: journal.records })
    expect(compareWithTruth(world, next)).toEqual([])
  })
})
