import { JournalException } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTradingWorld } from '../testing/create-trading-world.js'
import { runTrades, setRandomFaults } from '../testing/run-faulty-session.js'
import { executionRecordCodec } from './execution-record-codec.js'
import { HashingJournal } from './hashing-journal.js'
import { MemoryJournal } from './memory-journal.js'

async function recordSession(): Promise<MemoryJournal> {
  const world = createTradingWorld({ seed: 5, latencyMs: 5 })
  const journal = new MemoryJournal()
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  setRandomFaults(world.exchanges, 5, 0.6)
  await runTrades(world, engine, 5, 6)
  return journal
}

describe('executionRecordCodec', () => {
  it('gives every record of a session back as it was', async () => {
    const { records } = await recordSession()
    expect(records.length).toBeGreaterThan(50)
    for (const record of records)
      expect(executionRecordCodec.decode(executionRecordCodec.encode(record))).toEqual(record)
  })

  it('refuses what is no record of its version', () => {
    const stop = { kind: 'session_stop', atMs: 1, openOrders: 0 }
    for (const payload of ['', '{}', JSON.stringify({ v: 1, r: stop }), JSON.stringify({ v: 2, r: { ...stop, x: 1 } })])
      expect(() => executionRecordCodec.decode(Buffer.from(payload))).toThrow(JournalException)
    const posting = { kind: 'posting', atMs: 1, reason: 'transfer', entries: [] }
    const entry = { account: 'fees', asset: 'BTC', amount: 'one' }
    const text = JSON.stringify({ v: 2, r: { ...posting, entries: [entry, entry] } })
    expect(() => executionRecordCodec.decode(Buffer.from(text))).toThrow(JournalException)
  })
})

describe('HashingJournal', () => {
  it('has one hash for one sequence of records, whichever way they came', async () => {
    const { records } = await recordSession()
    const [first, second] = [new HashingJournal(new MemoryJournal()), new HashingJournal(new MemoryJournal())]
    for (const record of records) {
      await first.append(record)
      second.enqueue(record)
    }
    await second.flush()
    expect(second.hash).toBe(first.hash)
    const stop = { kind: 'session_stop', atMs: 1, openOrders: 0 } as const
    second.enqueue(stop)
    expect(second.hash).not.toBe(first.hash)
    const replayed = []
    for await (const record of second.replay()) replayed.push(record)
    expect(replayed).toEqual([...records, stop])
    await second.close()
    await expect(second.append(stop)).rejects.toBeInstanceOf(JournalException)
    second.enqueue(stop)
  })
})
