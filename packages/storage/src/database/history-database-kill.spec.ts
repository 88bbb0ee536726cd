import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SeededRandom, systemClock } from '@cex-arbitrage/common'
import { executionRecordCodec } from '@cex-arbitrage/trading'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FileJournal } from '../journal/file-journal.js'
import { bundleProgram, type BundledProgram } from '../testing/bundle-program.js'
import { dumpJournalTables, recordSession } from '../testing/recorded-session.js'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { openDatabase } from './open-database.js'
import { rebuildDatabase } from './rebuild-database.js'

let worker: BundledProgram
let program: BundledProgram
beforeAll(async () => {
  worker = await bundleProgram(new URL('./host/database-worker.ts', import.meta.url))
  program = await bundleProgram(new URL('../testing/history-process.ts', import.meta.url))
})
afterAll(async () => {
  await worker.remove()
  await program.remove()
})

it(
  'has in its tables what the journal holds, whenever its process is killed',
  () =>
    withTemporaryDirectory(async (directory) => {
      const { records } = await recordSession(11, 12)
      const recordsFile = join(directory, 'records.json')
      await writeFile(recordsFile, JSON.stringify(records))
      const journalDirectory = join(directory, 'journal')
      const url = `sqlite:${join(directory, 'arbitrage.db')}`
      const random = new SeededRandom(5)
      let written = 0
      for (let kills = 0; written < records.length; kills++) {
        const last = kills >= 4
        const lines = last ? Number.POSITIVE_INFINITY : random.integer(1, 8)
        const durable = await runUntilKilled(
          [worker.entry.href, journalDirectory, url, recordsFile, String(written)],
          lines,
        )
        written = await countRecords(journalDirectory)
        expect(written).toBeGreaterThanOrEqual(durable)
      }
      const followed = await openDatabase({ url })
      const { position } = await followed.db.selectFrom('journals').select('position').executeTakeFirstOrThrow()
      expect(position).toBe(records.length)
      const tables = await dumpJournalTables(followed, 'live')
      await followed.close()
      const rebuilt = `sqlite:${join(directory, 'rebuilt.db')}`
      const options = { url: rebuilt, poolSize: 1, journal: 'live', mode: 'live', journalDirectory }
      expect(await rebuildDatabase(options)).toBe(records.length)
      const fresh = await openDatabase({ url: rebuilt })
      expect(await dumpJournalTables(fresh, 'live')).toEqual(tables)
      await fresh.close()
    }),
  120_000,
)

/** How many records the process called durable before it was killed after so many lines. */
async function runUntilKilled(args: readonly string[], lines: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(program.entry), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let durable = 0
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'end') durable = Number(line)
    if (++seen === lines) child.kill('SIGKILL')
  }
  await exited
  return durable
}

async function countRecords(directory: string): Promise<number> {
  const journal = await FileJournal.open({ directory, codec: executionRecordCodec, clock: systemClock })
  let count = 0
  for await (const _record of journal.replay()) count++
  await journal.close()
  return count
}
