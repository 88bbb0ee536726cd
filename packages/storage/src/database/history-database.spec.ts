import { join } from 'node:path'
import {
  ConfigurationException,
  DatabaseException,
  systemClock,
  type LogFields,
  type Logger,
} from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { executionRecordCodec } from '@cex-arbitrage/trading'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileJournal } from '../journal/file-journal.js'
import { bundleProgram, type BundledProgram } from '../testing/bundle-program.js'
import { recordSession, type RecordedSession } from '../testing/recorded-session.js'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { HistoryDatabase, type HistoryDatabaseOptions } from './history-database.js'
import { InstrumentCatalogue } from './instrument-catalogue.js'
import { openDatabase } from './open-database.js'
import { rebuildDatabase } from './rebuild-database.js'

class NotingLogger implements Logger {
  readonly messages: string[] = []
  debug(): void {}
  info(_fields: LogFields, message: string): void {
    this.messages.push(message)
  }
  warn(_fields: LogFields, message: string): void {
    this.messages.push(message)
  }
  error(): void {}
  child(): Logger {
    return this
  }
}

const health = {
  booksTrusted: 1,
  booksTotal: 1,
  frames: 5,
  gaps: 0,
  resyncs: 0,
  reconnects: 0,
  clockOffsetMs: null,
  openOrders: 0,
}
/** Retention goes by the clock of the machine. */
const nowMs = Date.now()
const equity = { asset: 'USDT', equity: '10.5', realised: '0.5' }

let session: RecordedSession
let worker: BundledProgram
beforeAll(async () => {
  session = await recordSession(7, 4)
  worker = await bundleProgram(new URL('./host/database-worker.ts', import.meta.url))
})
afterAll(() => worker.remove())

function optionsIn(directory: string, overrides: Partial<HistoryDatabaseOptions> = {}): HistoryDatabaseOptions {
  return {
    url: `sqlite:${join(directory, 'arbitrage.db')}`,
    poolSize: 1,
    journal: 'live',
    mode: 'live',
    journalDirectory: join(directory, 'journal'),
    flushIntervalMs: 10,
    maxQueuedRows: 100,
    clock: systemClock,
    logger: new NotingLogger(),
    ...overrides,
  }
}

async function openJournal(directory: string) {
  const folder = join(directory, 'journal')
  const options = { directory: folder, codec: executionRecordCodec, clock: systemClock, sync: 'never' } as const
  const journal = await FileJournal.open(options)
  const instruments = session.world.exchanges.map(session.world.instrumentOf)
  await InstrumentCatalogue.note(folder, journal.fencingToken, instruments)
  return journal
}

describe.each([
  ['its own thread', () => worker.entry],
  ['the thread of its owner', () => undefined],
])('HistoryDatabase on %s', (_where, entry) => {
  it('follows the journal, takes display data and answers', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openJournal(directory)
      const database = await HistoryDatabase.open(optionsIn(directory, { workerEntry: entry() }))
      for (const record of session.records) journal.enqueue(record)
      await journal.flush()
      const { queries } = database
      await waitFor(async () => (await queries.journals())[0]?.position === session.records.length, 'the journal')
      expect(await queries.recentTrades()).toHaveLength((await queries.tradeSummary()).trades)
      database.recordEquity({ atMs: nowMs, ...equity })
      database.recordWhyNot({ atMs: nowMs, cause: 'no_edge', count: 3 })
      const flags = { marketDataConnected: true, accountConnected: false }
      database.recordVenueHealth({ atMs: nowMs, exchange: 'alpha', ...flags, ...health })
      const opportunity = {
        atMs: nowMs,
        strategy: 'spot-spot',
        symbol: 'BTC/USDT',
        buyExchange: 'alpha',
        sellExchange: 'beta',
        netEdgeBps: 1.5,
        expectedProfit: '1',
        profitAsset: 'USDT',
        correlationId: 'c',
        verdict: 'approved',
        survivalUs: 12,
      }
      database.recordOpportunity(opportunity)
      database.recordOpportunity(opportunity)
      expect(await database.flush()).toEqual({
        position: session.records.length,
        problem: undefined,
        queued: 0,
        dropped: 0,
      })
      expect(await queries.equitySeries()).toEqual([{ journal: 'live', atMs: nowMs, ...equity }])
      expect(await queries.whyNot()).toEqual([{ cause: 'no_edge', count: 3 }])
      expect(await queries.venueHealth()).toEqual([{ atMs: nowMs, exchange: 'alpha', ...flags, ...health }])
      expect(await queries.opportunities()).toEqual([opportunity, opportunity])
      await database.close()
      await database.close()
      await expect(queries.recentTrades()).rejects.toThrow(DatabaseException)
      await journal.close()
    }))

  it('takes what the journal holds before it lets go', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openJournal(directory)
      const clock = new ManualClock()
      const options = optionsIn(directory, { workerEntry: entry(), flushIntervalMs: 60_000, clock })
      const database = await HistoryDatabase.open(options)
      for (const record of session.records) journal.enqueue(record)
      await journal.flush()
      database.recordEquity({ atMs: nowMs, ...equity })
      await database.close()
      await journal.close()
      const other = await openDatabase({ url: options.url })
      const { db } = other
      expect(await db.selectFrom('journals').select('position').execute()).toEqual([
        { position: session.records.length },
      ])
      expect(await db.selectFrom('equity').select('equity').execute()).toEqual([{ equity: '10.5' }])
      await other.close()
    }))

  it('loses no row when many flushes overlap', () =>
    withTemporaryDirectory(async (directory) => {
      await (await openJournal(directory)).close()
      const database = await HistoryDatabase.open(optionsIn(directory, { workerEntry: entry() }))
      const flushes = Array.from({ length: 60 }, async (_, i) => {
        await new Promise((resolve) => void setImmediate(resolve))
        database.recordEquity({ ...equity, atMs: nowMs + i })
        await database.flush()
      })
      await Promise.all(flushes)
      expect(await database.queries.equitySeries()).toHaveLength(60)
      await database.close()
    }))

  it('refuses an address of no known kind, and one that cannot be opened', () =>
    withTemporaryDirectory(async (directory) => {
      await (await openJournal(directory)).close()
      const open = (url: string) => HistoryDatabase.open(optionsIn(directory, { workerEntry: entry(), url }))
      await expect(open('mysql://user:canary@host/name')).rejects.toThrow(ConfigurationException)
      await expect(open('mysql://user:canary@host/name')).rejects.not.toThrow('canary')
      await expect(open('postgres://user:canary@127.0.0.1:1/name')).rejects.toThrow(DatabaseException)
      await expect(open('postgres://user:canary@127.0.0.1:1/name')).rejects.not.toThrow('canary')
      await expect(open('postgres://user:canary@host:noport/name')).rejects.toThrow(ConfigurationException)
      await expect(open(`sqlite:${directory}`)).rejects.toThrow(DatabaseException)
    }))
})

describe('HistoryDatabase', () => {
  it('drops the oldest display rows and counts them when it cannot write, and never a record', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openJournal(directory)
      const logger = new NotingLogger()
      const options = optionsIn(directory, { logger })
      const other = await openDatabase({ url: options.url })
      const database = await HistoryDatabase.open(options)
      await other.db.schema.alterTable('equity').renameTo('equity_away').execute()
      await other.db.schema.alterTable('trades').renameTo('trades_away').execute()
      for (const record of session.records) journal.enqueue(record)
      await journal.flush()
      for (let i = 1; i <= 250; i++) database.recordEquity({ atMs: nowMs + i, ...equity })
      await waitFor(() => database.status().problem !== undefined, 'the problem')
      expect(database.status().dropped).toBeGreaterThanOrEqual(150)
      await expect(database.queries.equitySeries()).rejects.toThrow(DatabaseException)
      await other.db.schema.alterTable('equity_away').renameTo('equity').execute()
      await other.db.schema.alterTable('trades_away').renameTo('trades').execute()
      await waitFor(async () => (await database.flush()).problem === undefined, 'the end of the problem')
      expect(database.status().position).toBe(session.records.length)
      const kept = await database.queries.equitySeries()
      expect(kept.at(-1)!.atMs).toBe(nowMs + 250)
      expect(logger.messages).toEqual(['the tables do not follow the journal', 'the tables follow the journal again'])
      await database.close()
      await other.close()
      await journal.close()
    }))

  it('tells when its thread has died', () =>
    withTemporaryDirectory(async (directory) => {
      await (await openJournal(directory)).close()
      const broken = new URL(`data:text/javascript,${encodeURIComponent("throw new Error('no memory')")}`)
      await expect(HistoryDatabase.open(optionsIn(directory, { workerEntry: broken }))).rejects.toThrow(
        'The thread of the database has ended',
      )
    }))
})

describe('rebuildDatabase', () => {
  it('refuses while an engine writes the journal', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openJournal(directory)
      const { url, poolSize, mode, journalDirectory } = optionsIn(directory)
      const options = { url, poolSize, journal: 'live', mode, journalDirectory }
      await expect(rebuildDatabase(options)).rejects.toThrow('Stop that engine first')
      await journal.close()
      expect(await rebuildDatabase(options)).toBe(0)
    }))
})
