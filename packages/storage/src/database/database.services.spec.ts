import { randomUUID } from 'node:crypto'
import { silentLogger, systemClock } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { executionRecordCodec } from '@cex-arbitrage/trading'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { FileJournal } from '../journal/file-journal.js'
import { describeDatabase, type TestDatabase } from '../testing/database-suite.js'
import { dumpJournalTables, recordSession } from '../testing/recorded-session.js'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { HistoryDatabase } from './history-database.js'
import { InstrumentCatalogue } from './instrument-catalogue.js'
import { openDatabase } from './open-database.js'
import { rebuildDatabase } from './rebuild-database.js'

const serverUrl = process.env['CEX_ARBITRAGE_TEST_POSTGRES_URL']

if (serverUrl === undefined)
  describe('the database on PostgreSQL', () => {
    it.skip(`needs a server: ${process.env['CEX_ARBITRAGE_TEST_POSTGRES_MISSING'] ?? 'run the services project'}`)
  })
else {
  describeDatabase('PostgreSQL', () => createDatabase(serverUrl))

  describe('HistoryDatabase on PostgreSQL', () => {
    it('goes on without loss after the server has dropped its connections, again and again', () =>
      withTemporaryDirectory(async (directory) => {
        const { world, records } = await recordSession(9, 6)
        const place = await createDatabase(serverUrl)
        const options = { directory, codec: executionRecordCodec, clock: systemClock, sync: 'never' } as const
        const journal = await FileJournal.open(options)
        await InstrumentCatalogue.note(directory, 1, world.exchanges.map(world.instrumentOf))
        const host = { url: place.url, poolSize: 2, journal: 'live', mode: 'live', journalDirectory: directory }
        const timing = { flushIntervalMs: 2, maxQueuedRows: 1_000, clock: systemClock, logger: silentLogger }
        const database = await HistoryDatabase.open({ ...host, ...timing })
        for (const [index, record] of records.entries()) {
          await journal.append(record)
          if (index % 8 === 4) await administer(serverUrl, dropConnections(place.url))
        }
        await waitFor(async () => (await database.flush()).position === records.length, 'the whole journal')
        await database.close()
        await journal.close()
        const followed = await openDatabase(place)
        const tables = await dumpJournalTables(followed, 'live')
        expect(await rebuildDatabase(host)).toBe(records.length)
        expect(await dumpJournalTables(followed, 'live')).toEqual(tables)
        await followed.close()
        await place.remove()
      }))
  })
}

async function createDatabase(server: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => administer(server, `drop database ${name} with (force)`) }
}

const dropConnections = (url: string): string =>
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(url).pathname.slice(1)}'`

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
