import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '../backtest/run-report.js'
import { createSweepCsv, createTradesCsv } from './create-csv.js'
import { createReport } from './create-report.js'

/** Writes report.html, trades.csv and, of a sweep, sweep.csv into a folder. @returns Their paths. */
export async function writeReport(report: RunReport, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const files: readonly (readonly [string, string])[] = [
    ['report.html', createReport(report)],
    ['trades.csv', createTradesCsv(report.trades)],
    ...(report.sweep === undefined ? [] : [['sweep.csv', createSweepCsv(report.sweep)] as const]),
  ]
  const paths = files.map(([name, text]) => [join(folder, name), text] as const)
  for (const [path, text] of paths) await writeFile(path, text)
  return paths.map(([path]) => path)
}
