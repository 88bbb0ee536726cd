/**
 * A first-in first-out queue of fixed capacity. When it is full, `push` overwrites the oldest and counts it, so a slow
 * reader loses display data and never holds up the writer.
 */
export class RingBuffer<T> {
  private readonly slots: (T | undefined)[]
  private head = 0
  private count = 0
  /** Items overwritten before they were read. */
  dropped = 0

  /** @throws RangeError when `capacity` is no positive integer. */
  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity <= 0)
      throw new RangeError(`A ring needs a positive capacity, not ${capacity}.`)
    this.slots = Array.from({ length: capacity })
  }

  get size(): number {
    return this.count
  }

  push(item: T): void {
    this.slots[(this.head + this.count) % this.capacity] = item
    if (this.count < this.capacity) {
      this.count++
      return
    }
    this.head = (this.head + 1) % this.capacity
    this.dropped++
  }

  shift(): T | undefined {
    if (this.count === 0) return undefined
    const item = this.slots[this.head]
    this.slots[this.head] = undefined
    this.head = (this.head + 1) % this.capacity
    this.count--
    return item
  }

  /** The items from oldest to newest, left in place. */
  toArray(): T[] {
    return Array.from({ length: this.count }, (_, i) => this.slots[(this.head + i) % this.capacity]!)
  }

  clear(): void {
    this.slots.fill(undefined)
    this.head = 0
    this.count = 0
  }
}
