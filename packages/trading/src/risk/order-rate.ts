/** Counts orders of the last second in a ring of their times; microseconds of our monotonic clock. */
export class OrderRate {
  private times: Float64Array
  private next = 0

  /** @param maxPerSecond - Orders that may be sent within any one second. */
  constructor(private maxPerSecond: number) {
    this.times = new Float64Array(maxPerSecond).fill(Number.NEGATIVE_INFINITY)
  }

  /** Takes another limit; what was counted still counts. */
  setLimit(maxPerSecond: number): void {
    if (maxPerSecond === this.maxPerSecond) return
    const oldestFirst = [...this.times.subarray(this.next), ...this.times.subarray(0, this.next)]
    const kept = oldestFirst.slice(-maxPerSecond)
    this.times = new Float64Array(maxPerSecond).fill(Number.NEGATIVE_INFINITY)
    this.times.set(kept, maxPerSecond - kept.length)
    this.next = 0
    this.maxPerSecond = maxPerSecond
  }

  /** Whether so many more orders fit now. */
  fits(orders: number, nowUs: number): boolean {
    if (orders > this.maxPerSecond) return false
    // The ring's next slots hold the oldest times; the orders would overwrite them.
    const index = (this.next + orders - 1) % this.maxPerSecond
    return nowUs - this.times[index]! >= windowUs
  }

  count(nowUs: number): void {
    this.times[this.next] = nowUs
    this.next = (this.next + 1) % this.maxPerSecond
  }
}

const windowUs = 1_000_000
