import { createTable } from '../create-table.js'
import type { DocumentParts } from '../document.js'
import { formatShare, formatUtc, shortAmount, toWords } from '../format.js'
import { createTradeTable, tradeTableHeading } from '../trade-table.js'
import type { AssetAmount, PeriodReport, TradeGroup } from './period-report.js'

/** The sections of tables below the charts. */
export function createPeriodSections(report: PeriodReport): DocumentParts['sections'] {
  const { trades } = report
  return [
    ['By strategy', createGroupTable('strategy', report.byStrategy)],
    ['By symbol', createGroupTable('symbol', report.bySymbol)],
    ['By route', createGroupTable('route', report.byRoute)],
    ['By end', createGroupTable('end', report.byEnd)],
    ['Exchanges: orders, volume and fees', createExchangeTable(report)],
    ['Why not', createWhyNotTable(report)],
    ['Opportunities, as sampled', createOpportunityTables(report)],
    ['Halts', createHaltTable(report)],
    ['Health at the end', createHealthTable(report)],
    ['Furthest below the expectation', createTradeTable(report.worst, 'Trades furthest below the expectation')],
    [tradeTableHeading(trades), createTradeTable(trades.shown)],
  ]
}

const createGroupTable = (what: string, groups: readonly TradeGroup[]): string =>
  createTable<TradeGroup>(
    `Trades by ${what}`,
    [
      { name: what, of: (row) => row.name, isText: true },
      { name: 'trades', of: (row) => row.trades },
      { name: 'completed', of: (row) => formatShare(row.completed, row.trades) },
      { name: 'won', of: (row) => formatShare(row.won, row.trades) },
      { name: 'expected', of: (row) => shortAmount(row.expected) },
      { name: 'realised', of: (row) => shortAmount(row.realised), isGain: true },
      { name: 'difference', of: (row) => shortAmount(Number(row.realised) - Number(row.expected)), isGain: true },
      { name: 'a trade', of: (row) => shortAmount(Number(row.realised) / row.trades) },
      { name: 'in', of: (row) => row.profitAsset, isText: true },
      { name: 'median ms', of: (row) => row.medianMs.toFixed(1) },
    ],
    groups,
  )

const createExchangeTable = ({ exchanges }: PeriodReport): string =>
  createTable(
    'What went through each exchange',
    [
      { name: 'exchange', of: (row) => row.exchange, isText: true },
      { name: 'orders', of: (row) => row.orders },
      { name: 'refused', of: (row) => row.refused },
      { name: 'repairs', of: (row) => row.repairs },
      { name: 'fills', of: (row) => row.fills },
      { name: 'as maker', of: (row) => formatShare(row.makerFills, row.fills) },
      { name: 'volume', of: (row) => listAmounts(row.volumes) },
      { name: 'fees', of: (row) => listAmounts(row.fees) },
    ],
    exchanges,
  )

const createWhyNotTable = ({ whyNot }: PeriodReport): string =>
  `<p class="muted">The first cause for which a change of a quote did not become a trade.</p>${createTable(
    'Causes',
    [
      { name: 'cause', of: (row) => toWords(row.cause), isText: true },
      { name: 'times', of: (row) => row.count.toLocaleString('en-US') },
    ],
    whyNot,
  )}`

const createOpportunityTables = ({ opportunities, missed }: PeriodReport): string =>
  createTable(
    'Sampled opportunities',
    [
      { name: 'strategy', of: (row) => row.strategy, isText: true },
      { name: 'verdict', of: (row) => toWords(row.verdict), isText: true },
      { name: 'seen', of: (row) => row.count },
      { name: 'mean edge, bps', of: (row) => row.meanBps.toFixed(2) },
      { name: 'best edge, bps', of: (row) => row.bestBps.toFixed(2) },
    ],
    opportunities,
  ) +
  (missed.length === 0
    ? ''
    : `<h3>Largest that were not taken</h3>${createTable(
        'Largest opportunities that were not taken',
        [
          { name: 'time, UTC', of: (row) => formatUtc(row.atMs), isText: true },
          { name: 'strategy', of: (row) => row.strategy, isText: true },
          { name: 'symbol', of: (row) => row.symbol, isText: true },
          { name: 'buy', of: (row) => row.buyExchange, isText: true },
          { name: 'sell', of: (row) => row.sellExchange, isText: true },
          { name: 'edge, bps', of: (row) => row.netEdgeBps.toFixed(2) },
          { name: 'expected', of: (row) => `${shortAmount(row.expectedProfit)} ${row.profitAsset}` },
          { name: 'why not', of: (row) => toWords(row.verdict), isText: true },
        ],
        missed,
      )}`)

const createHaltTable = ({ halts }: PeriodReport): string =>
  createTable(
    'Halts',
    [
      { name: 'time, UTC', of: (row) => formatUtc(row.atMs), isText: true },
      { name: 'rule', of: (row) => row.rule, isText: true },
      { name: 'what it said', of: (row) => row.detail, isText: true },
    ],
    halts,
  )

const createHealthTable = ({ health }: PeriodReport): string =>
  `<p class="muted">Of the newest run, counted since its start.</p>${createTable(
    'Health of each exchange',
    [
      { name: 'exchange', of: (row) => row.exchange, isText: true },
      { name: 'books trusted', of: (row) => `${row.booksTrusted} of ${row.booksTotal}` },
      { name: 'frames', of: (row) => row.frames.toLocaleString('en-US') },
      { name: 'gaps', of: (row) => row.gaps },
      { name: 'resynchronised', of: (row) => row.resyncs },
      { name: 'reconnects', of: (row) => row.reconnects },
      { name: 'clock, ms', of: (row) => row.clockOffsetMs ?? '–' },
      { name: 'at, UTC', of: (row) => formatUtc(row.atMs), isText: true },
    ],
    health,
  )}`

const listAmounts = (amounts: readonly AssetAmount[]): string =>
  amounts.length === 0 ? '–' : amounts.map(({ asset, amount }) => `${shortAmount(amount)} ${asset}`).join(', ')
