import { msPerSecond } from '@cex-arbitrage/common'
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { LatencyRecorder } from '../live/latency-recorder.js'
import type { LatencyKind, LiveModel } from '../live/live-model.js'
import { formatLatency } from './latency-text.js'
import { metricCatalogue, type MetricDescription } from './metric-catalogue.js'

const latencyMetrics: Readonly<Record<LatencyKind, MetricDescription>> = {
  decision: metricCatalogue.decisionLatency,
  acknowledgement: metricCatalogue.acknowledgementLatency,
  trade: metricCatalogue.tradeDuration,
}

type Labels = Readonly<Record<string, string>>

/** The engine's metrics for Prometheus, filled from the live model at each scrape and at no other time. */
export class EngineMetrics {
  private readonly registry = new Registry()
  private readonly metrics = new Map<string, Counter | Gauge>()

  constructor(
    private readonly model: () => LiveModel,
    private readonly latencies: LatencyRecorder,
  ) {
    for (const { type, name, help, labels } of Object.values<MetricDescription>(metricCatalogue)) {
      if (type === 'histogram') continue
      const Metric = type === 'counter' ? Counter : Gauge
      this.metrics.set(name, new Metric({ name, help, labelNames: [...labels], registers: [this.registry] }))
    }
    collectDefaultMetrics({ register: this.registry })
  }

  get contentType(): string {
    return this.registry.contentType
  }

  /** The exposition text. */
  async collect(): Promise<string> {
    for (const metric of this.metrics.values()) metric.reset()
    this.fill(this.model())
    const times = (Object.keys(latencyMetrics) as LatencyKind[]).map((kind) =>
      formatLatency(latencyMetrics[kind], kind, this.latencies),
    )
    return [(await this.registry.metrics()).trimEnd(), ...times].join('\n\n').concat('\n')
  }

  private fill(model: LiveModel): void {
    const { counters, exposure } = model
    this.set(metricCatalogue.up, model.state === 'trading' || model.state === 'halted' ? 1 : 0)
    for (const { rule } of model.halts) this.set(metricCatalogue.halted, 1, { rule })
    this.set(metricCatalogue.bookUpdates, counters.bookUpdates)
    this.set(metricCatalogue.topChanges, counters.topChanges)
    this.set(metricCatalogue.crossings, counters.crossings)
    this.set(metricCatalogue.proposals, counters.proposals)
    this.set(metricCatalogue.approvals, counters.approvals)
    this.setEach(metricCatalogue.refusals, 'cause', model.opportunities.refusals)
    this.setEach(metricCatalogue.trades, 'end', model.trades.byEnd)
    this.set(metricCatalogue.openTrades, counters.openTrades)
    for (const { asset, expected, realised } of model.trades.profit) {
      this.set(metricCatalogue.profit, Number(expected), { asset, kind: 'expected' })
      this.set(metricCatalogue.profit, Number(realised), { asset, kind: 'realised' })
    }
    this.set(metricCatalogue.realisedToday, Number(exposure.realisedToday))
    this.set(metricCatalogue.equity, Number(exposure.total))
    this.set(metricCatalogue.failures, exposure.consecutiveFailures)
    this.set(metricCatalogue.unknownOrders, exposure.unknownOrders)
    for (const { asset, net } of exposure.byAsset) this.set(metricCatalogue.netPosition, Number(net), { asset })
    for (const { exchange, asset, total } of model.balances)
      this.set(metricCatalogue.balance, Number(total), { exchange, asset })
    for (const row of model.exchanges) this.fillExchange(row)
  }

  private fillExchange(row: LiveModel['exchanges'][number]): void {
    const { exchange } = row
    this.set(metricCatalogue.connected, row.marketDataConnected ? 1 : 0, { exchange, stream: 'market_data' })
    this.set(metricCatalogue.connected, row.accountConnected ? 1 : 0, { exchange, stream: 'account' })
    this.set(metricCatalogue.books, row.booksTotal, { exchange, state: 'watched' })
    this.set(metricCatalogue.books, row.booksTrusted, { exchange, state: 'trusted' })
    this.set(metricCatalogue.frames, row.frames, { exchange })
    this.set(metricCatalogue.gaps, row.gaps, { exchange })
    this.set(metricCatalogue.resyncs, row.resyncs, { exchange })
    this.set(metricCatalogue.reconnects, row.reconnects, { exchange })
    this.set(metricCatalogue.openOrders, row.openOrders, { exchange })
    if (row.clockOffsetMs !== undefined)
      this.set(metricCatalogue.clockOffset, row.clockOffsetMs / msPerSecond, { exchange })
  }

  private setEach(description: MetricDescription, label: string, values: Readonly<Record<string, number>>): void {
    for (const [key, value] of Object.entries(values)) this.set(description, value, { [label]: key })
  }

  private set({ name }: MetricDescription, value: number, labels: Labels = {}): void {
    const metric = this.metrics.get(name)!
    if (metric instanceof Counter) metric.inc(labels, value)
    else metric.set(labels, value)
  }
}
