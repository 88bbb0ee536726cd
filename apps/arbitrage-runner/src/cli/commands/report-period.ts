import { ConfigurationException } from '@cex-arbitrage/common'
import { loadConfig } from '@cex-arbitrage/config'
import { HistoryReader } from '@cex-arbitrage/storage'
import { join } from 'node:path'
import type { PeriodChoice } from '../../report/period/collect-period.js'
import { formatShare, shortAmount } from '../../report/format.js'
import type { PeriodReport } from '../../report/period/period-report.js'
import { writePeriodReport } from '../../report/period/write-period-report.js'
import type { CommandContext } from '../command-context.js'
import { toConfigSource, type ConfigOptions } from '../config-options.js'
import type { Period } from '../period.js'
import { ProgressBar } from '../progress-bar.js'

export interface ReportPeriodOptions extends ConfigOptions {
  readonly mode?: string
  readonly journal?: string
  readonly out?: string
  readonly json: boolean
}

/** Writes the report of a time of trading out of the configured database. */
export async function reportPeriod(
  period: Period,
  options: ReportPeriodOptions,
  context: CommandContext,
): Promise<void> {
  const { output, clock } = context
  const { database } = loadConfig({ ...toConfigSource(options, context), only: ['database'] })
  const reader = await HistoryReader.open({ url: database.url.reveal() })
  const bar = new ProgressBar(output, clock, options.json)
  try {
    const choice = await choose(reader, period, options)
    const folder = options.out ?? join('report', period.name.replaceAll(/[: ]+/g, '-'))
    const { report, files } = await writePeriodReport(reader, choice, folder, {
      nowMs: clock.nowMs(),
      onProgress: (share) => bar.update(share, 'trades read'),
    }).finally(() => bar.end())
    if (options.json) output.line(JSON.stringify({ files, ...summarise(report) }))
    else for (const line of [...describe(report), ...files]) output.line(line)
  } finally {
    await reader.close()
  }
}

/** The mode that was asked for, else the live one where the database has it, else that of the newest run. */
async function choose(
  reader: HistoryReader,
  { name, fromMs, toMs }: Period,
  { mode, journal }: ReportPeriodOptions,
): Promise<PeriodChoice> {
  const journals = await reader.queries.journals()
  const known = (journal === undefined ? journals : journals.filter((row) => row.journal === journal)).map(
    (row) => row.mode,
  )
  const chosen = mode ?? known.find((each) => each === 'live') ?? known[0]
  if (chosen === undefined || !known.includes(chosen))
    throw new ConfigurationException({
      message: `The database has no ${journal === undefined ? `run of the ${chosen ?? 'engine'}` : `run ${journal}`}. It has: ${
        journals.map((row) => row.journal).join(', ') || 'none'
      }.`,
    })
  return { name, fromMs, toMs, mode: chosen, ...(journal !== undefined && { journal }) }
}

const summarise = ({ title, mode, trades, openTrades, byEnd, byStrategy, exchanges, halts }: PeriodReport) => ({
  title,
  mode,
  trades: trades.count + openTrades,
  openTrades,
  byEnd,
  byStrategy,
  exchanges,
  halts: halts.length,
})

function describe({ title, trades, openTrades, byStrategy }: PeriodReport): string[] {
  return [
    `${title}: ${trades.count + openTrades} trades`,
    ...byStrategy.map(
      (row) =>
        `  ${row.name}: expected ${shortAmount(row.expected)}, realised ${shortAmount(row.realised)} ${row.profitAsset}, ${formatShare(row.completed, row.trades)} completed`,
    ),
  ]
}
