import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationException } from '@cex-arbitrage/common'
import { Option, type Command } from 'commander'
import type { RunReport } from '../../backtest/run-report.js'
import { runBacktest } from '../../backtest/run-backtest.js'
import { writeReport } from '../../report/write-report.js'
import type { CommandContext } from '../command-context.js'
import { addConfigOptions } from '../config-options.js'
import { choosePeriod, parseDay, parseMoment, type PeriodOptions } from '../period.js'
import { reportPeriod, type ReportPeriodOptions } from './report-period.js'

interface ReportOptions extends ReportPeriodOptions, PeriodOptions {
  readonly in?: string
}

export function addReportCommand(program: Command, context: CommandContext): void {
  const { clock } = context
  addConfigOptions(program.command('report'))
    .description(
      'Writes a day of trading, a recorded run or a backtest as one HTML file with charts, which needs nothing else, and as CSV.',
    )
    .option('-d, --day <date>', 'trading of a day of UTC: 2026-11-24, today or yesterday', (text) =>
      parseDay(text, clock.nowMs()),
    )
    .option('--from <time>', 'trading from here on, such as 2026-11-24 or 2026-11-24T08:30 (UTC)', parseMoment)
    .option('--to <time>', 'and before here; until now where it is left out', parseMoment)
    .addOption(
      new Option(
        '-m, --mode <mode>',
        'runs of this mode; live where the database has it, else that of the newest run',
      ).choices(['simulated', 'paper', 'live']),
    )
    .option('--journal <name>', 'one run alone; GET /history/journals and the page list them')
    .option('-i, --in <path>', 'instead of trading: folder of a recording or of a backtest, or a backtest.json')
    .option('-o, --out <folder>', 'where to write; report/<day>, or beside the input, by default')
    .option('--json', 'print one JSON object with the paths and the sums', false)
    .addHelpText(
      'after',
      `
A day is read out of the database of the configuration, also while the engine runs: report.html, trades.csv, fills.csv, equity.csv.

Examples:
  arb report --day today
  arb report --from 2026-11-01 --to 2026-12-01 --mode live --config config.yaml --out november
  arb report --in data/recording
  arb report --in report/backtest.json --out /tmp/report`,
    )
    .action(async (options: ReportOptions) => {
      const period = choosePeriod(options, clock.nowMs())
      if ((period === undefined) === (options.in === undefined))
        throw new ConfigurationException({ message: 'Give --day or --from for trading, or --in for a recorded run.' })
      if (period !== undefined) await reportPeriod(period, options, context)
      else await reportRun(options.in!, options, context)
    })
}

async function reportRun(path: string, options: ReportOptions, { output, clock }: CommandContext): Promise<void> {
  const { folder, run } = await readRun(path, () =>
    runBacktest(
      {
        source: { kind: 'recording', folder: path },
        configFile: undefined,
        env: {},
        set: [],
        feeBps: '0',
        seed: 0,
      },
      clock,
    ),
  )
  const files = await writeReport(run, options.out ?? folder)
  if (options.json) output.line(JSON.stringify({ files, decisionHash: run.result.decisionHash }))
  else for (const file of files) output.line(file)
}

/** A backtest as it was written, or a recording played anew. */
async function readRun(
  path: string,
  replay: () => Promise<RunReport>,
): Promise<{ readonly folder: string; readonly run: RunReport }> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    (cause: unknown) => {
      throw new ConfigurationException({ message: `${path} cannot be read. Check the path.`, cause })
    },
  )
  const file = isFolder ? join(path, 'backtest.json') : path
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return { folder: path, run: await replay() }
  const run = JSON.parse(text) as Partial<RunReport>
  if (run.format !== 2 || run.result === undefined)
    throw new ConfigurationException({ message: `${file} is no backtest of this version.` })
  return { folder: isFolder ? path : join(path, '..'), run: run as RunReport }
}
