import { render } from 'preact'
import { Page } from './components/page.js'
import { ControlApi } from './model/control-api.js'
import { HistoryApi } from './model/history-api.js'
import { LiveFeed } from './model/live-feed.js'
import { LiveStore } from './model/live-store.js'
import { TokenStore } from './model/token-store.js'
import { applyTheme, readTheme } from './model/theme.js'

const { location, history, sessionStorage, localStorage } = window
const tokens = new TokenStore(sessionStorage)
const fragment = tokens.takeFrom(location.hash)
if (fragment !== location.hash)
  history.replaceState(null, '', location.pathname + (fragment === '' ? '' : `#${fragment}`))
applyTheme(readTheme(localStorage))

const now = (): number => performance.timeOrigin + performance.now()
const store = new LiveStore((callback) => void requestAnimationFrame(callback), now)
const token = (): string | undefined => tokens.token
const feed = new LiveFeed({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`,
  store,
  token,
  createSocket: (url, protocols) => new WebSocket(url, protocols),
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clearTimer: (timer) => window.clearTimeout(timer),
})
feed.open()

render(
  <Page
    services={{
      store,
      api: new ControlApi(location.origin, token),
      history: new HistoryApi(location.origin, token),
      tokens,
      storage: localStorage,
      now,
    }}
  />,
  document.getElementById('page')!,
)
