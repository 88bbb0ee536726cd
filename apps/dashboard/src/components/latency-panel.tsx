import type { LatencyStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { formatCount, formatMicroseconds } from '../model/format.js'
import { Panel } from './panel.js'
import { useSection } from './services.js'

const none: readonly LatencyStatus[] = []
const titles = {
  decision: 'Frame to plan',
  acknowledgement: 'Order to acknowledgement',
  trade: 'Decision to the end of the trade',
} as const

/** Measured times as histograms on a logarithmic axis. */
export function LatencyPanel() {
  const latency = (useSection('latency') ?? none).filter(({ count }) => count > 0)
  return (
    <Panel id="latency" title="Latency" className="latency">
      <div class="histograms">
        {latency.map((one) => (
          <Histogram key={`${one.kind} ${one.exchange ?? ''}`} latency={one} />
        ))}
        {latency.length === 0 && <p class="empty">Nothing was measured yet.</p>}
      </div>
    </Panel>
  )
}

function Histogram({ latency }: { readonly latency: LatencyStatus }) {
  const { kind, exchange, count, p50Us, p95Us, p99Us, maxUs, buckets } = latency
  const most = Math.max(...buckets.map(([, times]) => times))
  const title = exchange === undefined ? titles[kind] : `${titles[kind]}, ${exchange}`
  const text = `${title}: half within ${formatMicroseconds(p50Us)}, 99 % within ${formatMicroseconds(p99Us)}`
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong> <span class="hint">{formatCount(count)} times</span>
      </figcaption>
      <svg
        class="histogram"
        viewBox={`0 0 ${buckets.length * 10} 40`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text}
      >
        {buckets.map(([upToUs, times], index) => {
          const height = times === 0 ? 0.5 : Math.max(1.5, (times / most) * 38)
          return (
            <rect key={upToUs ?? 'more'} class="fill" x={index * 10 + 1} y={40 - height} width="8" height={height}>
              <title>
                {upToUs === undefined ? 'longer' : `up to ${formatMicroseconds(upToUs)}`}: {times}
              </title>
            </rect>
          )
        })}
      </svg>
      <p class="axis" aria-hidden="true">
        <span>50 µs</span>
        <span>1 ms</span>
        <span>50 ms</span>
        <span>10 s</span>
      </p>
      <p class="quantiles">
        50 % {formatMicroseconds(p50Us)} · 95 % {formatMicroseconds(p95Us)} · 99 % {formatMicroseconds(p99Us)} · most{' '}
        {formatMicroseconds(maxUs)}
      </p>
    </figure>
  )
}
