import type { TradeDayRow } from '@cex-arbitrage/arbitrage-runner/history-model'
import { formatCount, formatSigned, signOf } from '../../model/format.js'
import { toneClass } from '../summary.js'

export interface HistoryDaysProps {
  /** `undefined` until the first answer. */
  readonly days: readonly TradeDayRow[] | undefined
  readonly chosen: string | undefined
  readonly choose: (day: string | undefined) => void
}

/** A row for each day and asset of profit; choosing a day shows its trades alone. */
export function HistoryDays({ days, chosen, choose }: HistoryDaysProps) {
  return (
    <div class="scroll days" tabIndex={0} role="group" aria-label="Days">
      <table>
        <caption class="unseen">Days on which was traded, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Day, UTC</th>
            <th scope="col" class="number">
              Trades
            </th>
            <th scope="col" class="number">
              Completed
            </th>
            <th scope="col" class="number">
              Expected
            </th>
            <th scope="col" class="number">
              Realised
            </th>
          </tr>
        </thead>
        <tbody data-testid="history-days">
          {(days ?? []).map((row) => (
            <tr key={row.day}>
              <th scope="row">
                <button
                  type="button"
                  class="day"
                  aria-pressed={chosen === row.day}
                  onClick={() => choose(chosen === row.day ? undefined : row.day)}
                >
                  {row.day}
                </button>
              </th>
              <td class="number">{formatCount(row.trades)}</td>
              <td class="number">{formatCount(row.byOutcome['completed'] ?? 0)}</td>
              <td class="number">
                {row.profit.map(({ asset, expected }) => (
                  <div key={asset}>
                    {formatSigned(expected)} <small>{asset}</small>
                  </div>
                ))}
              </td>
              <td class="number">
                {row.profit.map(({ asset, realised }) => (
                  <div key={asset} class={toneClass(signOf(realised))}>
                    {formatSigned(realised)} <small>{asset}</small>
                  </div>
                ))}
              </td>
            </tr>
          ))}
          {days?.length === 0 && (
            <tr>
              <td colSpan={5} class="empty">
                No trade in this time.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}
