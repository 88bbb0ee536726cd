/** Upper bounds of the buckets, microseconds: 50 µs to 10 s, three per decade. */
export const latencyBoundsUs: readonly number[] = [
  50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
  10_000_000,
]

/** Counts of measured times in fixed buckets; nothing is allocated per observation. */
export class LatencyHistogram {
  count = 0
  maxUs = 0
  sumUs = 0
  private readonly counts = new Float64Array(latencyBoundsUs.length + 1)

  observe(us: number): void {
    let bucket = 0
    while (bucket < latencyBoundsUs.length && us > latencyBoundsUs[bucket]!) bucket++
    this.counts[bucket]!++
    this.count++
    this.sumUs += us
    if (us > this.maxUs) this.maxUs = us
  }

  /** The upper bound of the bucket in which this share of all lies, but never more than the largest seen; 0 while empty. */
  quantileUs(share: number): number {
    const wanted = Math.ceil(this.count * share)
    let seen = 0
    for (let bucket = 0; bucket < latencyBoundsUs.length; bucket++) {
      seen += this.counts[bucket]!
      if (seen >= wanted) return Math.min(latencyBoundsUs[bucket]!, this.maxUs)
    }
    return this.maxUs
  }

  buckets(): readonly (readonly [upToUs: number | undefined, count: number])[] {
    return [...this.counts].map((count, bucket) => [latencyBoundsUs[bucket], count])
  }
}
