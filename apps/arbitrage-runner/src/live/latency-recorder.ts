import { LatencyHistogram } from './latency-histogram.js'
import type { LatencyKind, LatencyStatus } from './live-model.js'

interface Measured {
  readonly kind: LatencyKind
  readonly exchange: string | undefined
  readonly histogram: LatencyHistogram
}

/** Measured times of the engine by kind and exchange, since the start. */
export class LatencyRecorder {
  private readonly measured: Measured[] = []

  /** The histogram of one kind, the same one at every call: look it up once, outside of hot paths. */
  histogram(kind: LatencyKind, exchange?: string): LatencyHistogram {
    const known = this.measured.find((one) => one.kind === kind && one.exchange === exchange)
    if (known !== undefined) return known.histogram
    const histogram = new LatencyHistogram()
    this.measured.push({ kind, exchange, histogram })
    return histogram
  }

  snapshot(): readonly LatencyStatus[] {
    return this.measured.map(({ kind, exchange, histogram }) => ({
      kind,
      exchange,
      count: histogram.count,
      p50Us: histogram.quantileUs(0.5),
      p95Us: histogram.quantileUs(0.95),
      p99Us: histogram.quantileUs(0.99),
      maxUs: histogram.maxUs,
      buckets: histogram.buckets(),
    }))
  }

  /** Every histogram with what it measures. */
  all(): readonly Measured[] {
    return this.measured
  }
}
