import { useMemo, useRef, useState } from 'preact/hooks'
import { LineChart } from '../../charts/line-chart.js'
import { formatAmount } from '../../model/format.js'
import { equityLine, fromMsOf, periods, rangeOfDay, scopesOf } from '../../model/history-scope.js'
import { Panel } from '../panel.js'
import { useServices } from '../services.js'
import { Choice } from './choice.js'
import { HistoryDays } from './history-days.js'
import { HistoryTrades } from './history-trades.js'
import { useHistory } from './use-history.js'
import { useSeen } from './use-seen.js'

const maxPoints = 600

/** What was traded before: day by day, equity over runs, and every trade with all that belongs to it. */
export function HistoryPanel() {
  const { now } = useServices()
  const place = useRef<HTMLDivElement>(null)
  const isSeen = useSeen(place)
  const [scope, setScope] = useState('this')
  const [days, setDays] = useState(7)
  const [day, setDay] = useState<string | undefined>(undefined)
  const [turn, setTurn] = useState(0)
  const key = isSeen ? JSON.stringify([scope, days, turn]) : undefined

  const journals = useHistory(isSeen ? `journals ${turn}` : undefined, (history, signal) => history.journals(signal))
  const scopes = useMemo(() => scopesOf(journals.rows ?? []), [journals.rows])
  const parameters = scopes.find(({ value }) => value === scope)?.parameters ?? {}
  const range = { ...parameters, fromMs: fromMsOf(days, now()) }
  const summary = useHistory(key, (history, signal) => history.days(range, signal))
  const equity = useHistory(key, (history, signal) => history.equity({ ...range, maxPoints }, signal))
  const line = useMemo(() => equityLine(equity.rows ?? []), [equity.rows])
  const choose = (set: () => void) => {
    setDay(undefined)
    set()
  }
  const last = equity.rows?.at(-1)
  const problem = journals.problem ?? summary.problem ?? equity.problem
  return (
    <Panel
      id="history"
      title="History"
      className="history"
      aside={
        <button type="button" onClick={() => setTurn(turn + 1)}>
          Refresh
        </button>
      }
    >
      <div ref={place} class="fields">
        <Choice
          label="Runs"
          value={scope}
          options={scopes.map(({ value, label }) => [value, label])}
          onChange={(value) => choose(() => setScope(value))}
        />
        <Choice
          label="Time, UTC"
          value={String(days)}
          options={periods.map(([name, count]) => [String(count), name])}
          onChange={(value) => choose(() => setDays(Number(value)))}
        />
      </div>
      <div role="status" aria-live="polite">
        {problem !== undefined && <p class="empty pad">{problem}</p>}
      </div>
      {problem === undefined && (
        <>
          <div class="history-top">
            <HistoryDays days={summary.rows} chosen={day} choose={setDay} />
            <LineChart
              points={line}
              unit={last?.asset ?? ''}
              label={
                last === undefined
                  ? 'No stored equity in this time'
                  : `Worth of everything held over time, last ${formatAmount(last.equity, 2)} ${last.asset}`
              }
            />
          </div>
          {isSeen && (
            <HistoryTrades
              key={JSON.stringify([key, day])}
              parameters={day === undefined ? range : { ...parameters, ...rangeOfDay(day) }}
              what={day ?? 'the whole time'}
            />
          )}
        </>
      )}
    </Panel>
  )
}
