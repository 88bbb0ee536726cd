import { formatCause, formatCount } from '../model/format.js'
import { Panel } from './panel.js'
import { useSection } from './services.js'

const shownCauses = 10

/** Why the other changes of the market did not become trades: the first cause of each, counted. */
export function WhyNotPanel() {
  const opportunities = useSection('opportunities')
  const causes = Object.entries(opportunities?.refusals ?? {})
    .filter(([, times]) => times > 0)
    .toSorted(([, a], [, b]) => b - a)
  const most = causes[0]?.[1] ?? 1
  return (
    <Panel
      id="why-not"
      title="Why not"
      className="why-not"
      aside={<span class="hint">{formatCount(opportunities?.evaluations ?? 0)} evaluated</span>}
    >
      <ul class="bars">
        {causes.slice(0, shownCauses).map(([cause, times]) => (
          <li key={cause}>
            <span class="name">{formatCause(cause)}</span>
            <span class="count">{formatCount(times)}</span>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="fill" width={Math.max(0.5, (Math.log1p(times) / Math.log1p(most)) * 100)} height="4" />
            </svg>
          </li>
        ))}
        {causes.length === 0 && <li class="empty">Nothing was refused yet.</li>}
      </ul>
    </Panel>
  )
}
