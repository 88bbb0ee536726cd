import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isProcessRunning, startCompanion } from './companion.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-companion-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function programOf(text: string): Promise<string> {
  const program = join(folder, 'program.mjs')
  await writeFile(program, text)
  return program
}

it('tells how a companion ended, and ends one that runs', async () => {
  const program = await programOf('if (process.argv[2] === "5") process.exit(5); setInterval(() => undefined, 1000)')
  expect(await startCompanion(program, ['5']).exited).toBe(5)
  const running = startCompanion(program, [])
  running.stop()
  expect(await running.exited).toBeNull()
})

it('knows which processes there are', () => {
  expect(isProcessRunning(process.pid)).toBe(true)
  expect(isProcessRunning(1)).toBe(true)
  expect(isProcessRunning(2 ** 30)).toBe(false)
})
