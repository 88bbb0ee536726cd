import { Decimal, systemClock } from '@cex-arbitrage/common'
import { readQuoteCapture, scanCaptures } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { capturePath, capturesFolder } from '../testing/captures.js'
import { CommandLine } from '../testing/command-line.js'
import { createReport } from '../report/create-report.js'
import { createSweepCsv, createTradesCsv } from '../report/create-csv.js'
import type { BacktestJob } from './backtest-job.js'
import { combine, parseSweep } from './parameter-sets.js'
import { runBacktest } from './run-backtest.js'
import { runSweep } from './sweep.js'

const spot = 'mexc:spot:LUNC/USDT'
const futures = 'gateio:futures:LUNC/USDT'
const captureFiles = { [spot]: 'mexc-spot-lunc-usdt.csv.gz', [futures]: 'gateio-futures-lunc-usdt.csv.gz' }

const jobOf = (feeBps: string): BacktestJob => ({
  source: {
    kind: 'captures',
    captures: Object.entries(captureFiles).map(([name, file]) => ({
      name,
      path: capturePath(file),
      contractSize: name === futures ? '10000' : '1',
    })),
  },
  configFile: undefined,
  env: {},
  set: [],
  feeBps,
  seed: 1,
})

describe.skipIf(capturesFolder === undefined)('a backtest of captures', () => {
  it('counts crossed quotes as arb scan does, and says what it leaves out', async () => {
    const report = await runBacktest(jobOf('5'), systemClock)
    const scan = await scanCaptures(
      Object.entries(captureFiles).map(([name, file]) => ({ name, quotes: readQuoteCapture(capturePath(file)) })),
      Decimal.parse('5'),
    )
    expect(report.crossings).toEqual({
      rows: scan.rows,
      directions: scan.directions.map(({ buy, sell, rowsGrossPositive, rowsNetPositive }) => ({
        buy,
        sell,
        rowsGrossPositive,
        rowsNetPositive,
      })),
    })
    expect(report.notes.join(' ')).toMatch(/contracts of 10000 base; funding, margin and liquidation are left out/)
    expect(report.trades.length).toBeGreaterThan(0)
    // Whole contracts alone, as the exchange takes them.
    for (const { quantity } of report.trades) expect(Number(quantity) % 10_000).toBe(0)
    const sum = report.trades.reduce((total, { realised }) => total.plus(Decimal.parse(realised)), Decimal.zero)
    expect(sum.toString()).toBe(report.result.profits[0]!.realised)
    const html = createReport(report)
    expect(html).toContain('Of 15002 timestamps')
    expect(html).not.toMatch(/<script|https?:\/\//)
  })

  it('gives the same rows again, and a problem in place of numbers where a set is wrong', async () => {
    const sets = [{ feeBps: '5' }, { 'paper.latencyMs': 'soon' }]
    const seen: number[] = []
    const sweep = () =>
      runSweep({ job: jobOf('5'), sets, workers: 0, clock: systemClock, onProgress: (done) => seen.push(done) })
    const [rows, again] = [await sweep(), await sweep()]
    expect(rows).toEqual(again)
    expect(rows[0]!.decisionHash).toMatch(/^[0-9a-f]{64}$/)
    expect(rows[1]!.problem).toContain('paper.latencyMs')
    expect(seen).toEqual([1, 2, 1, 2])
    expect(createSweepCsv(rows)).toContain('feeBps,trades,completed')
  })

  it('runs from the command line', async () => {
    const captures = Object.entries(captureFiles).flatMap(([name, file]) => [
      '--capture',
      `${name}=${capturePath(file)}`,
    ])
    const refused = await new CommandLine().run('backtest', ...captures)
    expect(refused.output.notes.join('\n')).toContain(`--contract-size ${futures}=`)
    const size = ['--contract-size', `${futures}=10000`]
    const line = await new CommandLine().run(
      'backtest',
      ...captures,
      ...size,
      '--sweep',
      'feeBps=5,9',
      '--workers',
      '0',
    )
    const text = line.output.lines.join('\n')
    expect(text).toContain('Best of 2 parameter sets:')
    expect(text).toContain('gross positive 2309')
    expect(line.output.notes).toContain('100 % 2 of 2 parameter sets')
  })
})

describe('parameter sets', () => {
  it('are every combination, of lists and ranges', () => {
    const parameters = [parseSweep('a.b=1..2:0.5'), parseSweep('c=x,y')]
    expect(combine(parameters)).toEqual(
      ['1', '1.5', '2'].flatMap((value) => ['x', 'y'].map((c) => ({ 'a.b': value, c }))),
    )
    expect(combine([])).toEqual([{}])
  })

  it('are refused when they are no assignment, or a range that does not end', () => {
    expect(() => parseSweep('nothing')).toThrow('path=value')
    expect(() => parseSweep('a=1..2:0')).toThrow('goes up')
    expect(() => parseSweep('a=0..1:0.00001')).toThrow('more than 10000')
  })
})

describe('the CSV of trades', () => {
  it('quotes what needs it', () => {
    const row = {
      startedAtMs: 1,
      durationMs: 2,
      correlationId: 'a"b',
      strategy: 's,t',
      symbol: 'B/Q',
      end: 'completed',
    }
    const amounts = {
      route: 'x',
      quantity: '1',
      notional: '2',
      expected: '3',
      realised: '4',
      profitAsset: 'Q',
    }
    const text = createTradesCsv([{ ...row, ...amounts, attribution: { latency: '0.1' } }])
    expect(text.split('\n')[1]).toBe('1,2,"a""b","s,t",B/Q,completed,x,1,2,3,4,Q,0.1')
  })
})
