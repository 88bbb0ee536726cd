/** A reading of a process's memory. */
export interface MemorySample {
  /** Milliseconds since the beginning. */
  readonly atMs: number
  readonly rssBytes: number
  readonly heapUsedBytes: number
}

const bytesPerMegabyte = 1_048_576
const msPerMinute = 60_000
/** A process fills its caches and its compiler first. */
const warmUpShare = 0.4

/** Growth in MB per minute after the warm-up, by least squares. */
export function memorySlope(samples: readonly MemorySample[], of: 'rssBytes' | 'heapUsedBytes'): number {
  const settled = samples.slice(Math.floor(samples.length * warmUpShare))
  const meanX = mean(settled.map(({ atMs }) => atMs))
  const meanY = mean(settled.map((sample) => sample[of]))
  let above = 0
  let below = 0
  for (const sample of settled) {
    above += (sample.atMs - meanX) * (sample[of] - meanY)
    below += (sample.atMs - meanX) ** 2
  }
  return below === 0 ? 0 : (above / below / bytesPerMegabyte) * msPerMinute
}

/**
 * Memory of the last quarter over that of the second, by medians; 1 is flat. A heap breathes, so that two moments say little.
 */
export function memoryGrowth(samples: readonly MemorySample[], of: 'rssBytes' | 'heapUsedBytes'): number {
  const quarter = Math.floor(samples.length / 4)
  if (quarter === 0) return 1
  const values = samples.map((sample) => sample[of])
  return median(values.slice(-quarter)) / median(values.slice(quarter, 2 * quarter))
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
