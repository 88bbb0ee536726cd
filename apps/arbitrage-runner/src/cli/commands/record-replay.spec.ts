import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'

const lively = ['--set', 'simulation.dislocations.perMinute=600', '--set', 'simulation.dislocations.minSizeBps=60']

const words = (text: string): readonly string[] => text.split(' ')

interface Run {
  readonly decisionHash: string
  readonly events: number
  readonly durationMs: number
  readonly approvals: number
  readonly profits: readonly { readonly realised: string }[]
}

const resultOf = (line: CommandLine): Run => JSON.parse(line.output.lines.at(-1)!) as Run

let folder: string
let recording: string
let recorded: Run
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-'))
  recording = join(folder, 'recording')
  const line = await new CommandLine().run('record', '--duration', '4s', '--out', recording, '--json', ...lively)
  expect(line.output.notes.filter((note) => !note.includes('recording'))).toEqual([])
  expect(line.exitCode).toBe(0)
  recorded = resultOf(line)
}, 30_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('arb record and arb replay', () => {
  it('decide the same, to the byte, and faster than it was', async () => {
    const replayed = resultOf(await new CommandLine().run('replay', '--in', recording, '--json'))
    expect(recorded.approvals).toBeGreaterThan(0)
    expect(replayed).toMatchObject(recordedWithout(recorded))
    expect(replayed).toHaveProperty('speed')
    expect(replayed).not.toHaveProperty('difference')
  })

  it('write a recording that holds no secret and can be read again', async () => {
    expect((await readdir(recording)).toSorted()).toEqual([
      'config.json',
      'decisions.ndjson',
      'frames.arbrec',
      'recording.json',
      'result.json',
    ])
    for (const file of ['config.json', 'decisions.ndjson', 'recording.json', 'result.json'])
      expect(await readFile(join(recording, file), 'utf8')).not.toMatch(/simulated-mexc-key|simulated-gateio-secret/)
  })

  it('tell people what came of it', async () => {
    const line = await new CommandLine().run('replay', '--in', recording)
    expect(line.output.lines.join('\n')).toContain(`Decisions: ${recorded.decisionHash}`)
    expect(line.output.lines[0]).toMatch(/^Replayed 0:04 in/)
  })

  it('name the first decision that differs, and fail', async () => {
    const decisions = join(recording, 'decisions.ndjson')
    const text = await readFile(decisions, 'utf8')
    await writeFile(decisions, text.replace('"trade_start"', '"trade_begin"'))
    try {
      const line = await new CommandLine().run('replay', '--in', recording)
      expect(line.exitCode).toBe(1)
      expect(line.output.lines.join('\n')).toMatch(/DIFFERENT from the recorded run at decision \d+/)
    } finally {
      await writeFile(decisions, text)
    }
  })

  it('try other settings on the recorded market, in a sweep, and report the best', async () => {
    const out = join(folder, 'report')
    const line = await new CommandLine().run(
      ...words(`backtest --in ${recording} --workers 0 --out ${out} --json`),
      ...words('--sweep paper.latencyMs=5,60 --sweep strategies.0.minNetEdgeBps=3,9000'),
    )
    const { sweep, decisionHash } = JSON.parse(line.output.lines.at(-1)!) as {
      readonly decisionHash: string
      readonly sweep: readonly { readonly decisionHash: string; readonly trades: number }[]
    }
    expect(sweep.map(({ trades }) => trades > 0)).toEqual([true, false, true, false])
    expect(new Set(sweep.map((row) => row.decisionHash)).size).toBeGreaterThan(2)
    expect(sweep.map((row) => row.decisionHash)).toContain(decisionHash)
    expect((await readdir(out)).toSorted()).toEqual(['backtest.json', 'report.html', 'sweep.csv', 'trades.csv'])
    const again = await new CommandLine().run('report', '--in', out, '--out', join(folder, 'again'), '--json')
    expect(JSON.parse(again.output.lines.at(-1)!)).toMatchObject({ decisionHash })
    expect(await readFile(join(folder, 'again', 'report.html'), 'utf8')).toBe(
      await readFile(join(out, 'report.html'), 'utf8'),
    )
  })

  it('report a recording by playing it', async () => {
    const line = await new CommandLine().run('report', '--in', recording, '--out', join(folder, 'direct'))
    expect(line.output.lines).toEqual([join(folder, 'direct', 'report.html'), join(folder, 'direct', 'trades.csv')])
    expect(await readFile(join(folder, 'direct', 'report.html'), 'utf8')).toContain(recorded.decisionHash)
  })

  it('end early where the disk that they may fill is full, and still replay', async () => {
    const small = join(folder, 'small')
    const line = await new CommandLine().run(
      ...words(`record --duration 60s --out ${small} --max-megabytes 0.001 --json`),
      ...words('--set simulation.market.updateIntervalMs=5'),
      ...lively,
    )
    expect(JSON.parse(line.output.lines.at(-1)!)).toMatchObject({ endedBy: 'disk' })
    const replayed = resultOf(await new CommandLine().run('replay', '--in', small, '--json'))
    expect(replayed.decisionHash).toBe(resultOf(line).decisionHash)
  }, 60_000)

  it('decide the same when frames come twice and late and connections are cut', async () => {
    const faulty = join(folder, 'faulty')
    const faults = ['duplicateFrame=0.05', 'delayFrame=0.05', 'disconnectsPerHour=2400']
    const set = [...faults.map((fault) => `simulation.faults.${fault}`), 'logging.level=silent'].flatMap((word) => [
      '--set',
      word,
    ])
    const line = await new CommandLine().run(...words(`record --duration 5s --json --out ${faulty}`), ...lively, ...set)
    expect(line.exitCode).toBe(0)
    const replayed = resultOf(await new CommandLine().run('replay', '--in', faulty, '--json'))
    expect(replayed).toMatchObject(recordedWithout(resultOf(line)))
  })

  it('end at Ctrl-C, show what was recorded, and play it at a pace', async () => {
    const stopped = join(folder, 'stopped')
    const line = new CommandLine()
    const running = line.run(...words(`record --duration 1h --seed 7 --out ${stopped}`), ...lively)
    await waitFor(() => existsSync(join(stopped, 'frames.arbrec')), 'the recording to begin')
    line.stop()
    await running
    const shown = line.output.lines.join('\n')
    expect(line.exitCode).toBe(0)
    expect(shown).toContain(`in ${stopped}.`)
    expect(shown).toContain(`arb replay --in ${stopped}`)
    const replayed = await new CommandLine().run('replay', '--in', stopped, '--speed', '50')
    expect(replayed.exitCode).toBe(0)
    expect(shown).toContain(replayed.output.lines.find((text) => text.startsWith('Decisions'))!)
  })

  it('refuse what they cannot do, and say why', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => {
      const line = await new CommandLine().run(...args)
      expect(line.exitCode).not.toBe(0)
      return line.output.notes.join('\n')
    }
    expect(await refused('record', '--out', recording, '--duration', '1s')).toContain('Name a new folder')
    expect(await refused('record', '--out', 'x', '--duration', 'soon')).toContain('30s, 5m or 1h')
    expect(await refused('record', '--out', 'x', '--seed', 'one')).toContain('whole number')
    expect(await refused('record', '--out', 'x', '--max-megabytes', '0')).toContain('positive')
    expect(await refused('replay', '--in', folder)).toContain('is no recording')
    expect(await refused('replay', '--in', folder, '--speed', '0')).toContain('positive')
    expect(await refused('report', '--in', join(folder, 'gone'))).toContain('Check the path')
    expect(await refused('backtest', '--in', recording, '--set', 'risk.nothing=1')).toContain('risk.nothing')
    expect(await refused('backtest', '--capture', 'a:spot:B/C=x.csv')).toContain('at least twice')
    const other = join(folder, 'other.json')
    await writeFile(other, '{"format":9}')
    expect(await refused('report', '--in', other)).toContain('no backtest of this version')
  })
})

/** What a replay has too. */
function recordedWithout(result: Run): object {
  const { bytes: _bytes, endedBy: _endedBy, ...shared } = result as Run & { bytes: number; endedBy: string }
  return shared
}
