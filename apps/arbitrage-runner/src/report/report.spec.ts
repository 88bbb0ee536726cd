import { describe, expect, it } from 'vitest'
import type { RunReport } from '../backtest/run-report.js'
import type { TradeRow } from './trade-row.js'
import { createChart } from './chart.js'
import { createReport } from './create-report.js'
import { createSweepCsv, createTradesCsv } from './create-csv.js'
import { createTable } from './create-table.js'
import { createLinearScale, createLogScale } from './scale.js'

const trade = (index: number, realised: string): TradeRow => ({
  startedAtMs: 1_000_000 + index * 1_000,
  durationMs: 50,
  correlationId: `trade-${index}`,
  strategy: 'spot-spot',
  symbol: 'B/Q',
  end: 'completed',
  route: 'a → b',
  quantity: '1',
  notional: '100',
  expected: '0.5',
  realised,
  profitAsset: 'Q',
  attribution: { latency: '-0.1', unwind: '0' },
})

const nothing: RunReport = {
  format: 2,
  title: '<b>A run</b>',
  notes: ['"quoted" & more'],
  startMs: 1_000_000,
  latencyMs: 0,
  result: {
    decisionHash: 'ab12',
    durationMs: 60_000,
    events: 0,
    bookUpdates: 0,
    topChanges: 0,
    opportunities: 0,
    proposals: 0,
    approvals: 0,
    trades: {},
    profits: [],
    whyNot: {},
    halts: [],
  },
  trades: [],
  spells: [],
  histogram: [],
  venues: [],
}

describe('a report', () => {
  it('stands also where nothing happened, and takes no text for HTML', () => {
    const html = createReport(nothing)
    expect(html).toContain('&lt;b&gt;A run&lt;/b&gt;')
    expect(html).toContain('&quot;quoted&quot; &amp; more')
    expect(html).not.toContain('<svg')
    expect(html.match(/Nothing to show\./g)!.length).toBeGreaterThan(5)
  })

  it('draws every chart, describes it in words, and needs nothing from elsewhere', () => {
    const spell = { symbol: 'B/Q', buy: 'a', sell: 'b', startMs: 1, maxNetEdgeBps: 5 }
    const html = createReport({
      ...nothing,
      trades: Array.from({ length: 250 }, (_, index) => trade(index, index % 2 === 0 ? '0.4' : '-0.2')),
      spells: [1, 20, 3_000].map((ms) => ({ ...spell, durationUs: ms * 1_000 })),
      histogram: [
        [-2, 10],
        [3, 4],
      ],
      latencyMs: 25,
      venues: [
        { exchange: 'a', frames: 9, corruptFrames: 0, applied: 9, gaps: 1, resyncs: 1, quarantines: 0, reconnects: 2 },
      ],
      sweep: [
        {
          parameters: { x: '1' },
          trades: 1,
          completed: 1,
          realised: -1,
          expected: 1,
          maxDrawdown: 1,
          decisionHash: 'c',
        },
        {
          parameters: { x: '2' },
          trades: 0,
          completed: 0,
          realised: 0,
          expected: 0,
          maxDrawdown: 0,
          decisionHash: '',
          problem: 'wrong',
        },
      ],
    })
    expect(html.match(/<svg[^>]*role="img" aria-label="[^"]{20,}"/g)).toHaveLength(5)
    expect(html).toContain('our latency, 25 ms')
    expect(html).toContain('Trades (first 200 of 250; trades.csv has all)')
    expect(html).toContain('class="loss"')
    expect(html).toContain('class="gain"')
    expect(html).not.toMatch(/<script|<link|src=|url\(|https?:\/\//)
    expect(html).not.toContain('NaN')
  })

  it('gives its numbers as CSV', () => {
    expect(createTradesCsv([])).toBe(
      'started_at_ms,duration_ms,correlation_id,strategy,symbol,end,route,quantity,notional,expected,realised,profit_asset\n',
    )
    expect(createTradesCsv([trade(0, '1')]).split('\n')[0]).toMatch(/profit_asset,latency,unwind$/)
    expect(createSweepCsv([])).toContain('trades,completed')
  })
})

describe('a scale', () => {
  it('holds every value between its first and last tick', () => {
    for (const values of [[0, 0], [-3, 8], [0.001, 0.0015], [5], [], [1_000_000, -2]]) {
      const { ticks, at } = createLinearScale(values, 0, 100)
      expect(ticks.length).toBeGreaterThan(1)
      for (const value of values) {
        expect(at(value)).toBeGreaterThanOrEqual(-1e-6)
        expect(at(value)).toBeLessThanOrEqual(100 + 1e-6)
      }
    }
  })

  it('has a tick for each power of ten', () => {
    const { ticks, at } = createLogScale([0.5, 200], 0, 4)
    expect(ticks).toEqual([0.1, 1, 10, 100, 1_000])
    expect(at(1)).toBeCloseTo(1)
    expect(at(0)).toBe(0)
    expect(createLogScale([], 0, 1).ticks).toEqual([1, 10])
  })
})

describe('parts of a report', () => {
  it('draws lines and leaves out a diagonal that would not be seen', () => {
    const chart = createChart({
      title: 'Lines',
      description: 'Two lines.',
      xLabel: 'x',
      yLabel: 'y',
      diagonal: true,
      series: [
        {
          name: 'up',
          tone: 'first',
          shape: 'line',
          points: [
            [100, 1],
            [200, 2],
          ],
        },
        {
          name: 'down',
          tone: 'second',
          shape: 'line',
          points: [
            [100, 2],
            [200, 1],
          ],
        },
      ],
    })
    expect(chart).toMatch(/class="line first" d="M[\d.]+ [\d.]+L/)
    expect(chart).not.toContain('guide')
    expect(chart).toContain('class="legend"')
  })

  it('says so where a table has no rows', () => {
    expect(createTable('Empty', [{ name: 'a', of: () => 1 }], [])).toContain('Nothing to show.')
  })
})
