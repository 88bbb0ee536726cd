import { useEffect, useState } from 'preact/hooks'
import { applyTheme, keepTheme, nextTheme, readTheme } from '../model/theme.js'
import { formatDuration } from '../model/format.js'
import { useLive, useSection, useServices } from './services.js'
import { useCommand } from './token-dialog.js'

const themeIcons = { system: '◐', light: '☀', dark: '☾' } as const

/** Name, mode, state, and the switches. Stays in sight. */
export function TopBar() {
  const mode = useSection('mode')
  const state = useSection('state')
  return (
    <header class="top">
      <h1>
        <span class="mark" aria-hidden="true">
          ⇄
        </span>
        cex-arbitrage
      </h1>
      {mode !== undefined && <span class={`badge mode-${mode}`}>{mode}</span>}
      {state !== undefined && <span class={`badge state-${state}`}>{state}</span>}
      <Uptime />
      <div class="switches">
        <ThemeSwitch />
        <StopSwitches />
      </div>
    </header>
  )
}

function Uptime() {
  const startedAtMs = useSection('startedAtMs')
  const clockAheadMs = useLive((state) => state.clockAheadMs)
  const [nowMs, setNowMs] = useState(0)
  useEffect(() => {
    const update = (): void => setNowMs(performance.timeOrigin + performance.now())
    update()
    const timer = window.setInterval(update, 1_000)
    return () => window.clearInterval(timer)
  }, [])
  if (startedAtMs === undefined || nowMs === 0) return null
  return <span class="uptime">up {formatDuration(nowMs + clockAheadMs - startedAtMs)}</span>
}

function ThemeSwitch() {
  const { storage } = useServices()
  const [theme, setTheme] = useState(() => readTheme(storage))
  const change = (): void => {
    const next = nextTheme(theme)
    keepTheme(storage, next)
    applyTheme(next)
    setTheme(next)
  }
  return (
    <button
      type="button"
      class="quiet icon"
      onClick={change}
      aria-label={`Colours: ${theme}. Change`}
      title={`Colours: ${theme}`}
    >
      <span aria-hidden="true">{themeIcons[theme]}</span>
    </button>
  )
}

function StopSwitches() {
  const { api } = useServices()
  const run = useCommand()
  const halts = useSection('halts') ?? []
  const paused = halts.some(({ rule }) => rule === 'pause')
  const killed = halts.some(({ rule }) => rule === 'api')
  return (
    <>
      <button type="button" onClick={() => void run(() => (paused ? api.start() : api.pause()))}>
        {paused ? 'Start' : 'Pause'}
      </button>
      <button
        type="button"
        class="kill"
        disabled={killed}
        title="Stops opening at once; open trades end and orders are cancelled"
        onClick={() => void run(() => api.halt('kill switch on the page'))}
      >
        {killed ? 'Halted' : 'Kill switch'}
      </button>
    </>
  )
}
