/** Counts orders of the last second in a ring of their times; microseconds of our monotonic clock. */
export class OrderRate {
  private readonly times: Float64Array
  private next = 0

  /** @param maxPerSecond - Orders that may be sent within any one second. */
  constructor(private readonly maxPerSecond: number) {
    this.times = new Float64Array(maxPerSecond).fill(Number.NEGATIVE_INFINITY)
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
