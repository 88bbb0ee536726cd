import { Decimal } from '@cex-arbitrage/common'
import { createDocument, type DocumentParts } from '../document.js'
import { formatUtc, shortAmount } from '../format.js'
import { createPeriodCharts } from './period-charts.js'
import type { PeriodReport } from './period-report.js'
import { createPeriodSections } from './period-tables.js'

/** A time of trading as one HTML document. */
export const createPeriodReport = (report: PeriodReport): string =>
  createDocument({
    title: report.title,
    subtitle: `From ${formatUtc(report.fromMs)} to ${formatUtc(report.toMs)} UTC`,
    notes: report.notes,
    numbers: createNumbers(report),
    charts: createPeriodCharts(report),
    sections: createPeriodSections(report),
  })

function createNumbers(report: PeriodReport): DocumentParts['numbers'] {
  const { trades, openTrades, byAsset, byEnd, maxDrawdowns, exchanges, halts, opportunities } = report
  const ended = (...ends: readonly string[]): string =>
    String(byEnd.reduce((sum, row) => sum + (ends.includes(row.name) ? row.trades : 0), 0))
  const fees = new Map<string, Decimal>()
  for (const { asset, amount } of exchanges.flatMap((each) => each.fees))
    fees.set(asset, (fees.get(asset) ?? Decimal.zero).plus(Decimal.parse(amount)))
  return [
    ...byAsset.flatMap(({ profitAsset, realised, expected }): (readonly [string, string])[] => [
      [`realised, ${profitAsset}`, shortAmount(realised)],
      [`expected, ${profitAsset}`, shortAmount(expected)],
      [`max drawdown, ${profitAsset}`, shortAmount(maxDrawdowns.get(profitAsset) ?? 0)],
    ]),
    ['trades', String(trades.count + openTrades)],
    ['completed', ended('completed')],
    ['unwound or hedged', ended('unwound', 'hedged')],
    ['quotes pulled', ended('pulled')],
    ['nothing filled', ended('aborted')],
    ['still open', String(openTrades)],
    ...[...fees].map(([asset, amount]) => [`fees, ${asset}`, shortAmount(amount.toString())] as const),
    ['opportunities sampled', opportunities.reduce((sum, { count }) => sum + count, 0).toLocaleString('en-US')],
    ['halts', String(halts.length)],
  ]
}
