import pc from 'picocolors'
import { signed } from './format-amount.js'
import { formatAttribution } from './format-attribution.js'
import type { ExchangeStatus, PositionStatus, StatusSnapshot, TradeStatus } from './status-snapshot.js'

const shownTrades = 8
const shownRefusals = 5

/** Whether text may carry colour. */
export type Palette = ReturnType<typeof pc.createColors>

export const palette = (colours: boolean): Palette => pc.createColors(colours)

/** The whole status as lines for a terminal, none longer than `columns`. */
export function formatStatus(status: StatusSnapshot, colour: Palette): string[] {
  return [
    headline(status, colour),
    '',
    ...exchangeTable(status.exchanges, colour),
    '',
    `${colour.bold('Opportunities')}  ${count(status.opportunities.evaluations)} evaluated, ${count(status.opportunities.found)} worth taking`,
    ...refusalLine(status),
    '',
    ...tradeTable(status.recentTrades, colour),
    '',
    ...positionTable(status.positions, colour),
    totals(status, colour),
  ]
}

/** One finished trade as a line of its own. */
export function formatTrade(trade: TradeStatus, colour: Palette): string {
  const won = !trade.realisedProfit.startsWith('-')
  const realised = `realised ${signed(trade.realisedProfit)} ${trade.profitAsset}`
  return [
    clock(trade.atMs),
    trade.symbol.padEnd(10),
    trade.route.padEnd(16),
    trade.quantity.padStart(12),
    trade.end.padEnd(9),
    `expected ${signed(trade.expectedProfit)}`.padEnd(22),
    won ? colour.green(realised) : colour.red(realised),
    colour.dim(`${trade.durationMs.toFixed(0)} ms`),
  ].join('  ')
}

function headline(status: StatusSnapshot, colour: Palette): string {
  const state = status.state === 'trading' ? colour.green(status.state) : colour.yellow(status.state)
  const causes = status.halts.map((halt) => `${halt.rule}: ${halt.detail}`).join('; ')
  return `${colour.bold('cex-arbitrage')}  ${status.mode}  ${state}  up ${duration(status.uptimeMs)}${causes === '' ? '' : `  ${colour.red(causes)}`}`
}

function exchangeTable(exchanges: readonly ExchangeStatus[], colour: Palette): string[] {
  const header = colour.dim('exchange    data  account  books    frames   gaps  resyncs  clock      orders')
  const rows = exchanges.map((row) =>
    [
      row.exchange.padEnd(10),
      light(row.marketDataConnected, colour).padEnd(4),
      ` ${light(row.accountConnected, colour)}`.padEnd(8),
      `${row.booksTrusted}/${row.booksTotal}`.padStart(7),
      count(row.frames).padStart(9),
      String(row.gaps).padStart(6),
      String(row.resyncs).padStart(8),
      (row.clockOffsetMs === undefined ? '–' : `${row.clockOffsetMs.toFixed(1)} ms`).padStart(9),
      String(row.openOrders).padStart(8),
    ].join(' '),
  )
  return [header, ...rows]
}

function refusalLine(status: StatusSnapshot): string[] {
  const refusals = Object.entries(status.opportunities.refusals)
    .filter(([, times]) => times > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, shownRefusals)
  return refusals.length === 0
    ? []
    : [`  why not: ${refusals.map(([cause, times]) => `${cause} ${count(times)}`).join(', ')}`]
}

function tradeTable(trades: readonly TradeStatus[], colour: Palette): string[] {
  if (trades.length === 0) return [colour.dim('No trade yet.')]
  const [newest] = trades
  const lines = trades.slice(0, shownTrades).map((trade) => formatTrade(trade, colour))
  return [lines[0]!, formatAttribution(newest!, colour), ...lines.slice(1)]
}

function positionTable(positions: readonly PositionStatus[], colour: Palette): string[] {
  if (positions.length === 0) return []
  const rows = positions.map(
    ({ instrument, base, entryPrice, basisBps, funding, marginLeft }) =>
      `  ${instrument}  ${signed(base)} from ${entryPrice}  basis ${basisBps ?? '–'} bps  funding ${signed(funding)}  margin left ${marginLeft ?? '–'}`,
  )
  return [colour.bold('Positions, hedged by spot'), ...rows, '']
}

function totals(status: StatusSnapshot, colour: Palette): string {
  const ends = Object.entries(status.trades.byEnd)
    .filter(([, times]) => times > 0)
    .map(([end, times]) => `${times} ${end}`)
    .join(', ')
  const profit = status.trades.profit
    .map((row) => `expected ${signed(row.expected)}, realised ${signed(row.realised)} ${row.asset}`)
    .join('; ')
  return `${colour.bold('Trades')}  ${ends === '' ? 'none' : ends}${profit === '' ? '' : `  ${profit}`}`
}

const light = (on: boolean, colour: Palette): string => (on ? colour.green('on  ') : colour.red('off '))
const count = (n: number): string => n.toLocaleString('en-US')
const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19)

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`
}
