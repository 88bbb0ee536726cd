import type { JournalRow, StoredEquityPoint } from '@cex-arbitrage/arbitrage-runner/history-model'
import type { LinePoint } from '../charts/line-chart.js'
import type { HistoryParameters } from './history-api.js'

const msPerDay = 86_400_000

/** Stretches of time that can be chosen, in days back from today's; `0` is everything. */
export const periods = [
  ['Today', 1],
  ['7 days', 7],
  ['30 days', 30],
  ['Everything', 0],
] as const

/** Whole days of UTC up to now. */
export function fromMsOf(days: number, nowMs: number): number | undefined {
  return days === 0 ? undefined : (Math.floor(nowMs / msPerDay) - days + 1) * msPerDay
}

/** One day of UTC, such as `2026-11-24`. */
export function rangeOfDay(day: string): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = Date.parse(`${day}T00:00Z`)
  return { fromMs, toMs: fromMs + msPerDay }
}

/** Whose rows are shown: those of this run, of every run of a mode, or of one run before. */
export interface ScopeChoice {
  readonly value: string
  readonly label: string
  readonly parameters: HistoryParameters
}

/** This run first, then every mode that the database knows, then single runs. */
export function scopesOf(journals: readonly JournalRow[]): readonly ScopeChoice[] {
  const modes = [...new Set(journals.map(({ mode }) => mode))].map((mode): ScopeChoice => ({
    value: `mode:${mode}`,
    label: `All ${mode} runs`,
    parameters: { mode },
  }))
  const runs = journals.map(({ journal }): ScopeChoice => ({
    value: `run:${journal}`,
    label: journal,
    parameters: { journal },
  }))
  return [{ value: 'this', label: 'This run', parameters: {} }, ...modes, ...runs]
}

/** The worth of everything over time, broken where another run begins. */
export function equityLine(points: readonly StoredEquityPoint[]): readonly LinePoint[] {
  return points.flatMap(({ journal, atMs, equity }, index): readonly LinePoint[] => {
    const before = points[index - 1]
    const point = [atMs, Number(equity)] as const
    return before === undefined || before.journal === journal ? [point] : [[atMs - 1, null], point]
  })
}
