import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTradesCsv } from '../create-csv.js'
import { toCsv } from '../csv.js'
import { collectPeriod, type CollectOptions, type PeriodChoice, type PeriodSource } from './collect-period.js'
import { createPeriodReport } from './create-period-report.js'
import { FillsCsv } from './fills-csv.js'
import type { PeriodReport } from './period-report.js'

export interface WrittenPeriod {
  readonly report: PeriodReport
  readonly files: readonly string[]
}

/** Writes report.html, trades.csv, fills.csv and equity.csv of a time of trading into a folder. */
export async function writePeriodReport(
  reader: PeriodSource,
  choice: PeriodChoice,
  folder: string,
  options: Omit<CollectOptions, 'onTrade'>,
): Promise<WrittenPeriod> {
  await mkdir(folder, { recursive: true })
  const pathOf = (name: string): string => join(folder, name)
  const fills = await FillsCsv.create(pathOf('fills.csv'))
  let report: PeriodReport
  try {
    report = await collectPeriod(reader, choice, { ...options, onTrade: (trade) => fills.add(trade.fills) })
  } finally {
    await fills.close()
  }
  const equity = report.equity.map((point) => [point.atMs, point.journal, point.asset, point.equity, point.realised])
  const files: readonly (readonly [string, string])[] = [
    ['report.html', createPeriodReport(report)],
    ['trades.csv', createTradesCsv(report.trades)],
    ['equity.csv', toCsv([['at_ms', 'journal', 'asset', 'equity', 'realised'], ...equity])],
  ]
  for (const [name, text] of files) await writeFile(pathOf(name), text)
  return { report, files: [...files.map(([name]) => pathOf(name)), pathOf('fills.csv')] }
}
