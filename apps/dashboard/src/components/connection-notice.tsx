import { useLive } from './services.js'

/** Says when what is shown is no longer live. */
export function ConnectionNotice() {
  const connection = useLive((state) => state.connection)
  const known = useLive(({ model }) => model !== undefined)
  const text =
    connection === 'lost'
      ? known
        ? 'The connection to the engine is lost; what is shown is old. Trying again …'
        : 'The engine does not answer. Trying again …'
      : connection === 'connecting'
        ? 'Connecting to the engine …'
        : ''
  return (
    <p class={text === '' ? 'notice hidden' : `notice ${connection}`} role="status">
      {text}
    </p>
  )
}
