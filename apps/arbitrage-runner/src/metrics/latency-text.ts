import { msPerSecond, usPerMs } from '@cex-arbitrage/common'
import type { LatencyRecorder } from '../live/latency-recorder.js'
import type { LatencyKind } from '../live/live-model.js'
import type { MetricDescription } from './metric-catalogue.js'

const usPerSecond = usPerMs * msPerSecond

/** The measured times of one kind in the exposition format, buckets cumulative and in seconds. */
export function formatLatency(
  { name, help }: MetricDescription,
  kind: LatencyKind,
  latencies: LatencyRecorder,
): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`]
  for (const { exchange, histogram } of latencies.all().filter((one) => one.kind === kind)) {
    const label = exchange === undefined ? '' : `exchange="${exchange}"`
    const braced = label === '' ? '' : `{${label}}`
    let seen = 0
    for (const [upToUs, count] of histogram.buckets()) {
      seen += count
      const bound = upToUs === undefined ? '+Inf' : String(upToUs / usPerSecond)
      lines.push(`${name}_bucket{${[label, `le="${bound}"`].filter(Boolean).join(',')}} ${seen}`)
    }
    lines.push(`${name}_sum${braced} ${histogram.sumUs / usPerSecond}`, `${name}_count${braced} ${histogram.count}`)
  }
  return lines.join('\n')
}
