import { formatCause } from '../model/format.js'
import { useSection, useServices } from './services.js'
import { useCommand } from './token-dialog.js'

/** Halts that end by themselves or with the process. */
const notResumable = new Set(['shutdown', 'file', 'stale_feed', 'clock_offset'])

/** Every halt in force with its cause and the way back. */
export function HaltBanner() {
  const { api } = useServices()
  const run = useCommand()
  const halts = useSection('halts') ?? []
  return (
    <div class={halts.length === 0 ? 'halts hidden' : 'halts'} role="alert">
      {halts.map(({ rule, detail }) => (
        <p key={rule + detail}>
          <strong>Halted: {formatCause(rule)}.</strong> <span>{detail}</span>
          {!notResumable.has(rule) && (
            <button type="button" onClick={() => void run(() => (rule === 'pause' ? api.start() : api.resume(rule)))}>
              Resume
            </button>
          )}
        </p>
      ))}
    </div>
  )
}
