import { createChart } from './chart.js'
import { toWords } from './format.js'
import { createRowChart } from './row-chart.js'
import { thin } from './thin.js'
import type { TradeDigest } from './trade-digest.js'

const maxSteps = 1_500

export interface ProfitChartOptions {
  readonly trades: TradeDigest
  readonly fromMs: number
  readonly toMs: number
}

/** Profit added up over time, beside what the plans expected. */
export function createProfitChart({ trades, fromMs, toMs }: ProfitChartOptions): string {
  const { steps, profitAsset } = trades
  const lineOf = (sum: 'realised' | 'expected'): (readonly [number, number])[] => {
    const last = steps.at(-1)
    if (last === undefined) return []
    const points = steps.map((step) => [step.atMs, step[sum]] as const)
    return [[fromMs, 0], ...points, [Math.max(toMs, last.atMs), last[sum]]]
  }
  return createChart({
    title: 'Profit since the start',
    description: 'Realised profit added up over time, beside what the plans expected.',
    xLabel: 'UTC',
    yLabel: profitAsset,
    xScale: 'time',
    xRange: [fromMs, toMs],
    series: [
      { name: 'expected', tone: 'second', shape: 'steps', points: lineOf('expected') },
      { name: 'realised', tone: 'first', shape: 'steps', points: lineOf('realised') },
    ],
  })
}

export function createComparisonChart({ dots, profitAsset }: TradeDigest): string {
  return createChart({
    title: 'Expected and realised, trade by trade',
    description: 'One dot a trade; on the dashed line a trade brought exactly what was expected.',
    xLabel: `expected, ${profitAsset}`,
    yLabel: `realised, ${profitAsset}`,
    diagonal: true,
    series: [{ name: 'trades', tone: 'first', shape: 'dots', points: dots }],
  })
}

/** Realised less expected profit, split into its causes. */
export function createAttributionChart({ attribution, profitAsset }: TradeDigest): string {
  const rows = [...attribution].map(([part, sum]) => [toWords(part), sum] as const)
  return createRowChart({
    title: 'Where realised differs from expected',
    description: rows.map(([part, sum]) => `${part} ${sum.toPrecision(4)}`).join(', '),
    unit: profitAsset,
    rows,
  })
}

/** @param durationsMs - How long each opportunity stood. @param latencyMs - Time from an order to its match, where one is known. */
export function createSurvivalChart(durationsMs: readonly number[], latencyMs?: number): string {
  const sorted = durationsMs.toSorted((a, b) => a - b)
  const points = sorted.map(
    (ms, index) => [Math.max(ms, 0.1), (100 * (sorted.length - index)) / sorted.length] as const,
  )
  const isMarked = latencyMs !== undefined
  return createChart({
    title: isMarked ? 'How long opportunities last, and our latency' : 'How long opportunities last',
    description: `Share of opportunities that lived at least so long${isMarked ? '; the dashed line is the time an order takes to its match' : ''}.`,
    xLabel: 'milliseconds (each step ten times as long)',
    yLabel: '% still there',
    xScale: 'log',
    ...(isMarked && { mark: { x: Math.max(latencyMs, 0.1), name: `our latency, ${latencyMs} ms` } }),
    series: [{ name: 'opportunities', tone: 'first', shape: 'steps', points: thin(points, maxSteps) }],
  })
}
