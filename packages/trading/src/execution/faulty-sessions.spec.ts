import { Decimal } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTradingWorld } from '../testing/create-trading-world.js'
import { clearFaults, compareWithTruth, runTrades, setRandomFaults } from '../testing/run-faulty-session.js'
import { MemoryJournal } from './memory-journal.js'

const boundBtc = Decimal.parse('0.11')

async function runSession(seed: number, intensity = 0.5, trades = 4) {
  const world = createTradingWorld({ seed, latencyMs: 5 })
  const engine = world.startEngine()
  await world.finish(engine.executor.recover())
  setRandomFaults(world.exchanges, seed, intensity)
  await runTrades(world, engine, seed, trades)
  clearFaults(world.exchanges)
  await world.clock.advance(30_000)
  const proof = await world.finish(engine.executor.shutdown(60_000))
  return { world, engine, proof }
}

describe('sessions under random faults', () => {
  it('end flat within the bound or halted, and believe what the exchanges hold, for every seed', async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { world, engine, proof } = await runSession(seed)
      expect(compareWithTruth(world, engine), `seed ${seed}`).toEqual([])
      expect(proof.exchanges.flatMap(({ openOrders, mismatches }) => [openOrders, ...mismatches])).toEqual([0, 0, 0])
      const bound = boundBtc.times(Decimal.of(Math.max(1, engine.outcomes.length)))
      const stranded = world.drift('BTC').abs().greaterThan(bound)
      expect(
        stranded && engine.halt.causes.length === 0,
        `seed ${seed} stranded ${world.drift('BTC').toString()}`,
      ).toBe(false)
      for (const { realisedProfit, expectedProfit, attribution: parts } of engine.outcomes) {
        const sum = [parts.latency, parts.slippage, parts.fees, parts.rounding, parts.partialFill, parts.unwind].reduce(
          (a, b) => a.plus(b),
          Decimal.zero,
        )
        expect(sum.equals(realisedProfit.minus(expectedProfit))).toBe(true)
      }
    }
  })

  it('give the same journal for the same seed', async () => {
    const hashes = new Set<string>()
    for (let seed = 11; seed <= 20; seed++) {
      const { journalHash } = (await runSession(seed)).engine.executor
      expect((await runSession(seed)).engine.executor.journalHash, `seed ${seed}`).toBe(journalHash)
      hashes.add(journalHash)
    }
    expect(hashes.size).toBe(10)
  })
})

describe('an engine killed at any write of its journal', () => {
  it('leaves nothing resting and believes the truth after the next start', async () => {
    for (let killAfter = 4; killAfter < 80; killAfter++) {
      const sending = killAfter % 2 === 0 ? 'concurrent' : 'sequential'
      const world = createTradingWorld({ seed: killAfter, latencyMs: 5, sending })
      const journal = new MemoryJournal({ killAfter })
      const first = world.startEngine(journal)
      void first.executor.recover()
      await world.clock.advance(1_000)
      setRandomFaults(world.exchanges, killAfter, 0.3)
      void runTrades(world, first, killAfter, 2).catch(() => undefined)
      for (let passed = 0; !journal.killed && passed < 100; passed++) await world.clock.advance(50)
      journal.kill()
      for (const exchange of world.exchanges) await exchange.account.close()
      clearFaults(world.exchanges)
      world.refill()
      const second = world.startEngine(new MemoryJournal({ records: journal.records }))
      await world.finish(second.executor.recover())
      await world.clock.advance(10_000)
      expect(compareWithTruth(world, second), `killed after ${killAfter}`).toEqual([])
      const stranded = world.drift('BTC').abs().greaterThan(boundBtc)
      expect(
        stranded && second.halt.causes.length === 0,
        `killed after ${killAfter}: ${world.drift('BTC').toString()}`,
      ).toBe(false)
      await world.finish(second.executor.shutdown(5_000))
    }
  })
})
