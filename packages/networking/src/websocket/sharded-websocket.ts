import type { WebSocketConnection } from './websocket-connection.js'
import type { WebSocketConnectionOptions } from './websocket-options.js'
import type { WebSocketSession } from './websocket-session.js'

export interface ShardedWebSocketOptions {
  /** Subscriptions that the venue allows on one connection. */
  readonly maxSubscriptionsPerConnection: number
  /** Keys handed to one call of `subscribe` or `unsubscribe`; no limit by default. */
  readonly maxKeysPerMessage?: number
  /** The options of the connection of a shard, all but `subscribe`. `shard` counts from 0. */
  readonly createConnection: (shard: number) => Omit<WebSocketConnectionOptions, 'subscribe'>
  /** Sends the subscriptions, and may wait for the acknowledgements with `session.waitForFrame`. */
  readonly subscribe: (session: WebSocketSession, keys: readonly string[]) => Promise<void> | void
  readonly unsubscribe: (session: WebSocketSession, keys: readonly string[]) => Promise<void> | void
}

/** Spreads subscriptions over as few connections as the venue's limit allows, and keeps them through reconnects. */
export declare class ShardedWebSocket {
  constructor(options: ShardedWebSocketOptions)
  readonly size: number
  readonly connections: readonly WebSocketConnection[]
  has(key: string): boolean
  getConnection(key: string): WebSocketConnection | undefined
  /** Resolves when all of them are subscribed. */
  add(keys: readonly string[]): Promise<void>
  /** Resolves when they are unsubscribed; a connection left empty is closed. */
  remove(keys: readonly string[]): Promise<void>
  close(deadlineMs?: number): Promise<void>
}
