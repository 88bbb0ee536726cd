import { Decimal } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GridReader, gridRead } from './grid-reader.js'

const into = new Float64Array(2)
const price = (reader: GridReader, text: string, decimals: number): number => {
  const result = reader.readPrice(Buffer.from(`["${text}"`), 2, decimals, into, 1)
  return result === gridRead.ok ? into[1]! : result
}
const quantity = (reader: GridReader, text: string, decimals: number): number => {
  const result = reader.readQuantity(Buffer.from(`["${text}"`), 2, decimals, into, 1)
  return result === gridRead.ok ? into[1]! : result
}

const decimalText = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.integer({ min: 0, max: 14 }))
  .map(([mantissa, scale]) => Decimal.of(mantissa, scale).toFixed(scale))

describe('GridReader', () => {
  it('reads prices exactly, trailing zeros and all', () => {
    const reader = new GridReader()
    expect(price(reader, '19137.74', 2)).toBe(1_913_774)
    expect(reader.end).toBe(10)
    expect(price(reader, '0.4705000000', 4)).toBe(4705)
    expect(price(reader, '0.00000000012', 11)).toBe(12)
    expect(price(reader, '0', 3)).toBe(0)
  })

  it('refuses a price off its grid, one beyond 2^53 and no number at all', () => {
    const reader = new GridReader()
    expect(price(reader, '1.005', 2)).toBe(gridRead.offGrid)
    expect(price(reader, '9007199254740993', 0)).toBe(gridRead.offGrid)
    expect(price(reader, '999999999.9', 8)).toBe(gridRead.offGrid)
    expect(price(reader, '', 2)).toBe(gridRead.malformed)
    expect(price(reader, '-1', 2)).toBe(gridRead.malformed)
    expect(reader.readText('1e-2', 2, into, 0, false)).toBe(gridRead.ok)
    expect(into[0]).toBe(1)
  })

  it('rounds a quantity down, never up, and counts it', () => {
    const reader = new GridReader()
    expect(quantity(reader, '0.00899', 3)).toBe(8)
    expect(quantity(reader, '36.50154112', 3)).toBe(36_501)
    expect(quantity(reader, '99999999999', 8)).toBe(Number.MAX_SAFE_INTEGER)
    expect(reader.rounded).toBe(3)
    expect(quantity(reader, '0.008', 3)).toBe(8)
    expect(reader.rounded).toBe(3)
  })

  it('agrees with exact arithmetic on any number and grid', () => {
    fc.assert(
      fc.property(decimalText, fc.integer({ min: 0, max: 24 }), (text, decimals) => {
        const reader = new GridReader()
        const step = Decimal.of(1n, decimals)
        const steps = Decimal.parse(text).stepsOf(step, 'down')
        const fits = steps <= Number.MAX_SAFE_INTEGER
        const exact = fits && Decimal.of(steps, decimals).equals(Decimal.parse(text))
        expect(price(reader, text, decimals)).toBe(exact ? Number(steps) : gridRead.offGrid)
        expect(quantity(reader, text, decimals)).toBe(fits ? Number(steps) : Number.MAX_SAFE_INTEGER)
        expect(reader.rounded).toBe(exact ? 0 : 1)
      }),
    )
  })
})
