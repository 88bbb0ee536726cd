import type { LiveMessage } from '@cex-arbitrage/arbitrage-runner/live-model'
import type { LiveStore } from './live-store.js'

const firstRetryMs = 250
const longestRetryMs = 4_000
/** The engine sends at least once a second; a longer silence means that the connection is dead. */
const silenceMs = 5_000

/** A subprotocol that carries the token, since a page can set no header of a socket. */
export const tokenProtocol = (token: string): string =>
  `bearer.${btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`

/** What the feed needs of a socket. */
export type FeedSocket = Pick<WebSocket, 'close'> & {
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
}

export interface LiveFeedOptions {
  readonly url: string
  readonly store: LiveStore
  readonly token: () => string | undefined
  readonly createSocket: (url: string, protocols: string[]) => FeedSocket
  /** The page's own timers. */
  readonly setTimer: (callback: () => void, delayMs: number) => number
  readonly clearTimer: (timer: number | undefined) => void
}

/** Keeps the socket to the engine open and hands its messages to the store; after a loss it tries again until closed. */
export class LiveFeed {
  private socket: FeedSocket | undefined
  private retryMs = firstRetryMs
  private timer: number | undefined

  constructor(private readonly options: LiveFeedOptions) {}

  open(): void {
    const { url, token, createSocket, store } = this.options
    const shown = token()
    const socket = createSocket(url, shown === undefined ? ['live'] : ['live', tokenProtocol(shown)])
    this.socket = socket
    socket.onmessage = ({ data }) => {
      this.retryMs = firstRetryMs
      this.watch(socket)
      store.receive(JSON.parse(data as string) as LiveMessage)
    }
    socket.onclose = () => this.retry(socket)
    this.watch(socket)
  }

  close(): void {
    const { socket } = this
    this.forget()
    socket?.close()
  }

  private watch(socket: FeedSocket): void {
    this.options.clearTimer(this.timer)
    this.timer = this.options.setTimer(() => {
      this.retry(socket)
      socket.close()
    }, silenceMs)
  }

  private retry(socket: FeedSocket): void {
    if (this.socket !== socket) return
    socket.onmessage = null
    this.forget()
    this.options.store.setConnection('lost')
    this.timer = this.options.setTimer(() => this.open(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, longestRetryMs)
  }

  private forget(): void {
    this.options.clearTimer(this.timer)
    this.timer = undefined
    this.socket = undefined
  }
}
