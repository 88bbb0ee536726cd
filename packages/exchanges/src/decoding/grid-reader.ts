import { Decimal } from '@cex-arbitrage/common'

/** Powers of ten that are exact as doubles. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)
/** So many digits fit an int32 whatever they are. */
const maxInt32Digits = 9
const point = 46
const zero = 48

/** What became of a number's text. */
export const gridRead = {
  ok: 0,
  /** No plain decimal number that is zero or more. */
  malformed: -1,
  /** Finer than the grid, or beyond 2^53 steps of it. */
  offGrid: -2,
} as const

/**
 * Turns the decimal digits of a frame into integers of the grid `10^-decimals`, straight from the digits: no double is
 * rounded on the way. Results are written into an array of the caller, since a returned double would be boxed.
 */
export class GridReader {
  /** Where the last number ended: the first byte that does not belong to it. */
  end = 0
  /** Quantities that were rounded down, to the grid or to 2^53 - 1 steps. */
  rounded = 0

  /**
   * Reads a price from byte `from` into `into[slot]`. A price that does not lie on the grid is refused.
   *
   * @returns one of `gridRead`.
   */
  readPrice(bytes: Buffer, from: number, decimals: number, into: Float64Array, slot: number): number {
    return this.read(bytes, from, decimals, into, slot, false)
  }

  /** As `readPrice` for a quantity; one that does not lie on the grid is rounded down and counted. */
  readQuantity(bytes: Buffer, from: number, decimals: number, into: Float64Array, slot: number): number {
    return this.read(bytes, from, decimals, into, slot, true)
  }

  /** As `readPrice` and `readQuantity` for a text; exponents are understood. */
  readText(text: string, decimals: number, into: Float64Array, slot: number, roundDown: boolean): number {
    const number = Decimal.tryParse(text)
    if (number === undefined || number.mantissa < 0n) return gridRead.malformed
    const steps = number.stepsOf(Decimal.of(1n, decimals), 'down')
    const exact = steps <= Number.MAX_SAFE_INTEGER && Decimal.of(steps, decimals).equals(number)
    if (!exact) {
      if (!roundDown) return gridRead.offGrid
      this.rounded++
    }
    into[slot] = Math.min(Number(steps), Number.MAX_SAFE_INTEGER)
    return gridRead.ok
  }

  private read(
    bytes: Buffer,
    from: number,
    decimals: number,
    into: Float64Array,
    slot: number,
    roundDown: boolean,
  ): number {
    let at = from
    let whole = 0
    let digit = bytes[at]! - zero
    while (digit >>> 0 < 10) {
      whole = (Math.imul(whole, 10) + digit) | 0
      digit = bytes[++at]! - zero
    }
    const wholeDigits = at - from
    let fraction = 0
    let fractionDigits = 0
    if (bytes[at] === point) {
      const start = ++at
      digit = bytes[at]! - zero
      while (digit >>> 0 < 10) {
        fraction = (Math.imul(fraction, 10) + digit) | 0
        digit = bytes[++at]! - zero
      }
      fractionDigits = at - start
    }
    this.end = at
    const short = wholeDigits !== 0 && wholeDigits <= maxInt32Digits && fractionDigits <= maxInt32Digits
    if (!short || fractionDigits > decimals || decimals >= powersOfTen.length)
      return this.readText(bytes.toString('latin1', from, at), decimals, into, slot, roundDown)
    const value = whole * powersOfTen[decimals]! + fraction * powersOfTen[decimals - fractionDigits]!
    if (value > Number.MAX_SAFE_INTEGER)
      return this.readText(bytes.toString('latin1', from, at), decimals, into, slot, roundDown)
    into[slot] = value
    return gridRead.ok
  }
}
