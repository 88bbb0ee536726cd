import type { RunReport } from '../backtest/run-report.js'
import { createChart } from './chart.js'

const usPerMs = 1_000
/** Dots beyond it are thinned out evenly. */
const maxDots = 4_000

/** Every chart of a report. */
export function createCharts(report: RunReport): string {
  return [
    createEquityChart(report),
    createComparisonChart(report),
    createEdgeChart(report),
    createSurvivalChart(report),
    createAttributionChart(report),
  ].join('\n')
}

function createEquityChart({ trades, startMs, result }: RunReport): string {
  const asset = trades[0]?.profitAsset ?? ''
  const minutes = (ms: number): number => (ms - startMs) / 60_000
  const ended = trades.toSorted((a, b) => a.startedAtMs + a.durationMs - (b.startedAtMs + b.durationMs))
  const accumulate = (of: 'realised' | 'expected'): (readonly [number, number])[] => {
    let sum = 0
    const points = ended.map(
      (trade) => [minutes(trade.startedAtMs + trade.durationMs), (sum += Number(trade[of]))] as const,
    )
    return points.length === 0 ? [] : [[0, 0], ...points, [minutes(startMs + result.durationMs), sum]]
  }
  return createChart({
    title: 'Equity: profit since the start',
    description: 'Realised profit added up over time, beside what the plans expected.',
    xLabel: 'minutes',
    yLabel: asset,
    series: [
      { name: 'expected', tone: 'second', shape: 'steps', points: accumulate('expected') },
      { name: 'realised', tone: 'first', shape: 'steps', points: accumulate('realised') },
    ],
  })
}

function createComparisonChart({ trades }: RunReport): string {
  const step = Math.max(1, Math.ceil(trades.length / maxDots))
  const shown = trades.filter((_, index) => index % step === 0)
  const asset = trades[0]?.profitAsset ?? ''
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
        points: shown.map(({ expected, realised }) => [Number(expected), Number(realised)]),
      },
    ],
  })
}

function createEdgeChart({ histogram }: RunReport): string {
  return createChart({
    title: 'Edge after fees, at each change of a quote',
    description: 'How often the best direction between two exchanges had an edge of so many basis points.',
    xLabel: 'basis points, fees deducted',
    yLabel: 'changes',
    series: [{ name: 'edge', tone: 'first', shape: 'bars', points: histogram }],
  })
}

function createSurvivalChart({ spells, latencyMs }: RunReport): string {
  const durations = spells.map(({ durationUs }) => durationUs / usPerMs).toSorted((a, b) => a - b)
  const points = durations.map(
    (ms, index) => [Math.max(ms, 0.1), (100 * (durations.length - index)) / durations.length] as const,
  )
  return createChart({
    title: 'How long opportunities last, and our latency',
    description:
      'Share of opportunities that lived at least so long; the dashed line is the time an order takes to its match.',
    xLabel: 'milliseconds (each step ten times as long)',
    yLabel: '% still there',
    xScale: 'log',
    mark: { x: Math.max(latencyMs, 0.1), name: `our latency, ${latencyMs} ms` },
    series: [{ name: 'opportunities', tone: 'first', shape: 'steps', points }],
  })
}

function createAttributionChart({ trades }: RunReport): string {
  const sums = new Map<string, number>()
  for (const { attribution } of trades)
    for (const [part, amount] of Object.entries(attribution)) sums.set(part, (sums.get(part) ?? 0) + Number(amount))
  const parts = [...sums]
  return createChart({
    title: 'Where the difference comes from',
    description: parts.map(([part, sum]) => `${part} ${sum.toPrecision(4)}`).join(', '),
    xLabel: 'part of realised less expected profit',
    yLabel: trades[0]?.profitAsset ?? '',
    formatX: (value) => parts[value]?.[0] ?? '',
    series: [{ name: 'parts', tone: 'second', shape: 'bars', points: parts.map(([, sum], index) => [index, sum]) }],
  })
}
