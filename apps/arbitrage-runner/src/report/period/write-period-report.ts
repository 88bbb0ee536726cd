import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AccountedTrade } from '@cex-arbitrage/storage'
import { createTradesHeader, toTradeCells } from '../create-csv.js'
import { CsvFile } from '../csv-file.js'
import { toCsv } from '../csv.js'
import { collectPeriod, type CollectOptions, type PeriodChoice, type PeriodSource } from './collect-period.js'
import { createPeriodReport } from './create-period-report.js'
import { fillsHeader, toFillCells } from './fills-csv.js'
import type { PeriodReport } from './period-report.js'

const attributionParts = [
  'latency',
  'slippage',
  'fees',
  'rounding',
  'partialFill',
  'unwind',
] as const satisfies readonly (keyof NonNullable<AccountedTrade['attribution']>)[]

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
  const tradesFile = await CsvFile.create(pathOf('trades.csv'))
  const fillsFile = await CsvFile.create(pathOf('fills.csv'))
  let report: PeriodReport
  try {
    await tradesFile.add([createTradesHeader(attributionParts)])
    await fillsFile.add([fillsHeader])
    report = await collectPeriod(reader, choice, {
      ...options,
      onTrade: async ({ fills }, row) => {
        await fillsFile.add(fills.map(toFillCells))
        if (row !== undefined) await tradesFile.add([toTradeCells(row, attributionParts)])
      },
    })
  } finally {
    await tradesFile.close()
    await fillsFile.close()
  }
  const equity = report.equity.map((point) => [point.atMs, point.journal, point.asset, point.equity, point.realised])
  const files: readonly (readonly [string, string])[] = [
    ['report.html', createPeriodReport(report)],
    ['equity.csv', toCsv([['at_ms', 'journal', 'asset', 'equity', 'realised'], ...equity])],
  ]
  for (const [name, text] of files) await writeFile(pathOf(name), text)
  return { report, files: ['report.html', 'trades.csv', 'fills.csv', 'equity.csv'].map(pathOf) }
}
