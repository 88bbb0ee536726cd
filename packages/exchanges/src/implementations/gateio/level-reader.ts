import type { BookChanges, Instrument } from '@cex-arbitrage/common'
import { type GridReader, gridRead } from '../../decoding/grid-reader.js'
import { notPlain, skipNumber } from '../../decoding/json-bytes.js'

const enum Byte {
  Quote = 34,
  Comma = 44,
  Dot = 46,
  Zero = 48,
  Colon = 58,
  OpenBracket = 91,
  CloseBracket = 93,
  OpenBrace = 123,
  CloseBrace = 125,
}

/** So many digits fit an int32 whatever they are, and so many a double. */
const maxInt32Digits = 9
const safeDigits = 15
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** Reads lists of levels from a frame's bytes into the next slots of a scratch: `["1.5","3"]`, or `{"p":"1.5","s":3}`. */
export class GateioLevelReader {
  /** The next slot to be filled. */
  slot = 0

  constructor(
    private readonly changes: BookChanges,
    private readonly grid: GridReader,
  ) {}

  /**
   * The list whose bracket is at `p`.
   *
   * @returns the position after it, or `notPlain` for a shape that is new, a malformed number or a price off its grid.
   */
  read(b: Buffer, p: number, end: number, instrument: Instrument): number {
    if (b[p] !== Byte.OpenBracket) return notPlain
    if (b[p + 1] === Byte.CloseBracket) return p + 2
    const priceDecimals = instrument.priceDecimals
    const quantityDecimals = instrument.quantityDecimals
    const { priceTicks, quantityLots, capacity } = this.changes
    const grid = this.grid
    const priceFraction = Math.min(maxInt32Digits, priceDecimals)
    const quantityFraction = Math.min(maxInt32Digits, quantityDecimals)
    const priceWhole = Math.min(maxInt32Digits, safeDigits - priceDecimals)
    const quantityWhole = Math.min(maxInt32Digits, safeDigits - quantityDecimals)
    const priceUnit = powersOfTen[priceDecimals]!
    const quantityUnit = powersOfTen[quantityDecimals]!
    let slot = this.slot
    for (;;) {
      p++
      if (slot === capacity || p >= end) return notPlain
      if (b[p] === Byte.OpenBracket) {
        if (b[p + 1] !== Byte.Quote) return notPlain
        // Both numbers are read in place: a call for each costs a third of the frame. What is long goes to the reader.
        const priceAt = p + 2
        p = priceAt
        let whole = 0
        let fraction = 0
        let fractionFrom = 0
        let digit = b[p]! - Byte.Zero
        while (digit >>> 0 < 10) {
          whole = (Math.imul(whole, 10) + digit) | 0
          digit = b[++p]! - Byte.Zero
        }
        let wholeDigits = p - priceAt
        let fractionDigits = 0
        if (b[p] === Byte.Dot) {
          fractionFrom = ++p
          digit = b[p]! - Byte.Zero
          while (digit >>> 0 < 10) {
            fraction = (Math.imul(fraction, 10) + digit) | 0
            digit = b[++p]! - Byte.Zero
          }
          fractionDigits = p - fractionFrom
        }
        if (b[p] !== Byte.Quote || b[p + 1] !== Byte.Comma || b[p + 2] !== Byte.Quote) return notPlain
        if (wholeDigits > 0 && wholeDigits <= priceWhole && fractionDigits <= priceFraction)
          priceTicks[slot] = whole * priceUnit + fraction * powersOfTen[priceDecimals - fractionDigits]!
        else if (grid.readPrice(b, priceAt, priceDecimals, priceTicks, slot) !== gridRead.ok) return notPlain
        const quantityAt = p + 3
        p = quantityAt
        whole = 0
        fraction = 0
        digit = b[p]! - Byte.Zero
        while (digit >>> 0 < 10) {
          whole = (Math.imul(whole, 10) + digit) | 0
          digit = b[++p]! - Byte.Zero
        }
        wholeDigits = p - quantityAt
        fractionDigits = 0
        if (b[p] === Byte.Dot) {
          fractionFrom = ++p
          digit = b[p]! - Byte.Zero
          while (digit >>> 0 < 10) {
            fraction = (Math.imul(fraction, 10) + digit) | 0
            digit = b[++p]! - Byte.Zero
          }
          fractionDigits = p - fractionFrom
        }
        if (b[p] !== Byte.Quote || b[p + 1] !== Byte.CloseBracket) return notPlain
        if (wholeDigits > 0 && wholeDigits <= quantityWhole && fractionDigits <= quantityFraction)
          quantityLots[slot] = whole * quantityUnit + fraction * powersOfTen[quantityDecimals - fractionDigits]!
        else if (grid.readQuantity(b, quantityAt, quantityDecimals, quantityLots, slot) !== gridRead.ok) return notPlain
        p += 2
      } else if (b[p] === Byte.OpenBrace) {
        p = this.readObjectLevel(b, p, slot, priceDecimals, quantityDecimals)
        if (p < 0) return p
      } else return notPlain
      slot++
      if (b[p] === Byte.Comma) continue
      if (b[p] !== Byte.CloseBracket) return notPlain
      this.slot = slot
      return p + 1
    }
  }

  /** `{"p":"1.5","s":3}` of futures, in either order; the size a number or a text. */
  private readObjectLevel(b: Buffer, p: number, slot: number, priceDecimals: number, quantityDecimals: number): number {
    const grid = this.grid
    let members = 0
    for (;;) {
      if (b[p + 1] !== Byte.Quote || b[p + 3] !== Byte.Quote || b[p + 4] !== Byte.Colon) return notPlain
      const name = b[p + 2]
      const quoted = b[p + 5] === Byte.Quote ? 1 : 0
      const from = p + 5 + quoted
      let read: number
      if (name === 112) read = grid.readPrice(b, from, priceDecimals, this.changes.priceTicks, slot)
      else if (name === 115) read = grid.readQuantity(b, from, quantityDecimals, this.changes.quantityLots, slot)
      else return notPlain
      if (quoted === 0 && skipNumber(b, from) !== grid.end) return notPlain
      members += name === 112 ? 1 : 2
      p = grid.end
      if (quoted === 1 && b[p++] !== Byte.Quote) return notPlain
      if (b[p] !== Byte.Comma && b[p] !== Byte.CloseBrace) return notPlain
      if (read !== gridRead.ok) return notPlain
      if (b[p] === Byte.CloseBrace) return members === 3 ? p + 1 : notPlain
    }
  }
}
