import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ConfigurationException, Decimal } from '@cex-arbitrage/common'
import { InvalidArgumentError, type Command } from 'commander'
import {
  withParameters,
  type BacktestJob,
  type BacktestSource,
  type CaptureInput,
} from '../../backtest/backtest-job.js'
import { combine, parseSweep, type SweptParameter } from '../../backtest/parameter-sets.js'
import { runBacktest } from '../../backtest/run-backtest.js'
import type { RunReport, SweepRow } from '../../backtest/run-report.js'
import { runSweep } from '../../backtest/sweep.js'
import { writeReport } from '../../report/write-report.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions, type ConfigOptions } from '../config-options.js'
import { describeRun } from '../describe-run.js'
import { ProgressBar } from '../progress-bar.js'

interface BacktestOptions extends ConfigOptions {
  readonly in?: string
  readonly capture: readonly { readonly name: string; readonly path: string }[]
  readonly contractSize: Readonly<Record<string, string>>
  readonly feeBps: string
  readonly sweep: readonly SweptParameter[]
  readonly workers: number
  readonly seed: number
  readonly out?: string
  readonly json: boolean
}

const shownSets = 10

export function addBacktestCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('backtest'))
    .description(
      'Plays a recording or captures of best quotes through the engine, with a model of latency, partial fills, refusals and fees, for one or many sets of parameters.',
    )
    .option('-i, --in <folder>', 'folder of a recording')
    .option('--capture <name=file>', 'such as mexc:spot:LUNC/USDT=quotes.csv.gz; at least twice', collectCapture, [])
    .option('--contract-size <name=number>', 'base of one contract, needed for futures', collectContractSize, {})
    .option('--fee-bps <number>', 'fee of each side of captures, basis points', parseDecimal, '5')
    .option(
      '--sweep <path=values>',
      'a setting and its values: a,b,c or from..to:step; may be repeated',
      collectSweep,
      [],
    )
    .option('--workers <number>', 'threads of a sweep; 0 uses this one alone', parseCount, availableParallelism())
    .option('--seed <number>', 'of latency, partial fills and refusals of captures', parseCount, 1)
    .option('-o, --out <folder>', 'writes report.html, trades.csv, sweep.csv and backtest.json there')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
feeBps may be swept beside the settings of the engine. Of a sweep, the set with the highest realised profit is shown in full.

Examples:
  arb backtest --in data/recording --sweep strategies.0.minNetEdgeBps=1..10:1 --sweep paper.latencyMs=10,40,100
  arb backtest --capture mexc:spot:LUNC/USDT=a.csv.gz --capture gateio:futures:LUNC/USDT=b.csv.gz \\
    --contract-size gateio:futures:LUNC/USDT=10000 --sweep feeBps=0..9:1 --sweep paper.latencyMs=0..190:10 --out report`,
    )
    .action((options: BacktestOptions) => backtest(options, context))
}

async function backtest(options: BacktestOptions, context: CommandContext): Promise<void> {
  const { output, clock, stopSignal } = context
  const job: BacktestJob = {
    source: toSource(options),
    configFile: options.config,
    env: context.env,
    set: options.set,
    feeBps: options.feeBps,
    seed: options.seed,
  }
  const sets = combine(options.sweep)
  const bar = new ProgressBar(output, clock, options.json)
  let sweep: readonly SweepRow[] | undefined
  if (options.sweep.length > 0) {
    bar.update(0, `0 of ${sets.length} parameter sets`)
    sweep = await runSweep({
      job,
      sets,
      workers: options.workers,
      clock,
      signal: stopSignal,
      onProgress: (done) => bar.update(done / sets.length, `${done} of ${sets.length} parameter sets`),
    }).finally(() => bar.end())
  }
  const best = sweep && bestOf(sweep)
  const run = await runBacktest(best ? withParameters(job, best.parameters) : job, clock)
  const report: RunReport = {
    ...run,
    ...(best && { title: `${run.title}, ${describeSet(best)}` }),
    ...(sweep && { sweep }),
  }
  if (options.out !== undefined) {
    await mkdir(options.out, { recursive: true })
    await writeFile(join(options.out, 'backtest.json'), JSON.stringify(report))
    await writeReport(report, options.out)
  }
  if (options.json) output.line(JSON.stringify(toSummary(report, options.out)))
  else for (const line of describe(report, options.out)) output.line(line)
}

function toSource({ in: folder, capture, contractSize }: BacktestOptions): BacktestSource {
  if (folder !== undefined && capture.length === 0) return { kind: 'recording', folder }
  if (folder !== undefined || capture.length < 2)
    throw new ConfigurationException({ message: 'Give --in with a recording, or --capture at least twice.' })
  const captures = capture.map(({ name, path }): CaptureInput => {
    const isSpot = name.split(':')[1] === 'spot'
    const size = contractSize[name] ?? (isSpot ? '1' : undefined)
    if (size === undefined)
      throw new ConfigurationException({
        message: `Sizes of ${name} are contracts. Say how much base one is: --contract-size ${name}=…`,
      })
    return { name, path, contractSize: size }
  })
  return { kind: 'captures', captures }
}

/** @throws ConfigurationException No set could be run. */
function bestOf(rows: readonly SweepRow[]): SweepRow {
  const usable = rows.filter(({ problem }) => problem === undefined)
  const [best] = usable.toSorted((a, b) => b.realised - a.realised)
  if (best !== undefined) return best
  throw new ConfigurationException({ message: rows[0]?.problem ?? 'The sweep was ended before its first set.' })
}

const describeSet = ({ parameters }: SweepRow): string =>
  Object.entries(parameters)
    .map(([path, value]) => `${path}=${value}`)
    .join(' ')

function toSummary({ title, notes, result, crossings, sweep }: RunReport, out: string | undefined): unknown {
  return { title, notes, ...result, ...(crossings && { crossings }), ...(sweep && { sweep }), ...(out && { out }) }
}

function describe(report: RunReport, out: string | undefined): string[] {
  const { sweep, crossings } = report
  const ranked = (sweep ?? []).toSorted((a, b) => b.realised - a.realised).slice(0, shownSets)
  return [
    report.title,
    ...report.notes.map((note) => `  ${note}`),
    ...(crossings?.directions ?? []).map(
      (row) =>
        `buy ${row.buy}, sell ${row.sell}: gross positive ${row.rowsGrossPositive}, net positive ${row.rowsNetPositive} of ${crossings!.rows} rows`,
    ),
    ...describeRun(report.result),
    ...(sweep ? [`Best of ${sweep.length} parameter sets:`] : []),
    ...ranked.map(
      (row) =>
        `  ${row.problem ?? `${row.realised.toFixed(4)} realised, ${row.expected.toFixed(4)} expected, ${row.trades} trades`}  ${describeSet(row)}`,
    ),
    ...(out === undefined ? [] : [`Report: ${join(out, 'report.html')}`]),
  ]
}

function collectCapture(text: string, before: BacktestOptions['capture']): BacktestOptions['capture'] {
  const at = text.indexOf('=')
  if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError('Write name=file.')
  return [...before, { name: text.slice(0, at), path: text.slice(at + 1) }]
}

function collectContractSize(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.lastIndexOf('=')
  const size = Decimal.tryParse(text.slice(at + 1))
  if (at <= 0 || size === undefined || size.sign <= 0) throw new InvalidArgumentError('Write name=number.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

const collectSweep = (text: string, before: readonly SweptParameter[]): readonly SweptParameter[] => [
  ...before,
  parseSweep(text),
]

function parseDecimal(text: string): string {
  if (Decimal.tryParse(text) === undefined) throw new InvalidArgumentError('Write a decimal number.')
  return text
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}
