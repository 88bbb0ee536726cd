import type { EventEmitter } from 'node:events'

/**
 * A connected socket as the venue uses it: the one of `ws`, or the venue's end of a pair in memory. It emits `message`
 * (Buffer, isBinary), `ping` (Buffer), `pong`, `error` and `close`, each as `ws` does.
 */
export interface ServerSocket extends EventEmitter {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number
  send(frame: string | Buffer): void
  ping(): void
  pong(data: Buffer): void
  /** Says goodbye. */
  close(code: number, reason: string): void
  /** Cuts without goodbye. */
  terminate(): void
}

/** What a client says as it opens a socket. */
export interface SocketHandshake {
  /** Path and query. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly ip: string
}
