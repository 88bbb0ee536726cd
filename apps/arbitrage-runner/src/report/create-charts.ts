import type { RunReport } from '../backtest/run-report.js'
import { createChart } from './chart.js'
import type { TradeDigest } from './trade-digest.js'
import {
  createAttributionChart,
  createComparisonChart,
  createProfitChart,
  createSurvivalChart,
} from './trade-charts.js'

const usPerMs = 1_000

/** Every chart of a recorded run or a backtest. */
export function createCharts(report: RunReport, trades: TradeDigest): readonly string[] {
  const { spells, latencyMs, startMs, result } = report
  return [
    createProfitChart({ trades, fromMs: startMs, toMs: startMs + result.durationMs }),
    createComparisonChart(trades),
    createEdgeChart(report),
    createSurvivalChart(
      spells.map(({ durationUs }) => durationUs / usPerMs),
      latencyMs,
    ),
    createAttributionChart(trades),
  ]
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
