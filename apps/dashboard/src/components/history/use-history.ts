import { useEffect, useState } from 'preact/hooks'
import type { HistoryAnswer, HistoryApi } from '../../model/history-api.js'
import { useServices } from '../services.js'

export interface HistoryState<Rows> {
  /** The last answer; it stays while the next one is under way. */
  readonly rows: Rows | undefined
  readonly problem: string | undefined
  readonly isLoading: boolean
}

const nothing = { rows: undefined, problem: undefined, isLoading: true } as const

/**
 * Asks the history, and again whenever the key changes; an answer that a later question has overtaken is dropped.
 *
 * @param key - Says what is asked; `undefined` asks nothing yet.
 */
export function useHistory<Rows>(
  key: string | undefined,
  ask: (history: HistoryApi, signal: AbortSignal) => Promise<HistoryAnswer<Rows>>,
): HistoryState<Rows> {
  const { history } = useServices()
  const [state, setState] = useState<HistoryState<Rows>>(nothing)
  useEffect(() => {
    if (key === undefined) return
    const asked = new AbortController()
    setState(({ rows }) => ({ rows, problem: undefined, isLoading: true }))
    void ask(history, asked.signal).then((answer) => {
      if (asked.signal.aborted) return
      setState(
        answer.ok
          ? { rows: answer.rows, problem: undefined, isLoading: false }
          : { rows: undefined, problem: answer.message, isLoading: false },
      )
    })
    return () => asked.abort()
  }, [key])
  return state
}
