/** Assigns subscription keys to shards of a fixed capacity. A key keeps its shard until it is removed. */
export class SubscriptionShards {
  private readonly shardOf = new Map<string, number>()
  private readonly keysOf = new Map<number, Set<string>>()

  /** @throws RangeError when the capacity is no positive integer. */
  constructor(readonly capacityPerShard: number) {
    if (!Number.isInteger(capacityPerShard) || capacityPerShard <= 0)
      throw new RangeError(`A shard needs a positive capacity, not ${capacityPerShard}.`)
  }

  get size(): number {
    return this.shardOf.size
  }

  /** Numbers of the shards in use, ascending. */
  get shards(): readonly number[] {
    return [...this.keysOf.keys()].sort((a, b) => a - b)
  }

  has(key: string): boolean {
    return this.shardOf.has(key)
  }

  getShard(key: string): number | undefined {
    return this.shardOf.get(key)
  }

  /** In the order in which they were added. */
  getKeys(shard: number): readonly string[] {
    return [...(this.keysOf.get(shard) ?? [])]
  }

  /** @returns its shard: where it is already, else the first with room, else the first number that is free. */
  add(key: string): number {
    const existing = this.shardOf.get(key)
    if (existing !== undefined) return existing
    const shard =
      this.shards.find((each) => this.keysOf.get(each)!.size < this.capacityPerShard) ?? this.getFreeNumber()
    const keys = this.keysOf.get(shard) ?? new Set()
    this.keysOf.set(shard, keys.add(key))
    this.shardOf.set(key, shard)
    return shard
  }

  /** @returns the shard that it was on, `undefined` when it was on none. */
  remove(key: string): number | undefined {
    const shard = this.shardOf.get(key)
    if (shard === undefined) return undefined
    this.shardOf.delete(key)
    const keys = this.keysOf.get(shard)!
    keys.delete(key)
    if (keys.size === 0) this.keysOf.delete(shard)
    return shard
  }

  private getFreeNumber(): number {
    let number = 0
    while (this.keysOf.has(number)) number++
    return number
  }
}
