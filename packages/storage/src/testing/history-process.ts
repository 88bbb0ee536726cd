import { readFile } from 'node:fs/promises'
import { silentLogger, systemClock } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { executionRecordCodec, type ExecutionRecord } from '@cex-arbitrage/trading'
import { createTestInstrument } from '@cex-arbitrage/trading/testing'
import { HistoryDatabase } from '../database/history-database.js'
import { InstrumentCatalogue } from '../database/instrument-catalogue.js'
import { FileJournal } from '../journal/file-journal.js'

// A process to be killed: writes records to a journal while its database follows, and says how many are durable.
const [, , workerEntry = '', directory = '', url = '', recordsFile = '', from = '0'] = process.argv
const records = (JSON.parse(await readFile(recordsFile, 'utf8')) as readonly ExecutionRecord[]).slice(Number(from))
const journal = await FileJournal.open({
  directory,
  codec: executionRecordCodec,
  clock: systemClock,
  maxSegmentBytes: 20_000,
})
const instruments = (['alpha', 'beta', 'gamma'] as const).map((exchange) => createTestInstrument({ exchange }))
await InstrumentCatalogue.note(directory, journal.fencingToken, instruments)
const database = await HistoryDatabase.open({
  url,
  poolSize: 2,
  journal: 'live',
  mode: 'live',
  journalDirectory: directory,
  flushIntervalMs: 1,
  maxQueuedRows: 1_000,
  clock: systemClock,
  logger: silentLogger,
  workerEntry: new URL(workerEntry),
})
let durable = Number(from)
for (const record of records) {
  await journal.append(record)
  database.recordEquity({ atMs: systemClock.nowMs() + ++durable, asset: 'USDT', equity: '1', realised: '0' })
  if (durable % 5 === 0) process.stdout.write(`${durable}\n`)
}
// A flush ends early where a transaction had to be given up; the next one goes on from there.
const isWhole = async (): Promise<boolean> => (await database.flush()).position === durable
await waitFor(isWhole, 'the whole journal in the database', 60_000)
await database.close()
await journal.close()
process.stdout.write('end\n')
