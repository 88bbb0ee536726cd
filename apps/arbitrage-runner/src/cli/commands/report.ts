import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationException } from '@cex-arbitrage/common'
import type { Command } from 'commander'
import type { RunReport } from '../../backtest/run-report.js'
import { runBacktest } from '../../backtest/run-backtest.js'
import { writeReport } from '../../report/write-report.js'
import type { CommandContext } from '../command-context.js'

interface ReportOptions {
  readonly in: string
  readonly out?: string
  readonly json: boolean
}

export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command('report')
    .description(
      'Writes a recorded run or a backtest as one HTML file with charts, which needs nothing else, and its trades as CSV.',
    )
    .requiredOption('-i, --in <path>', 'folder of a recording or of a backtest, or a backtest.json')
    .option('-o, --out <folder>', 'where to write; beside the input by default')
    .option('--json', 'print one JSON object with the paths', false)
    .addHelpText(
      'after',
      '\nExamples:\n  arb report --in data/recording\n  arb report --in report/backtest.json --out /tmp/report',
    )
    .action((options: ReportOptions) => report(options, context))
}

async function report(options: ReportOptions, { output, clock }: CommandContext): Promise<void> {
  const { folder, run } = await readRun(options.in, () =>
    runBacktest(
      {
        source: { kind: 'recording', folder: options.in },
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
