import { Decimal } from '@cex-arbitrage/common'
import type { TradeRow } from '../trade-row.js'
import type { TradeGroup } from './period-report.js'

/** Trades put together by a name, with exact sums; most profit first, one row for each asset of profit. */
export function groupTrades(trades: readonly TradeRow[], nameOf: (trade: TradeRow) => string): readonly TradeGroup[] {
  const groups = new Map<string, TradeRow[]>()
  for (const trade of trades) {
    const key = JSON.stringify([nameOf(trade), trade.profitAsset])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [trade])
    else group.push(trade)
  }
  return [...groups.values()]
    .map((group) => sumGroup(nameOf(group[0]!), group))
    .toSorted((a, b) => Number(b.realised) - Number(a.realised) || (a.name < b.name ? -1 : 1))
}

function sumGroup(name: string, trades: readonly TradeRow[]): TradeGroup {
  const durations = trades.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)
  return {
    name,
    profitAsset: trades[0]!.profitAsset,
    trades: trades.length,
    completed: trades.filter(({ end }) => end === 'completed').length,
    won: trades.filter(({ realised }) => Number(realised) > 0).length,
    expected: sumOf(trades.map(({ expected }) => expected)),
    realised: sumOf(trades.map(({ realised }) => realised)),
    medianMs: durations[durations.length >> 1]!,
  }
}

const sumOf = (amounts: readonly string[]): string =>
  amounts.reduce((sum, amount) => sum.plus(Decimal.parse(amount)), Decimal.zero).toString()
