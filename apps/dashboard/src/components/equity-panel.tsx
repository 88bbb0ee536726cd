import { useMemo, useState } from 'preact/hooks'
import { LineChart, type LinePoint } from '../charts/line-chart.js'
import { formatAmount, formatSigned } from '../model/format.js'
import { Panel } from './panel.js'
import { useLive, useSection } from './services.js'

/** What trading has brought over time, or the worth of everything with the market's own movement in it. */
export function EquityPanel() {
  const points = useLive((state) => state.equity)
  const reportingAsset = useSection('reportingAsset') ?? ''
  const [shown, setShown] = useState<'traded' | 'worth'>('traded')
  const line = useMemo(() => points.map((point): LinePoint => [point.atMs, point[shown]]), [points, shown])
  const last = points.at(-1)
  const text =
    last === undefined
      ? 'No equity yet'
      : `Equity ${formatAmount(last[shown], 2)} ${reportingAsset}, realised ${formatSigned(last.realised, 4)}`
  const choice = (
    <div class="choice" role="group" aria-label="Equity shown">
      <button type="button" aria-pressed={shown === 'traded'} onClick={() => setShown('traded')}>
        Trading
      </button>
      <button type="button" aria-pressed={shown === 'worth'} onClick={() => setShown('worth')}>
        Market worth
      </button>
    </div>
  )
  return (
    <Panel id="equity" title="Equity" className="equity" aside={choice}>
      <LineChart points={line} label={text} unit={reportingAsset} />
    </Panel>
  )
}
