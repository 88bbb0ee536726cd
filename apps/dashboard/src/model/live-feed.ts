import type { LiveMessage } from '@cex-arbitrage/arbitrage-runner/live-model'
import type { LiveStore } from './live-store.js'

const firstRetryMs = 250
const longestRetryMs = 4_000
/** The engine sends at least once a second; a longer silence means that the connection is dead. */
const silenceMs = 5_000

/** A subprotocol that carries the token, since a page can set no header of a socket. */
export const tokenProtocol = (token: string): string =>
  `bearer.${btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`

/** Keeps the socket to the engine open and hands its messages to the store; after a loss it tries again until closed. */
export class LiveFeed {
  private socket: WebSocket | undefined
  private retryMs = firstRetryMs
  private timer: number | undefined
  private closed = false

  constructor(
    private readonly url: string,
    private readonly store: LiveStore,
    private readonly token: () => string | undefined,
  ) {}

  open(): void {
    const token = this.token()
    const socket = new WebSocket(this.url, token === undefined ? ['live'] : ['live', tokenProtocol(token)])
    this.socket = socket
    socket.addEventListener('message', ({ data }) => {
      this.retryMs = firstRetryMs
      this.watch()
      this.store.receive(JSON.parse(data as string) as LiveMessage)
    })
    socket.addEventListener('close', () => {
      if (this.socket === socket) this.retry()
    })
    this.watch()
  }

  close(): void {
    this.closed = true
    window.clearTimeout(this.timer)
    this.socket?.close()
  }

  private watch(): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => {
      const { socket } = this
      this.retry()
      socket?.close()
    }, silenceMs)
  }

  private retry(): void {
    window.clearTimeout(this.timer)
    this.socket = undefined
    if (this.closed) return
    this.store.setConnection('lost')
    this.timer = window.setTimeout(() => this.open(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, longestRetryMs)
  }
}
