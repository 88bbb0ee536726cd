/**
 * Objects made once and used again, for paths that must not allocate. `acquire` beyond the prepared number makes new
 * ones and counts them; `release` of one that is already free is refused.
 */
export class ObjectPool<T extends object> {
  private readonly free: T[] = []
  private readonly freeSet = new Set<T>()
  /** Objects made because the pool was empty; grows only while the pool is too small. */
  misses = 0

  constructor(
    private readonly create: () => T,
    private readonly reset: (item: T) => void,
    prepared: number,
  ) {
    for (let i = 0; i < prepared; i++) this.put(create())
  }

  get available(): number {
    return this.free.length
  }

  acquire(): T {
    const item = this.free.pop()
    if (item === undefined) {
      this.misses++
      return this.create()
    }
    this.freeSet.delete(item)
    return item
  }

  /** @throws Error when the object is in the pool already. */
  release(item: T): void {
    if (this.freeSet.has(item)) throw new Error('An object was released to its pool twice.')
    this.reset(item)
    this.put(item)
  }

  private put(item: T): void {
    this.free.push(item)
    this.freeSet.add(item)
  }
}
