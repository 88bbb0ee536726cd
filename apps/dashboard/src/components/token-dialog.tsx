import { createContext, type ComponentChildren } from 'preact'
import { useCallback, useContext, useRef, useState } from 'preact/hooks'
import type { CommandResult } from '../model/control-api.js'
import { useServices } from './services.js'

type Command = () => Promise<CommandResult>
/** Gives a command; asks for the token where it is missing or wrong. */
type RunCommand = (command: Command) => Promise<void>

const CommandContext = createContext<RunCommand>(async () => undefined)

export const useCommand = (): RunCommand => useContext(CommandContext)

/** Lets every part of the page give commands, with one dialog for the token and one line for what went wrong. */
export function CommandProvider({ children }: { readonly children: ComponentChildren }) {
  const { tokens } = useServices()
  const dialog = useRef<HTMLDialogElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const waiting = useRef<Command | undefined>(undefined)
  const [message, setMessage] = useState('')

  const run = useCallback<RunCommand>(async (command) => {
    const result = await command()
    setMessage(result.ok ? '' : result.message)
    if (result.ok || !result.needsToken) return
    tokens.forget()
    waiting.current = command
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])

  const submit = (event: Event): void => {
    event.preventDefault()
    const text = input.current?.value ?? ''
    if (text.trim() === '' || waiting.current === undefined) return
    tokens.set(text)
    dialog.current?.close()
    void run(waiting.current)
  }

  return (
    <CommandContext.Provider value={run}>
      {children}
      <p class={message === '' ? 'toast hidden' : 'toast'} role="status">
        {message}
        {message !== '' && (
          <button type="button" class="quiet" onClick={() => setMessage('')}>
            Dismiss
          </button>
        )}
      </p>
      <dialog ref={dialog} aria-labelledby="token-title">
        <form onSubmit={submit}>
          <h2 id="token-title">Token of the engine</h2>
          <p>
            Commands need it. The engine keeps it in the file <code>data/control.json</code>, unless{' '}
            <code>server.token</code> sets one; the address printed on its terminal carries it.
          </p>
          <label>
            Token
            <input ref={input} type="password" autocomplete="off" spellcheck={false} />
          </label>
          <p class="buttons">
            <button type="submit" class="primary">
              Use it
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </p>
        </form>
      </dialog>
    </CommandContext.Provider>
  )
}
