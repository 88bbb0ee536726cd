/** A positive fraction of integers, never cut. */
export interface ExactRatio {
  readonly numerator: bigint
  /** Positive. */
  readonly denominator: bigint
}

export function compareRatios(a: ExactRatio, b: ExactRatio): number {
  const left = a.numerator * b.denominator
  const right = b.numerator * a.denominator
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * The middle of an ascending list; of an even number of values the mean of the two middle ones, exact.
 *
 * @returns `undefined` for an empty list.
 */
export function medianOfSorted(sorted: readonly ExactRatio[]): ExactRatio | undefined {
  const upper = sorted[sorted.length >> 1]
  if (upper === undefined || sorted.length % 2 === 1) return upper
  const lower = sorted[(sorted.length >> 1) - 1]!
  return {
    numerator: lower.numerator * upper.denominator + upper.numerator * lower.denominator,
    denominator: 2n * lower.denominator * upper.denominator,
  }
}

/** A ratio as a double, first rounded to `decimals` places, half away from zero. */
export function roundRatio({ numerator, denominator }: ExactRatio, decimals: number): number {
  const magnitude = numerator < 0n ? -numerator : numerator
  const scaled = (2n * magnitude * 10n ** BigInt(decimals) + denominator) / (2n * denominator)
  const digits = scaled.toString().padStart(decimals + 1, '0')
  const text = `${digits.slice(0, digits.length - decimals)}.${digits.slice(digits.length - decimals)}`
  return Number(text) * (numerator < 0n ? -1 : 1)
}
