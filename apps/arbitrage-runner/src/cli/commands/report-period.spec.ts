import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-report-'))
})
afterAll(() => rm(folder, { recursive: true }))

const line = () => new CommandLine({ CEX_ARBITRAGE_DATABASE__URL: `sqlite:${join(folder, 'arbitrage.db')}` })

describe('arb report --day', () => {
  it('refuses a database that is not there', async () => {
    const refused = await line().run('report', '--day', 'today')
    expect(refused.output.notes.join()).toContain('There is no database at')
    expect(refused.exitCode).toBe(1)
  })

  it('reports what the engine has traded, run by run or a whole mode', async () => {
    const engine = line()
    const settings = {
      'server.enabled': false,
      'killSwitch.file': join(folder, 'KILL'),
      'simulation.dislocations.perMinute': 120,
    }
    const running = engine.run(
      'run',
      ...Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]),
    )
    await waitFor(() => engine.output.lines.some((text) => text.includes('completed')), 'a trade', 14_000)
    engine.stop()
    await running
    const out = join(folder, 'report')
    const told = await line().run('report', '--from', '2020-01-01', '--out', out)
    expect(told.output.notes).toEqual([])
    expect(told.output.lines[0]).toMatch(/^Trading on 2020-01-01 to .*, simulated: \d+ trades$/)
    const html = await readFile(join(out, 'report.html'), 'utf8')
    expect(html).toContain('spot-spot')
    const json = JSON.parse((await line().run('report', '--day', 'today', '--out', out, '--json')).output.lines[0]!)
    expect(json.files).toHaveLength(4)
    expect(json.byEnd[0]).toMatchObject({ name: 'completed' })
    const unknown = await line().run('report', '--day', 'today', '--mode', 'paper', '--out', out)
    expect(unknown.output.notes.join()).toMatch(/no run of the paper\. It has: simulated-20/)
    expect(unknown.exitCode).toBe(2)
  }, 40_000)

  it('wants either a time or an input', async () => {
    for (const args of [[], ['--day', 'today', '--in', folder]]) {
      const refused = await line().run('report', ...args)
      expect(refused.output.notes.join()).toContain('Give --day or --from')
      expect(refused.exitCode).toBe(2)
    }
    expect((await line().run('report', '--day', 'monday')).exitCode).toBe(2)
  })
})
