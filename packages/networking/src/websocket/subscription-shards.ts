/** Assigns subscription keys to shards of a fixed capacity; a key keeps its shard until it is removed. */
export declare class SubscriptionShards {
  constructor(capacityPerShard: number)
  readonly size: number
  /** Numbers of the shards in use, ascending. */
  readonly shards: readonly number[]
  has(key: string): boolean
  getShard(key: string): number | undefined
  getKeys(shard: number): readonly string[]
  /** @returns the shard: the first with room, else a new one. */
  add(key: string): number
  /** @returns the shard it was on, `undefined` when it was on none. */
  remove(key: string): number | undefined
}
