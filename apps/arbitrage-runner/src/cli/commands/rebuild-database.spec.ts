import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@cex-arbitrage/common'
import { FileJournal } from '@cex-arbitrage/storage'
import { executionRecordCodec } from '@cex-arbitrage/trading'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-rebuild-'))
})
afterAll(() => rm(folder, { recursive: true }))

const openJournal = () =>
  FileJournal.open({ directory: join(folder, 'journal'), codec: executionRecordCodec, clock: systemClock })
const settings = () => ['--set', `journal.folder=${join(folder, 'journal')}`, '--set', 'mode=live']
const line = () => new CommandLine({ CEX_ARBITRAGE_DATABASE__URL: `sqlite:${join(folder, 'arbitrage.db')}` })

describe('arb rebuild-database', () => {
  it('fills the tables from the journal', async () => {
    const journal = await openJournal()
    await journal.append({ kind: 'session_start', atMs: 1, fencingToken: 1 })
    await journal.append({ kind: 'session_stop', atMs: 2, openOrders: 0 })
    await journal.close()
    expect((await line().run('rebuild-database', '--json', ...settings())).output.lines).toEqual(['{"records":2}'])
    expect((await line().run('rebuild-database', ...settings())).output.lines.join()).toContain('all 2 records')
  })

  it('refuses while an engine writes the journal', async () => {
    const journal = await openJournal()
    const refused = await line().run('rebuild-database', ...settings())
    expect(refused.output.notes.join()).toContain('Stop that engine first')
    expect(refused.exitCode).toBe(3)
    await journal.close()
  })
})
