import { ShuttingDownException } from '@cex-arbitrage/common'
import { SubscriptionShard } from './subscription-shard.js'
import { SubscriptionShards } from './subscription-shards.js'
import type { WebSocketConnection } from './websocket-connection.js'
import type { WebSocketConnectionOptions } from './websocket-options.js'
import type { WebSocketSession } from './websocket-session.js'

export interface ShardedWebSocketOptions {
  /** Subscriptions that the venue allows on one connection. */
  readonly maxSubscriptionsPerConnection: number
  /** Keys handed to one call of `subscribe` or `unsubscribe`; no limit by default. */
  readonly maxKeysPerMessage?: number
  /** The options of the connection of a shard, all but `subscribe`. `shard` counts from 0 and may be used again. */
  readonly createConnection: (shard: number) => Omit<WebSocketConnectionOptions, 'subscribe'>
  /** Sends the subscriptions, and may wait for the acknowledgements with `session.waitForFrame`. */
  readonly subscribe: (session: WebSocketSession, keys: readonly string[]) => Promise<void> | void
  readonly unsubscribe: (session: WebSocketSession, keys: readonly string[]) => Promise<void> | void
}

/**
 * Spreads subscriptions over as few connections as the venue's limit allows, and keeps them through reconnects and
 * rotations. A key never moves to another connection; one that is left empty is closed.
 */
export class ShardedWebSocket {
  private readonly assignment: SubscriptionShards
  private readonly shards = new Map<number, SubscriptionShard>()
  private isClosed = false

  /** @throws RangeError when the limit is no positive integer. */
  constructor(private readonly options: ShardedWebSocketOptions) {
    this.assignment = new SubscriptionShards(options.maxSubscriptionsPerConnection)
  }

  /** Keys that are wanted. */
  get size(): number {
    return this.assignment.size
  }

  get connections(): readonly WebSocketConnection[] {
    return [...this.shards.values()].map(({ connection }) => connection)
  }

  has(key: string): boolean {
    return this.assignment.has(key)
  }

  getConnection(key: string): WebSocketConnection | undefined {
    const shard = this.assignment.getShard(key)
    return shard === undefined ? undefined : this.shards.get(shard)?.connection
  }

  /**
   * Resolves when all of them are subscribed, at once for those that are. A socket that is lost meanwhile only delays it.
   *
   * @throws CexArbitrageException what `subscribe` threw on a socket that stands: those keys are given up; or the
   * connection has given up, and all of its keys with it.
   */
  async add(keys: readonly string[]): Promise<void> {
    if (this.isClosed)
      throw new ShuttingDownException({ message: 'The connections are closed; nothing was subscribed.' })
    const byShard = new Map<number, string[]>()
    for (const key of keys) push(byShard, this.assignment.add(key), key)
    await Promise.all([...byShard].map(([shard, added]) => this.getOrOpen(shard).add(added)))
  }

  /** Resolves when they are unsubscribed. @throws CexArbitrageException what `unsubscribe` threw; they are given up all the same. */
  async remove(keys: readonly string[]): Promise<void> {
    const byShard = new Map<number, string[]>()
    for (const key of keys) {
      const shard = this.assignment.remove(key)
      if (shard !== undefined) push(byShard, shard, key)
    }
    await Promise.all([...byShard].map(([shard, removed]) => this.removeFrom(shard, removed)))
  }

  async close(deadlineMs?: number): Promise<void> {
    this.isClosed = true
    await Promise.all([...this.shards.values()].map((shard) => shard.close(deadlineMs)))
    this.shards.clear()
  }

  private async removeFrom(number: number, keys: readonly string[]): Promise<void> {
    const shard = this.shards.get(number)
    if (shard === undefined) return
    if (this.assignment.getKeys(number).length > 0) return shard.remove(keys)
    this.shards.delete(number)
    await shard.close()
  }

  private getOrOpen(number: number): SubscriptionShard {
    const existing = this.shards.get(number)
    if (existing !== undefined) return existing
    const shard = new SubscriptionShard({
      connection: this.options.createConnection(number),
      maxKeysPerMessage: this.options.maxKeysPerMessage ?? Infinity,
      subscribe: this.options.subscribe,
      unsubscribe: this.options.unsubscribe,
      onRefused: (keys) => {
        for (const key of keys) this.assignment.remove(key)
      },
      onDead: () => this.onDead(number),
    })
    this.shards.set(number, shard)
    // A failure reaches whoever waits for the keys.
    shard.connection.connect().catch(() => undefined)
    return shard
  }

  private onDead(number: number): void {
    for (const key of this.assignment.getKeys(number)) this.assignment.remove(key)
    this.shards.delete(number)
  }
}

function push(byShard: Map<number, string[]>, shard: number, key: string): void {
  const keys = byShard.get(shard)
  if (keys === undefined) byShard.set(shard, [key])
  else keys.push(key)
}
