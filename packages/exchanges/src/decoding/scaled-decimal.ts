const zeroByte = 48
const pointByte = 46
const maxInt32Digits = 9
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** The number lies on the grid and was written. */
export const scaledExact = 0
/** Digits finer than the grid were cut off, so the value written is the next one down. */
export const scaledCut = 1
/** Not plain digits with at most one point, or beyond 2^53 steps. Nothing was written. */
export const scaledInvalid = -1

/**
 * Reads the ASCII decimal `bytes[start, end)` as an integer count of steps of `10^-decimals` into `out[at]`, from its
 * digits alone: no rounding error of a double can occur. No sign, no exponent.
 *
 * The value goes into an array because a double returned from a call that is not inlined is boxed.
 *
 * @param decimals - 0 to 22.
 * @returns `scaledExact`, `scaledCut` or `scaledInvalid`.
 */
export function readScaledDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: number,
  out: Float64Array,
  at: number,
): number {
  let position = start
  let digit = 0
  let whole = 0
  while (position < end && (digit = bytes[position]! - zeroByte) >>> 0 < 10) {
    whole = (Math.imul(whole, 10) + digit) | 0
    position++
  }
  const wholeDigits = position - start
  let fraction = 0
  let fractionDigits = 0
  if (position < end) {
    if (bytes[position] !== pointByte) return scaledInvalid
    const from = ++position
    while (position < end && (digit = bytes[position]! - zeroByte) >>> 0 < 10) {
      fraction = (Math.imul(fraction, 10) + digit) | 0
      position++
    }
    if (position !== end) return scaledInvalid
    fractionDigits = position - from
  }
  if (
    wholeDigits === 0 ||
    wholeDigits > maxInt32Digits ||
    fractionDigits > decimals ||
    fractionDigits > maxInt32Digits ||
    wholeDigits + decimals > 15
  )
    return readLongDecimal(bytes, start, end, decimals, out, at)
  out[at] = whole * powersOfTen[decimals]! + fraction * powersOfTen[decimals - fractionDigits]!
  return scaledExact
}

/** The same for numbers of many digits, or with more decimals than the grid: digit by digit, watching for 2^53. */
function readLongDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: number,
  out: Float64Array,
  at: number,
): number {
  let value = 0
  let seenDigits = 0
  let placesLeft = -1
  let lost = 0
  for (let position = start; position < end; position++) {
    const byte = bytes[position]!
    if (byte === pointByte) {
      placesLeft = decimals
      continue
    }
    seenDigits++
    if (placesLeft === 0) {
      lost |= byte - zeroByte
      continue
    }
    if (placesLeft > 0) placesLeft--
    value = value * 10 + (byte - zeroByte)
    if (value > Number.MAX_SAFE_INTEGER) return scaledInvalid
  }
  if (seenDigits === 0) return scaledInvalid
  value *= powersOfTen[placesLeft < 0 ? decimals : placesLeft]!
  if (value > Number.MAX_SAFE_INTEGER) return scaledInvalid
  out[at] = value
  return lost === 0 ? scaledExact : scaledCut
}
