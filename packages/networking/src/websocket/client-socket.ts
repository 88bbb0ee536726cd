import type { EventEmitter } from 'node:events'
import type { FrameWindow } from './frame-window.js'
import type { ResponseHead } from './protocol/upgrade-response.js'

/** Who takes the messages of a socket. Called directly and not as an event, for emitting allocates each time. */
export interface MessageReceiver {
  /** Bytes have come; the messages that end in them follow at once. */
  onBytes(): void
  /** @param frame - Valid during the call. */
  onMessage(frame: FrameWindow): void
}

/** Events of a socket besides its messages. */
export interface ClientSocketEvents {
  open: []
  /** The answer to the handshake is no 101; `close` follows. */
  refused: [ResponseHead]
  pong: [Buffer]
  error: [Error]
  /** Status code (1006 without goodbye) and reason. */
  close: [number, Buffer]
}

/** A socket as a connection uses it: over the network, or whatever a simulation puts in its place. */
export interface ClientSocket extends EventEmitter<ClientSocketEvents> {
  /** Set before the handshake can end. */
  receiver: MessageReceiver | undefined
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
