import type { RunReport, SweepRow } from '../backtest/run-report.js'
import { createCharts } from './create-charts.js'
import { createTable } from './create-table.js'
import { createDocument, type DocumentParts } from './document.js'
import { formatUtc, shortAmount } from './format.js'
import { TradeDigest } from './trade-digest.js'
import { createTradeTable, tradeTableHeading } from './trade-table.js'

const msPerMinute = 60_000

/** A recorded run or a backtest as one HTML document. */
export function createReport(report: RunReport): string {
  const { title, notes, startMs, result } = report
  const trades = TradeDigest.of(report.trades)
  return createDocument({
    title,
    subtitle: `From ${formatUtc(startMs)} UTC, ${(result.durationMs / msPerMinute).toFixed(1)} minutes. Decisions <code>${result.decisionHash}</code>`,
    notes,
    numbers: createNumbers(report),
    charts: createCharts(report, trades),
    sections: createSections(report, trades),
  })
}

function createNumbers({ result, trades, spells }: RunReport): DocumentParts['numbers'] {
  const unwound = (result.trades['unwound'] ?? 0) + (result.trades['hedged'] ?? 0)
  const lasting = spells.map(({ durationUs }) => durationUs).toSorted((a, b) => a - b)
  const median = lasting[lasting.length >> 1]
  return [
    ...result.profits.flatMap(({ asset, realised, expected }): (readonly [string, string])[] => [
      [`realised, ${asset}`, shortAmount(realised)],
      [`expected, ${asset}`, shortAmount(expected)],
    ]),
    ['trades', String(trades.length)],
    ['completed', String(result.trades['completed'] ?? 0)],
    ['unwound or hedged', String(unwound)],
    ['opportunities', String(spells.length)],
    ['median life of one', median === undefined ? '–' : `${(median / 1_000).toFixed(0)} ms`],
    ['changes of a quote', result.topChanges.toLocaleString('en-US')],
  ]
}

function createSections(
  { result, venues, crossings, sweep }: RunReport,
  trades: TradeDigest,
): DocumentParts['sections'] {
  const refusals = Object.entries(result.whyNot).toSorted(([, a], [, b]) => b - a)
  return [
    [
      'Exchanges',
      createTable(
        'Health of each exchange',
        [
          { name: 'exchange', of: (row) => row.exchange, isText: true },
          { name: 'frames', of: (row) => row.frames },
          { name: 'applied to books', of: (row) => row.applied },
          { name: 'unreadable', of: (row) => row.corruptFrames },
          { name: 'gaps', of: (row) => row.gaps },
          { name: 'resynchronised', of: (row) => row.resyncs },
          { name: 'quarantined', of: (row) => row.quarantines },
          { name: 'reconnects', of: (row) => row.reconnects },
        ],
        venues,
      ),
    ],
    [
      'Why not',
      `<p class="muted">The first cause for which a change of a quote did not become a trade.</p>${createTable(
        'Causes',
        [
          { name: 'cause', of: ([cause]) => cause, isText: true },
          { name: 'times', of: ([, count]) => count },
        ],
        refusals,
      )}`,
    ],
    ...(crossings === undefined ? [] : [['Crossed quotes', createCrossings(crossings)] as const]),
    ...(sweep === undefined ? [] : [[`Parameter sets (${sweep.length})`, createSweepTable(sweep)] as const]),
    [tradeTableHeading(trades), createTradeTable(trades.shown)],
  ]
}

const createCrossings = ({ rows, directions }: NonNullable<RunReport['crossings']>): string =>
  `<p class="muted">Of ${rows} timestamps at which every capture had quoted; the same counts as <code>arb scan</code>.</p>${createTable(
    'Crossed quotes',
    [
      { name: 'buy', of: (row) => row.buy, isText: true },
      { name: 'sell', of: (row) => row.sell, isText: true },
      { name: 'crossed', of: (row) => row.rowsGrossPositive },
      { name: 'crossed after fees', of: (row) => row.rowsNetPositive },
    ],
    directions,
  )}`

function createSweepTable(sweep: readonly SweepRow[]): string {
  const paths = Object.keys(sweep[0]?.parameters ?? {})
  return createTable<SweepRow>(
    'Parameter sets, best first',
    [
      ...paths.map((path) => ({ name: path, of: (row: SweepRow) => row.parameters[path] ?? '', isText: true })),
      { name: 'realised', of: (row) => (row.problem === undefined ? row.realised.toFixed(4) : '–'), isGain: true },
      { name: 'expected', of: (row) => (row.problem === undefined ? row.expected.toFixed(4) : '–') },
      { name: 'largest fall', of: (row) => row.maxDrawdown.toFixed(4) },
      { name: 'trades', of: (row) => row.trades },
      { name: 'completed', of: (row) => row.completed },
      { name: 'problem', of: (row) => row.problem ?? '', isText: true },
    ],
    sweep.toSorted((a, b) => b.realised - a.realised),
  )
}
