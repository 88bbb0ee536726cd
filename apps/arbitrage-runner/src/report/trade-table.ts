import { createTable } from './create-table.js'
import { formatUtc, shortAmount, toWords } from './format.js'
import type { TradeDigest } from './trade-digest.js'
import type { TradeRow } from './trade-row.js'

export const tradeTableHeading = ({ count, shown }: TradeDigest): string =>
  count > shown.length ? `Trades (first ${shown.length} of ${count}; trades.csv has all)` : 'Trades'

/** Trades with the split of what they brought beyond or below the expectation. */
export function createTradeTable(trades: readonly TradeRow[], caption = 'Trades'): string {
  const parts = Object.keys(trades[0]?.attribution ?? {})
  return createTable<TradeRow>(
    caption,
    [
      { name: 'time, UTC', of: (row) => formatUtc(row.startedAtMs), isText: true },
      { name: 'strategy', of: (row) => row.strategy, isText: true },
      { name: 'symbol', of: (row) => row.symbol, isText: true },
      { name: 'route', of: (row) => row.route, isText: true },
      { name: 'quantity', of: (row) => row.quantity },
      { name: 'notional', of: (row) => shortAmount(row.notional) },
      { name: 'expected', of: (row) => shortAmount(row.expected) },
      { name: 'realised', of: (row) => shortAmount(row.realised), isGain: true },
      ...parts.map((part) => ({
        name: toWords(part),
        of: (row: TradeRow) => shortAmount(row.attribution[part] ?? '0'),
      })),
      { name: 'in', of: (row) => row.profitAsset, isText: true },
      { name: 'end', of: (row) => row.end, isText: true },
      { name: 'ms', of: (row) => row.durationMs.toFixed(1) },
    ],
    trades,
  )
}
