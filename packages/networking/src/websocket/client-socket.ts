import type { EventEmitter } from 'node:events'

/**
 * A socket as a connection uses it: the client of `ws`, or whatever else a simulation puts in its place. It emits `open`,
 * `message` (Buffer, isBinary), `pong`, `error` (Error) and `close` (code, Buffer), each as `ws` does.
 */
export interface ClientSocket extends EventEmitter {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number
  /** Bytes that wait to be written. */
  readonly bufferedAmount: number
  send(data: string | Buffer, options: { readonly binary: boolean }, onFlushed: () => void): void
  ping(): void
  /** Says goodbye. */
  close(code?: number): void
  /** Cuts without goodbye. */
  terminate(): void
}

/** Starts a socket; the handshake goes on in the background. @throws Error the address is none. */
export type CreateSocket = (url: string, headers: Readonly<Record<string, string>>) => ClientSocket
