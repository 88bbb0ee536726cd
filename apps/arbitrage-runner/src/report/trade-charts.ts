import { createChart } from './chart.js'
import { toWords } from './format.js'
import { createRowChart } from './row-chart.js'
import { thin } from './thin.js'
import type { TradeRow } from './trade-row.js'

const maxDots = 2_000
const maxSteps = 1_500

export interface ProfitChartOptions {
  readonly trades: readonly TradeRow[]
  readonly fromMs: number
  readonly toMs: number
}

/** Profit added up over time, beside what the plans expected. */
export function createProfitChart({ trades, fromMs, toMs }: ProfitChartOptions): string {
  const ended = trades.toSorted((a, b) => endOf(a) - endOf(b))
  const accumulate = (of: 'realised' | 'expected'): (readonly [number, number])[] => {
    let sum = 0
    const points = ended.map((trade) => [endOf(trade), (sum += Number(trade[of]))] as const)
    return points.length === 0
      ? []
      : [[fromMs, 0], ...thin(points, maxSteps), [Math.max(toMs, endOf(ended.at(-1)!)), sum]]
  }
  return createChart({
    title: 'Profit since the start',
    description: 'Realised profit added up over time, beside what the plans expected.',
    xLabel: 'UTC',
    yLabel: assetOf(trades),
    xScale: 'time',
    xRange: [fromMs, toMs],
    series: [
      { name: 'expected', tone: 'second', shape: 'steps', points: accumulate('expected') },
      { name: 'realised', tone: 'first', shape: 'steps', points: accumulate('realised') },
    ],
  })
}

export function createComparisonChart(trades: readonly TradeRow[]): string {
  const asset = assetOf(trades)
  return createChart({
    title: 'Expected and realised, trade by trade',
    description: 'One dot a trade; on the dashed line a trade brought exactly what was expected.',
    xLabel: `expected, ${asset}`,
    yLabel: `realised, ${asset}`,
    diagonal: true,
    series: [
      {
        name: 'trades',
        tone: 'first',
        shape: 'dots',
        points: thin(trades, maxDots).map(({ expected, realised }) => [Number(expected), Number(realised)]),
      },
    ],
  })
}

/** Realised less expected profit, split into its causes. */
export function createAttributionChart(trades: readonly TradeRow[]): string {
  const sums = new Map<string, number>()
  for (const { attribution } of trades)
    for (const [part, amount] of Object.entries(attribution)) sums.set(part, (sums.get(part) ?? 0) + Number(amount))
  const rows = [...sums].map(([part, sum]) => [toWords(part), sum] as const)
  return createRowChart({
    title: 'Where realised differs from expected',
    description: rows.map(([part, sum]) => `${part} ${sum.toPrecision(4)}`).join(', '),
    unit: assetOf(trades),
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

const endOf = ({ startedAtMs, durationMs }: TradeRow): number => startedAtMs + durationMs
const assetOf = (trades: readonly TradeRow[]): string => trades[0]?.profitAsset ?? ''
