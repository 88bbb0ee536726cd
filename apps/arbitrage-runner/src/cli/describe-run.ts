import type { RunResult } from '../replay/run-result.js'

/** What a recorded or replayed run came to, for people. */
export function describeRun(result: RunResult): string[] {
  const trades = Object.entries(result.trades).filter(([, count]) => count > 0)
  const ends = trades.map(([end, count]) => `${count} ${end}`).join(', ')
  const refusals = Object.entries(result.whyNot)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([cause, count]) => `${cause} ${count}`)
  return [
    `${result.bookUpdates} book updates, ${result.opportunities} opportunities, ${result.proposals} plans, ${result.approvals} approved`,
    `Trades: ${ends || 'none'}`,
    ...result.profits.map(({ asset, expected, realised }) => `Profit: ${realised} ${asset}, expected ${expected}`),
    `Why not: ${refusals.join(', ') || 'nothing was refused'}`,
    ...result.halts.map((halt) => `Halted: ${halt}`),
    `Decisions: ${result.decisionHash}`,
  ]
}
