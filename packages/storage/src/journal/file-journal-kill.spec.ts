import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SeededRandom, systemClock } from '@cex-arbitrage/common'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { textCodec } from '../testing/text-codec.js'
import { FileJournal } from './file-journal.js'

const rounds = 8

it('keeps every record that was called durable when its writer is killed at any moment', () =>
  withTemporaryDirectory(async (directory) => {
    const program = await bundleWriter(join(directory, 'program'))
    const journalDirectory = join(directory, 'journal')
    const random = new SeededRandom(7)
    let next = 0
    for (let round = 0; round < rounds; round++) {
      const durable = await writeUntilKilled(program, journalDirectory, next, random.integer(1, 60))
      const journal = await FileJournal.open({ directory: journalDirectory, codec: textCodec, clock: systemClock })
      const records: number[] = []
      for await (const record of journal.replay()) {
        const [upTo] = /\d+/.exec(record) ?? []
        // A checkpoint names the last of those that it stands for.
        if (record.startsWith('up to')) records.push(...Array.from({ length: Number(upTo) + 1 }, (_, index) => index))
        else records.push(Number(upTo))
      }
      await journal.close()
      expect(records).toEqual(records.map((_, index) => index))
      expect(records.length).toBeGreaterThan(durable)
      expect(journal.fencingToken).toBe(2 * round + 2)
      next = records.length
    }
  }))

async function bundleWriter(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@cex-arbitrage/source'] },
    ssr: { noExternal: true, resolve: { conditions: ['@cex-arbitrage/source'] } },
    build: {
      outDir,
      ssr: fileURLToPath(new URL('../testing/journal-writer-process.ts', import.meta.url)),
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'writer.mjs' } },
    },
  })
  return join(outDir, 'writer.mjs')
}

/** The last number that the writer called durable before it was killed after so many lines. */
async function writeUntilKilled(program: string, directory: string, from: number, lines: number): Promise<number> {
  const child = spawn(process.execPath, [program, directory, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let durable = -1
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    durable = Number(line)
    if (++seen === lines) child.kill('SIGKILL')
  }
  await exited
  return durable
}
