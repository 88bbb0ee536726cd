// Appending to the journal: records a second with many writers at once (group commit), and the wait of one writer alone
// for a durable intent, under each policy of forcing to disk. The records are intents, as execution writes them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@cex-arbitrage/common'
import { FileJournal } from '@cex-arbitrage/storage'
import { executionRecordCodec } from '@cex-arbitrage/trading'

export const title = 'journal: appends by policy of forcing to disk'

const writers = 64
const groupedRecords = 20_000
/** Fewer where each waits for the disk. */
const loneRecords = { always: 300, interval: 3_000, never: 3_000 }

const intent = {
  kind: 'intent',
  atMs: 1_755_000_000_000,
  correlationId: 'me8hoqo0mqa-1',
  clientOrderId: 'arbme8hoqo0mqad1',
  role: 'leg',
  instrumentId: 'mexc:spot:BTC/USDT',
  side: 'buy',
  priceTicks: 6_500_000,
  quantityLots: 12_345,
}

/** @returns {Promise<import('../run-benchmarks.mjs').BenchRow[]>} */
export async function run() {
  const rows = []
  for (const sync of /** @type {const} */ (['always', 'interval', 'never'])) {
    const grouped = await withJournal(sync, appendGrouped)
    const lone = await withJournal(sync, (journal) => appendAlone(journal, loneRecords[sync]))
    const perSecond = Math.round(1e9 / grouped)
    rows.push({ name: `${sync}: ${writers} writers, per record`, medianNs: grouped, note: `${perSecond} records/s` })
    const p99 = lone[Math.floor(lone.length * 0.99)]
    rows.push({
      name: `${sync}: one writer, wait per record`,
      medianNs: lone[Math.floor(lone.length / 2)],
      note: `p99 ${Math.round(p99 / 1000)} us`,
    })
  }
  return rows
}

async function withJournal(sync, use) {
  const directory = await mkdtemp(join(tmpdir(), 'journal-bench-'))
  const journal = await FileJournal.open({ directory, codec: executionRecordCodec, clock: systemClock, sync })
  try {
    return await use(journal)
  } finally {
    await journal.close()
    await rm(directory, { recursive: true })
  }
}

/** Nanoseconds per record while all writers append as fast as they are answered. */
async function appendGrouped(journal) {
  const started = process.hrtime.bigint()
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (let i = 0; i < groupedRecords / writers; i++) await journal.append(intent)
    }),
  )
  return Number(process.hrtime.bigint() - started) / groupedRecords
}

/** Sorted nanoseconds of each append. */
async function appendAlone(journal, records) {
  const waits = []
  for (let i = 0; i < records; i++) {
    const started = process.hrtime.bigint()
    await journal.append(intent)
    waits.push(Number(process.hrtime.bigint() - started))
  }
  return waits.sort((a, b) => a - b)
}
