import type { StoredTrade } from '@cex-arbitrage/arbitrage-runner/history-model'
import { useState } from 'preact/hooks'
import type { HistoryParameters } from '../../model/history-api.js'
import { useSection } from '../services.js'
import { Choice } from './choice.js'
import { HistoryTradeRows } from './history-trade-rows.js'
import { useHistory } from './use-history.js'

const pageSize = 20
const outcomes = ['completed', 'unwound', 'hedged', 'pulled', 'aborted', 'halted']
const any: readonly (readonly [string, string])[] = [['', 'all']]
const named = (values: readonly string[]) => [...any, ...values.map((value) => [value, value] as const)]

export interface HistoryTradesProps {
  /** Whose trades, and of which time. */
  readonly parameters: HistoryParameters
  /** That time in words. */
  readonly what: string
}

interface Filter {
  readonly strategy: string
  readonly symbol: string
  readonly outcome: string
}

/** Stored trades, page by page, the newest first, through filters. */
export function HistoryTrades({ parameters, what }: HistoryTradesProps) {
  const [filter, setFilter] = useState<Filter>({ strategy: '', symbol: '', outcome: '' })
  /** Where each page after the first begins: the last trade of the one before. */
  const [pages, setPages] = useState<readonly string[]>([])
  const [open, setOpen] = useState<string | undefined>(undefined)
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
  const question = { ...parameters, ...given, before: pages.at(-1), limit: pageSize + 1 }
  const { rows, problem, isLoading } = useHistory(JSON.stringify(question), (history, signal) =>
    history.trades(question, signal),
  )
  const shown = rows?.slice(0, pageSize) ?? []
  const strategies = useSection('strategies') ?? []
  const books = useSection('books') ?? []
  const names = (of: (trade: StoredTrade) => string, known: readonly string[], chosen: string): readonly string[] =>
    [...new Set([...known, ...shown.map(of), ...(chosen === '' ? [] : [chosen])])].toSorted()
  const change = (part: Partial<Filter>): void => {
    setPages([])
    setFilter({ ...filter, ...part })
  }
  return (
    <div class="history-trades" aria-busy={isLoading}>
      <div class="fields">
        <Choice
          label="Strategy"
          value={filter.strategy}
          options={named(names(({ strategy }) => strategy, strategies, filter.strategy))}
          onChange={(strategy) => change({ strategy })}
        />
        <Choice
          label="Symbol"
          value={filter.symbol}
          options={named(
            names(
              ({ symbol }) => symbol,
              books.map(({ symbol }) => symbol),
              filter.symbol,
            ),
          )}
          onChange={(symbol) => change({ symbol })}
        />
        <Choice
          label="End"
          value={filter.outcome}
          options={named(outcomes)}
          onChange={(outcome) => change({ outcome })}
        />
        <p class="hint">Trades of {what}</p>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label="Stored trades">
        <table class="stacked">
          <caption class="unseen">Stored trades of {what}, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Began, UTC</th>
              <th scope="col">Strategy</th>
              <th scope="col">Symbol</th>
              <th scope="col">Route</th>
              <th scope="col">End</th>
              <th scope="col" class="number">
                Expected
              </th>
              <th scope="col" class="number">
                Realised
              </th>
              <th scope="col" class="number">
                Took
              </th>
            </tr>
          </thead>
          <tbody data-testid="history-trades">
            {shown.map((trade) => (
              <HistoryTradeRows
                key={trade.correlationId}
                trade={trade}
                open={open === trade.correlationId}
                toggle={() => setOpen(open === trade.correlationId ? undefined : trade.correlationId)}
              />
            ))}
            {shown.length === 0 && !isLoading && (
              <tr>
                <td colSpan={8} class="empty">
                  {problem ?? 'No such trade.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <nav class="pages" aria-label="Pages of stored trades">
        <button type="button" disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>
          Newer
        </button>
        <span role="status">Page {pages.length + 1}</span>
        <button
          type="button"
          disabled={(rows?.length ?? 0) <= pageSize}
          onClick={() => setPages([...pages, shown.at(-1)!.correlationId])}
        >
          Older
        </button>
      </nav>
    </div>
  )
}
