/** Maps values to pixels, with the values at which an axis is marked. */
export interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

const wantedTicks = 5

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
