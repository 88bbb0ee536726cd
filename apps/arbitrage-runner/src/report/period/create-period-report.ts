import { Decimal } from '@cex-arbitrage/common'
import { createDocument, type DocumentParts } from '../document.js'
import { formatUtc, shortAmount } from '../format.js'
import { groupTrades } from './trade-groups.js'
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
  const { trades, openTrades, exchanges, halts, opportunities } = report
  const ends = new Map<string, number>()
  for (const { end } of trades) ends.set(end, (ends.get(end) ?? 0) + 1)
  const repaired = (ends.get('unwound') ?? 0) + (ends.get('hedged') ?? 0)
  const fees = new Map<string, Decimal>()
  for (const { asset, amount } of exchanges.flatMap((each) => each.fees))
    fees.set(asset, (fees.get(asset) ?? Decimal.zero).plus(Decimal.parse(amount)))
  return [
    ...groupTrades(trades, () => '').flatMap(({ profitAsset, realised, expected }): (readonly [string, string])[] => [
      [`realised, ${profitAsset}`, shortAmount(realised)],
      [`expected, ${profitAsset}`, shortAmount(expected)],
      [`max drawdown, ${profitAsset}`, shortAmount(maxDrawdown(report, profitAsset))],
    ]),
    ['trades', String(trades.length + openTrades)],
    ['completed', String(ends.get('completed') ?? 0)],
    ['unwound or hedged', String(repaired)],
    ['quotes pulled', String(ends.get('pulled') ?? 0)],
    ['nothing filled', String(ends.get('aborted') ?? 0)],
    ['still open', String(openTrades)],
    ...[...fees].map(([asset, amount]) => [`fees, ${asset}`, shortAmount(amount.toString())] as const),
    ['opportunities sampled', opportunities.reduce((sum, { count }) => sum + count, 0).toLocaleString('en-US')],
    ['halts', String(halts.length)],
  ]
}

/** Largest fall of realised profit from a height before it. */
function maxDrawdown({ trades }: PeriodReport, asset: string): number {
  let [sum, height, fall] = [0, 0, 0]
  for (const { realised, profitAsset } of trades) {
    if (profitAsset !== asset) continue
    sum += Number(realised)
    height = Math.max(height, sum)
    fall = Math.max(fall, height - sum)
  }
  return fall
}
