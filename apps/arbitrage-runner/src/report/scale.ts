import { msPerDay, msPerHour, msPerMinute, msPerSecond } from '@cex-arbitrage/common'

/** Maps values to pixels, with the values at which an axis is marked. */
export interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

const wantedTicks = 5
const wantedTimes = 8

/** Even steps; the range grows to whole ticks. */
export function createLinearScale(values: readonly number[], fromPx: number, toPx: number): Scale {
  const { low, high } = rangeOf(values)
  const step = niceStep((high - low) / wantedTicks)
  const first = Math.floor(low / step)
  const last = Math.max(first + 1, Math.ceil(high / step))
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  const [start, end] = [first * step, last * step]
  return { at: (value) => fromPx + ((value - start) / (end - start)) * (toPx - fromPx), ticks }
}

/** A step for each power of ten; values below the least count as it. */
export function createLogScale(values: readonly number[], fromPx: number, toPx: number): Scale {
  const positive = values.filter((value) => value > 0)
  const { low, high } = rangeOf(positive.length > 0 ? positive : [1, 10])
  const first = Math.floor(Math.log10(low))
  const last = Math.max(first + 1, Math.ceil(Math.log10(high)))
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
  const at = (value: number): number =>
    fromPx + ((Math.log10(Math.max(value, 10 ** first)) - first) / (last - first)) * (toPx - fromPx)
  return { at, ticks }
}

const timeSteps = [
  ...[1, 5, 15, 30].map((count) => count * msPerSecond),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * msPerMinute),
  ...[1, 2, 3, 4, 6, 12].map((count) => count * msPerHour),
  ...[1, 2, 7, 14, 30, 90].map((count) => count * msPerDay),
]

/** Unix milliseconds, marked at round times of UTC; the range stays as it is. */
export function createTimeScale(values: readonly number[], fromPx: number, toPx: number): Scale {
  const { low, high } = rangeOf(values)
  const step = timeSteps.find((each) => (high - low) / each <= wantedTimes) ?? timeSteps.at(-1)!
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
  return { at: (value) => fromPx + ((value - low) / (high - low)) * (toPx - fromPx), ticks }
}

/** The day where a tick stands at midnight, else the time. */
export function formatTimeTick(ms: number): string {
  const text = new Date(ms).toISOString()
  if (ms % msPerDay === 0) return text.slice(5, 10)
  return ms % msPerMinute === 0 ? text.slice(11, 16) : text.slice(11, 19)
}

function rangeOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return { low: 0, high: 1 }
  return low === high ? { low: low - Math.abs(low || 1) / 2, high: high + Math.abs(high || 1) / 2 } : { low, high }
}

/** 1, 2 or 5 times a power of ten, at or above `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= step * (1 - 1e-9))!
}
