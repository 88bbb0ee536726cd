import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { LatencyRecorder } from '../live/latency-recorder.js'
import type { LiveModel } from '../live/live-model.js'
import { sampleModel } from '../testing/sample-model.js'
import { EngineMetrics } from './engine-metrics.js'
import { metricCatalogue, type MetricDescription } from './metric-catalogue.js'

const textOf = (path: string): string => readFileSync(resolve(import.meta.dirname, '../../../..', path), 'utf8')
const descriptions: readonly MetricDescription[] = Object.values(metricCatalogue)
const mentioned = (text: string): string[] =>
  [...new Set(text.match(/cex_arbitrage_\w+/g))].map((name) => name.replace(/_bucket$/, '')).toSorted()

describe('EngineMetrics', () => {
  it('tells the model as it is at each scrape', async () => {
    const latencies = new LatencyRecorder()
    let model: LiveModel = { ...sampleModel, halts: [{ rule: 'api', detail: 'stop' }] }
    const metrics = new EngineMetrics(() => model, latencies)
    const first = await metrics.collect()
    for (const line of [
      'cex_arbitrage_engine_up 1',
      'cex_arbitrage_halted{rule="api"} 1',
      'cex_arbitrage_book_updates_total 200',
      'cex_arbitrage_refusals_total{cause="no_edge"} 7',
      'cex_arbitrage_trades_total{end="completed"} 2',
      'cex_arbitrage_profit{asset="USDT",kind="realised"} 0.9',
      'cex_arbitrage_exchange_connected{exchange="mexc",stream="account"} 0',
      'cex_arbitrage_clock_offset_seconds{exchange="mexc"} 0.25',
      'cex_arbitrage_balance{exchange="mexc",asset="USDT"} 100',
    ])
      expect(first.split('\n')).toContain(line)
    expect(first).not.toContain('clock_offset_seconds{exchange="gateio"}')
    model = { ...sampleModel, state: 'stopping', counters: { ...sampleModel.counters, bookUpdates: 300 } }
    const second = (await metrics.collect()).split('\n')
    expect(second).toContain('cex_arbitrage_book_updates_total 300')
    expect(second).toContain('cex_arbitrage_engine_up 0')
    expect(second.filter((line) => line.startsWith('cex_arbitrage_halted{'))).toEqual([])
  })

  it('tells measured times as cumulative buckets in seconds', async () => {
    const latencies = new LatencyRecorder()
    const histogram = latencies.histogram('acknowledgement', 'mexc')
    for (const us of [60, 900, 20_000_000]) histogram.observe(us)
    latencies.histogram('trade').observe(1_000)
    const lines = (await new EngineMetrics(() => sampleModel, latencies).collect()).split('\n')
    for (const line of [
      'cex_arbitrage_acknowledgement_seconds_bucket{exchange="mexc",le="0.00005"} 0',
      'cex_arbitrage_acknowledgement_seconds_bucket{exchange="mexc",le="0.001"} 2',
      'cex_arbitrage_acknowledgement_seconds_bucket{exchange="mexc",le="10"} 2',
      'cex_arbitrage_acknowledgement_seconds_bucket{exchange="mexc",le="+Inf"} 3',
      'cex_arbitrage_acknowledgement_seconds_count{exchange="mexc"} 3',
      'cex_arbitrage_trade_seconds_sum 0.001',
      '# TYPE cex_arbitrage_trade_seconds histogram',
    ])
      expect(lines).toContain(line)
  })

  it('exports every name of the catalogue and no other of ours', async () => {
    const text = await new EngineMetrics(() => sampleModel, new LatencyRecorder()).collect()
    const types = [...text.matchAll(/^# TYPE (cex_arbitrage_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`)
    expect(types.toSorted()).toEqual(descriptions.map(({ name, type }) => `${name} ${type}`).toSorted())
  })
})

describe('what is written against the names', () => {
  it('documents every one with its type, labels and meaning', () => {
    const rows = textOf('docs/metrics.md')
      .split('\n')
      .filter((line) => line.startsWith('| `cex_arbitrage_'))
      .map((line) =>
        line
          .split('|')
          .slice(1, 5)
          .map((cell) => cell.trim()),
      )
    expect(rows).toEqual(
      descriptions.map(({ name, type, labels, help }) => [
        `\`${name}\``,
        type,
        labels.map((label) => `\`${label}\``).join(', ') || '–',
        help,
      ]),
    )
  })

  it.each(['deploy/grafana/cex-arbitrage.json', 'deploy/prometheus/alerts.yml'])(
    'names only what exists in %s',
    (path) => {
      const names = new Set(descriptions.map(({ name }) => name))
      const used = mentioned(textOf(path))
      expect(used.length).toBeGreaterThan(5)
      expect(used.filter((name) => !names.has(name))).toEqual([])
    },
  )

  it('shows every metric on the dashboard, and explains every alert', () => {
    expect(mentioned(textOf('deploy/grafana/cex-arbitrage.json'))).toEqual(
      descriptions.map(({ name }) => name).toSorted(),
    )
    const { groups } = parse(textOf('deploy/prometheus/alerts.yml')) as {
      groups: { rules: { alert: string; expr: string; for: string; labels: { severity: string } }[] }[]
    }
    for (const rule of groups.flatMap(({ rules }) => rules)) {
      expect(textOf('docs/metrics.md')).toContain(`| \`${rule.alert}\``)
      expect(rule).toMatchObject({
        expr: expect.any(String),
        labels: { severity: expect.stringMatching(/critical|warning/) },
      })
    }
  })
})
