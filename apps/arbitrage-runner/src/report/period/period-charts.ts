import { msPerDay, msPerHour } from '@cex-arbitrage/common'
import { createChart } from '../chart.js'
import { toWords } from '../format.js'
import { createRowChart } from '../row-chart.js'
import {
  createAttributionChart,
  createComparisonChart,
  createProfitChart,
  createSurvivalChart,
} from '../trade-charts.js'
import type { PeriodReport } from './period-report.js'

const shownCauses = 12
/** From so long on bars stand for days. */
const daysFromMs = 3 * msPerDay

/** Every chart of a time of trading. */
export function createPeriodCharts(report: PeriodReport): readonly string[] {
  const { trades, survivalMs, whyNot } = report
  const [fromMs, toMs] = shownTime(report)
  return [
    createEquityChart(report, [fromMs, toMs]),
    createProfitChart({ trades, fromMs, toMs }),
    createBarChart(report),
    createComparisonChart(trades),
    createAttributionChart(trades),
    createRowChart({
      title: 'Why not',
      description: 'The first cause for which a change of a quote did not become a trade, counted.',
      unit: 'changes',
      rows: whyNot.slice(0, shownCauses).map(({ cause, count }) => [toWords(cause), count]),
    }),
    createSurvivalChart(survivalMs),
  ]
}

/** From the first sign of life to the last: a run may have filled only a part of the day. */
function shownTime({ trades, equity, fromMs, toMs }: PeriodReport): readonly [fromMs: number, toMs: number] {
  const times = [trades.firstAtMs, trades.lastAtMs, equity[0]?.atMs, equity.at(-1)?.atMs]
  const known = times.filter((ms) => ms !== undefined)
  return known.length === 0 ? [fromMs, toMs] : [Math.min(...known), Math.max(...known)]
}

/** A line that breaks between runs: each begins with its own inventory. */
function createEquityChart({ equity }: PeriodReport, xRange: readonly [number, number]): string {
  const points = equity.flatMap(({ journal, atMs, equity: worth }, index) => {
    const point = [atMs, Number(worth)] as const
    const before = equity[index - 1]
    return before === undefined || before.journal === journal ? [point] : [[atMs, Number.NaN] as const, point]
  })
  return createChart({
    title: 'Equity: worth of everything held',
    description: 'At the prices of each moment, so with the market’s own movement in it. The line breaks between runs.',
    xLabel: 'UTC',
    yLabel: equity[0]?.asset ?? '',
    xScale: 'time',
    xRange,
    fromZero: false,
    series: [{ name: 'equity', tone: 'first', shape: 'line', points }],
  })
}

function createBarChart({ trades, realisedByHour, fromMs, toMs }: PeriodReport): string {
  const spanMs = toMs - fromMs > daysFromMs ? msPerDay : msPerHour
  const sums = new Map<number, number>()
  for (const [atMs, realised] of realisedByHour) {
    const bar = Math.floor(atMs / spanMs) * spanMs
    sums.set(bar, (sums.get(bar) ?? 0) + realised)
  }
  const per = spanMs === msPerDay ? 'day' : 'hour'
  return createChart({
    title: `Realised profit by ${per}`,
    description: `One bar for each ${per} of UTC in which a trade began.`,
    xLabel: 'UTC',
    yLabel: trades.profitAsset,
    xScale: 'time',
    barSpan: spanMs,
    series: [
      { name: 'realised', tone: 'first', shape: 'bars', points: [...sums].map(([at, sum]) => [at + spanMs / 2, sum]) },
    ],
  })
}
