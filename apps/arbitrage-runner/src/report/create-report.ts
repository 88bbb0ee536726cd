import type { RunReport, SweepRow } from '../backtest/run-report.js'
import { createCharts } from './create-charts.js'
import { createTable } from './create-table.js'
import { escapeHtml } from './escape-html.js'
import { styleSheet } from './style-sheet.js'

const shownTrades = 200
const msPerMinute = 60_000

/** A report as one HTML document that needs nothing else: no script, no font, no network. */
export function createReport(report: RunReport): string {
  const { title, notes, startMs, result } = report
  const from = new Date(startMs).toISOString().replace('T', ' ').slice(0, 19)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styleSheet}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="muted">From ${from} UTC, ${(result.durationMs / msPerMinute).toFixed(1)} minutes. Decisions <code>${result.decisionHash}</code></p>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>
${createNumbers(report)}
<h2>Charts</h2>
<div class="charts">
${createCharts(report)}
</div>
${createSections(report)}
</main>
</body>
</html>
`
}

function createNumbers({ result, trades, spells }: RunReport): string {
  const unwound = (result.trades['unwound'] ?? 0) + (result.trades['hedged'] ?? 0)
  const lasting = spells.map(({ durationUs }) => durationUs).toSorted((a, b) => a - b)
  const median = lasting[lasting.length >> 1]
  const numbers: readonly (readonly [string, string])[] = [
    ...result.profits.flatMap(({ asset, realised, expected }): (readonly [string, string])[] => [
      [`realised, ${asset}`, short(realised)],
      [`expected, ${asset}`, short(expected)],
    ]),
    ['trades', String(trades.length)],
    ['completed', String(result.trades['completed'] ?? 0)],
    ['unwound or hedged', String(unwound)],
    ['opportunities', String(spells.length)],
    ['median life of one', median === undefined ? '–' : `${(median / 1_000).toFixed(0)} ms`],
    ['changes of a quote', result.topChanges.toLocaleString('en-US')],
  ]
  return `<dl class="numbers">${numbers.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl>`
}

function createSections(report: RunReport): string {
  const { result, venues, crossings, sweep, trades } = report
  const refusals = Object.entries(result.whyNot).toSorted(([, a], [, b]) => b - a)
  const sections: (readonly [string, string])[] = [
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
  ]
  if (crossings !== undefined)
    sections.push([
      'Crossed quotes',
      `<p class="muted">Of ${crossings.rows} timestamps at which every capture had quoted; the same counts as <code>arb scan</code>.</p>${createTable(
        'Crossed quotes',
        [
          { name: 'buy', of: (row) => row.buy, isText: true },
          { name: 'sell', of: (row) => row.sell, isText: true },
          { name: 'crossed', of: (row) => row.rowsGrossPositive },
          { name: 'crossed after fees', of: (row) => row.rowsNetPositive },
        ],
        crossings.directions,
      )}`,
    ])
  if (sweep !== undefined) sections.push([`Parameter sets (${sweep.length})`, createSweepTable(sweep)])
  sections.push([
    trades.length > shownTrades ? `Trades (first ${shownTrades} of ${trades.length})` : 'Trades',
    createTradeTable(report),
  ])
  return sections.map(([name, body]) => `<section><h2>${escapeHtml(name)}</h2>${body}</section>`).join('\n')
}

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

function createTradeTable({ trades }: RunReport): string {
  return createTable(
    'Trades',
    [
      { name: 'time, UTC', of: (row) => new Date(row.startedAtMs).toISOString().slice(11, 23), isText: true },
      { name: 'symbol', of: (row) => row.symbol, isText: true },
      { name: 'route', of: (row) => row.route, isText: true },
      { name: 'quantity', of: (row) => row.quantity },
      { name: 'notional', of: (row) => short(row.notional) },
      { name: 'expected', of: (row) => short(row.expected) },
      { name: 'realised', of: (row) => short(row.realised), isGain: true },
      { name: 'end', of: (row) => row.end, isText: true },
      { name: 'ms', of: (row) => row.durationMs.toFixed(1) },
    ],
    trades.slice(0, shownTrades),
  )
}

const short = (amount: string): string => Number(Number(amount).toFixed(6)).toString()
