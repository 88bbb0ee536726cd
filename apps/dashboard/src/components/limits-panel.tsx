import type { LimitStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { useState } from 'preact/hooks'
import { Panel } from './panel.js'
import { useSection, useServices } from './services.js'
import { useCommand } from './token-dialog.js'

const none: readonly LimitStatus[] = []
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** The limits that hold now; a person may change one until the next start. */
export function LimitsPanel() {
  const limits = useSection('limits') ?? none
  return (
    <Panel
      id="limits"
      title="Limits"
      className="limits"
      aside={<span class="hint">changes last until the next start</span>}
    >
      <details>
        <summary>Show all {limits.length} limits</summary>
        <ul class="limit-list">
          {limits.map((limit) => (
            <Limit key={limit.name} limit={limit} />
          ))}
        </ul>
      </details>
    </Panel>
  )
}

function Limit({ limit: { name, value, changed } }: { readonly limit: LimitStatus }) {
  const { api } = useServices()
  const run = useCommand()
  const [text, setText] = useState<string | undefined>(undefined)
  const change = (next: string | null): void => {
    setText(undefined)
    void run(() => api.changeLimit(name, next))
  }
  return (
    <li>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text !== undefined && text !== value) change(text)
        }}
      >
        <label>
          <span>{words(name)}</span>
          <input
            value={text ?? value}
            spellcheck={false}
            autocomplete="off"
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        {text !== undefined && text !== value && <button type="submit">Set</button>}
        {changed && (
          <button type="button" class="quiet" onClick={() => change(null)}>
            Reset
          </button>
        )}
      </form>
    </li>
  )
}
