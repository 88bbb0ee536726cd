import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { formatAmount, formatCount, formatSigned, signOf } from '../model/format.js'
import { useSection, useServices } from './services.js'

/** The figures that matter most, in a row. */
export function Summary() {
  const trades = useSection('trades')
  const counters = useSection('counters')
  const exposure = useSection('exposure')
  const reportingAsset = useSection('reportingAsset') ?? ''
  const profit = trades?.profit ?? []
  const ended = Object.values(trades?.byEnd ?? {}).reduce((sum, times) => sum + times, 0)
  const completed = trades?.byEnd['completed'] ?? 0
  return (
    <dl class="summary" aria-label="Summary">
      {profit.length === 0 ? (
        <Figure name="Realised profit" value="–" note="no trade yet" />
      ) : (
        profit.map(({ asset, expected, realised }) => (
          <Figure
            key={asset}
            name="Realised profit"
            tone={signOf(realised)}
            value={
              <>
                {formatSigned(realised, 4)} <small>{asset}</small>
              </>
            }
            note={`expected ${formatSigned(expected, 4)}`}
          />
        ))
      )}
      <Figure
        name="Trades"
        value={<span data-testid="trade-count">{formatCount(ended)}</span>}
        note={`${formatCount(completed)} completed, ${counters?.openTrades ?? 0} under way`}
      />
      <Figure
        name="Worth"
        value={
          <>
            {formatAmount(exposure?.total ?? '0', 0)} <small>{reportingAsset}</small>
          </>
        }
        note={`today ${formatSigned(exposure?.realisedToday ?? '0', 2)}`}
      />
      <Figure
        name="Opportunities"
        value={formatCount(counters?.crossings ?? 0)}
        note={`${formatCount(counters?.proposals ?? 0)} plans, ${formatCount(counters?.approvals ?? 0)} approved`}
      />
      <UpdateRate />
    </dl>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: ComponentChildren
  readonly note: string
  readonly tone?: -1 | 0 | 1
}

function Figure({ name, value, note, tone = 0 }: FigureProps) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class={toneClass(tone)}>{value}</dd>
      <dd class="note">{note}</dd>
    </div>
  )
}

/** Book updates per second, over the last second. */
function UpdateRate() {
  const { store } = useServices()
  const [rate, setRate] = useState<number | undefined>(undefined)
  useEffect(() => {
    let before = store.state.model?.counters.bookUpdates
    const timer = window.setInterval(() => {
      const now = store.state.model?.counters.bookUpdates
      if (now !== undefined && before !== undefined) setRate(Math.max(0, now - before))
      before = now
    }, 1_000)
    return () => window.clearInterval(timer)
  }, [store])
  const total = useSection('counters')?.bookUpdates ?? 0
  return (
    <Figure
      name="Book updates"
      value={
        <>
          {rate === undefined ? '–' : formatCount(rate)} <small>/s</small>
        </>
      }
      note={`${formatCount(total)} since the start`}
    />
  )
}

export const toneClass = (tone: -1 | 0 | 1): string => (tone > 0 ? 'gain' : tone < 0 ? 'loss' : '')
