import type { EdgeStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { formatBps, signOf } from '../model/format.js'
import { Panel } from './panel.js'
import { useSection } from './services.js'
import { toneClass } from './summary.js'

/** Edge at which a bar is full, basis points. */
const fullBps = 40
const noEdges: readonly EdgeStatus[] = []

/** Of every symbol the best way across exchanges right now, paying or not. */
export function EdgesPanel() {
  const edges = useSection('edges') ?? noEdges
  const sorted = edges.toSorted((a, b) => a.symbol.localeCompare(b.symbol))
  return (
    <Panel
      id="edges"
      title="Opportunities now"
      className="edges"
      aside={<span class="hint">best quotes, after fees</span>}
    >
      <table>
        <caption class="unseen">Best net edge of every symbol</caption>
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <th scope="col">Buy → sell</th>
            <th scope="col" class="number">
              Net edge
            </th>
            <td class="bar-cell" />
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ symbol, buyAt, sellAt, netEdgeBps }) => (
            <tr key={symbol}>
              <th scope="row">{symbol}</th>
              <td>
                {buyAt} → {sellAt}
              </td>
              <td class={`number ${toneClass(signOf(netEdgeBps))}`}>{formatBps(netEdgeBps)}</td>
              <td class="bar-cell">
                <EdgeBar bps={netEdgeBps} />
              </td>
            </tr>
          ))}
          {edges.length === 0 && (
            <tr>
              <td colSpan={4} class="empty">
                Waiting for two exchanges that quote.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Panel>
  )
}

/** Zero is in the middle. */
function EdgeBar({ bps }: { readonly bps: number }) {
  const share = Math.min(1, Math.abs(bps) / fullBps) / 2
  return (
    <svg class="edge-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="3" width="100" height="2" />
      <rect class={bps > 0 ? 'up' : 'down'} x={bps > 0 ? 50 : 50 - share * 100} y="1" width={share * 100} height="6" />
      <rect class="zero" x="49.5" y="0" width="1" height="8" />
    </svg>
  )
}
