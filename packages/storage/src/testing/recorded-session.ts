import { Decimal, SeededRandom } from '@cex-arbitrage/common'
import { executionRecordCodec, MemoryJournal, type ExecutionRecord, type TradeOutcome } from '@cex-arbitrage/trading'
import {
  clearFaults,
  createTradingWorld,
  runTrades,
  setRandomFaults,
  type TradingEngine,
  type TradingWorld,
} from '@cex-arbitrage/trading/testing'
import { InstrumentCatalogue } from '../database/instrument-catalogue.js'
import { JournalFollower, type RecordSource } from '../database/journal-follower.js'
import type { OpenedDatabase } from '../database/open-database.js'
import { journalTables, tableKeys } from '../database/schema.js'

/** A session of the engine on simulated exchanges with faults of every kind, and what it left. */
export interface RecordedSession {
  readonly world: TradingWorld
  readonly engine: TradingEngine
  readonly records: readonly ExecutionRecord[]
  readonly outcomes: readonly TradeOutcome[]
}

export async function recordSession(seed: number, trades = 8): Promise<RecordedSession> {
  const world = createTradingWorld({ seed, latencyMs: 5 })
  const journal = new MemoryJournal()
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  setRandomFaults(world.exchanges, seed, 0.5)
  await runTrades(world, engine, seed, trades)
  clearFaults(world.exchanges)
  await world.finish(engine.executor.shutdown(60_000))
  return { world, engine, records: journal.records, outcomes: engine.outcomes }
}

/** Gives records in pieces of changing size, and never those that are not written yet. */
export class PiecewiseSource implements RecordSource {
  private at = 0
  private readonly random: SeededRandom

  constructor(
    private readonly payloads: readonly Uint8Array[],
    seed: number,
    private readonly written: () => number = () => payloads.length,
  ) {
    this.random = new SeededRandom(seed)
  }

  read(): Promise<readonly Uint8Array[]> {
    const from = this.at
    this.at = Math.min(from + this.random.integer(1, 40), this.written())
    return Promise.resolve(this.payloads.slice(from, this.at))
  }
}

export const encodeAll = (records: readonly ExecutionRecord[]): readonly Uint8Array[] =>
  records.map((record) => executionRecordCodec.encode(record))

export interface TestFollowerOptions {
  readonly journal?: string
  readonly mode?: string
  readonly seed?: number
  readonly written?: () => number
}

/** A follower of records in memory. */
export function createTestFollower(
  { db }: OpenedDatabase,
  { world, records }: Pick<RecordedSession, 'world' | 'records'>,
  { journal = 'test', mode = 'simulated', seed = 1, written }: TestFollowerOptions = {},
): JournalFollower {
  const payloads = encodeAll(records)
  return new JournalFollower({
    db,
    journal,
    mode,
    createdAtMs: 1_000,
    openSource: () => new PiecewiseSource(payloads, seed, written),
    decode: (payload) => executionRecordCodec.decode(payload),
    readCatalogue: () => Promise.resolve(InstrumentCatalogue.of(world.exchanges.map(world.instrumentOf))),
  })
}

/** Every row of the tables that follow from a journal, the name of the journal left out. */
export async function dumpJournalTables(
  { db }: OpenedDatabase,
  journal = 'test',
): Promise<Readonly<Record<string, readonly object[]>>> {
  const dump: Record<string, readonly object[]> = {}
  for (const table of journalTables) {
    const rows = await db
      .selectFrom(table as 'orders')
      .selectAll()
      .where('journal', '=', journal)
      .execute()
    const keyOf = (row: object): string =>
      tableKeys[table].map((key) => String((row as Readonly<Record<string, unknown>>)[key]).padStart(12, '0')).join(' ')
    dump[table] = rows
      .map(({ journal: _journal, ...row }) => row)
      .toSorted((a, b) => (keyOf({ ...a, journal }) < keyOf({ ...b, journal }) ? -1 : 1))
  }
  return dump
}

/** Per asset, the sum of amounts. */
export function sumByAsset(
  rows: readonly { readonly asset: string; readonly amount: string }[],
): Record<string, string> {
  const sums: Record<string, Decimal> = {}
  for (const { asset, amount } of rows) sums[asset] = (sums[asset] ?? Decimal.zero).plus(Decimal.parse(amount))
  return Object.fromEntries(Object.entries(sums).map(([asset, sum]) => [asset, sum.toString()]))
}
