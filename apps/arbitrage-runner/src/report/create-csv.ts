import type { SweepRow } from '../backtest/run-report.js'
import { toCsv } from './csv.js'
import type { TradeRow } from './trade-row.js'

/** @param parts - Names of the parts of a profit's attribution. */
export const createTradesHeader = (parts: readonly string[]): readonly string[] => [
  'started_at_ms',
  'duration_ms',
  'correlation_id',
  'strategy',
  'symbol',
  'end',
  'route',
  'quantity',
  'notional',
  'expected',
  'realised',
  'profit_asset',
  ...parts,
]

/** A trade with exact amounts as a row of CSV. */
export const toTradeCells = (row: TradeRow, parts: readonly string[]): readonly (string | number)[] => [
  row.startedAtMs,
  row.durationMs,
  row.correlationId,
  row.strategy,
  row.symbol,
  row.end,
  row.route,
  row.quantity,
  row.notional,
  row.expected,
  row.realised,
  row.profitAsset,
  ...parts.map((part) => row.attribution[part] ?? ''),
]

/** Trades with exact amounts, one a line, RFC 4180. */
export function createTradesCsv(trades: readonly TradeRow[]): string {
  const parts = Object.keys(trades[0]?.attribution ?? {})
  return toCsv([createTradesHeader(parts), ...trades.map((row) => toTradeCells(row, parts))])
}

/** Parameter sets in the order in which they were combined. */
export function createSweepCsv(sweep: readonly SweepRow[]): string {
  const paths = Object.keys(sweep[0]?.parameters ?? {})
  const header = [...paths, 'trades', 'completed', 'realised', 'expected', 'max_drawdown', 'decision_hash', 'problem']
  const rows = sweep.map((row) => [
    ...paths.map((path) => row.parameters[path] ?? ''),
    row.trades,
    row.completed,
    row.realised,
    row.expected,
    row.maxDrawdown,
    row.decisionHash,
    row.problem ?? '',
  ])
  return toCsv([header, ...rows])
}
