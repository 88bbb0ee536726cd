import type { ChannelWatch, ChannelWatchOptions } from './channel-watch.js'
import type { MessageSender, SendReceipt } from './send-receipt.js'
import type { WebSocketConnectionOptions, WebSocketState } from './websocket-options.js'

/** A connection that heals itself: connects, logs in, subscribes, watches, reconnects and rotates. */
export declare class WebSocketConnection implements MessageSender {
  constructor(options: WebSocketConnectionOptions)
  readonly name: string
  readonly state: WebSocketState
  /** Number of the socket in use; 0 before the first. */
  readonly epoch: number
  /** Resolves when it is open for the first time; tries again until then. Rejects on a fatal failure or `close`. */
  connect(): Promise<void>
  send(data: string | Buffer, receipt?: SendReceipt): void
  watchChannel(channel: string, options: ChannelWatchOptions): ChannelWatch
  /** Replaces the socket make-before-break. Resolves when the new one has taken over. */
  rotate(): Promise<void>
  /** Drops the socket and connects anew. */
  reconnect(reason: string): void
  close(deadlineMs?: number): Promise<void>
}
