import { Decimal } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readScaledDecimal, scaledCut, scaledExact, scaledInvalid } from './scaled-decimal.js'

const read = (text: string, decimals: number): { readonly result: number; readonly value: number } => {
  const out = new Float64Array(1).fill(-7)
  const bytes = Buffer.from(`9${text}9`)
  const result = readScaledDecimal(bytes, 1, bytes.length - 1, decimals, out, 0)
  return { result, value: out[0]! }
}

describe('readScaledDecimal', () => {
  it.each([
    ['117053.41', 2, 11_705_341],
    ['0', 8, 0],
    ['0.00000000', 8, 0],
    ['93220.00', 2, 9_322_000],
    ['1.50', 1, 15],
    ['.5', 1, 5],
    ['5.', 1, 50],
    ['00012', 0, 12],
    ['62559185.39', 2, 6_255_918_539],
    ['9007199254740991', 0, Number.MAX_SAFE_INTEGER],
    ['0.123456789012345', 15, 123_456_789_012_345],
    ['1234567890123', 2, 123_456_789_012_300],
  ])('reads %s with %i decimals as %i steps', (text, decimals, steps) => {
    expect(read(text, decimals)).toEqual({ result: scaledExact, value: steps })
  })

  it.each([
    ['1.239', 2, 123],
    ['0.99999', 0, 0],
  ])('cuts %s down to %i decimals', (text, decimals, steps) => {
    expect(read(text, decimals)).toEqual({ result: scaledCut, value: steps })
  })

  it.each(['', '.', '-1', '+1', '1e3', '1.2.3', 'NaN', ' 1', '1 ', '9007199254740992', '99999999999999999999'])(
    'refuses %s and writes nothing',
    (text) => {
      expect(read(text, 0)).toEqual({ result: scaledInvalid, value: -7 })
    },
  )

  it('agrees with exact decimals for every text of digits', () => {
    const digits = (max: number) => fc.string({ unit: fc.nat(9).map(String), maxLength: max })
    fc.assert(
      fc.property(digits(17), fc.option(digits(19), { nil: undefined }), fc.nat(18), (whole, fraction, decimals) => {
        const text = fraction === undefined ? whole : `${whole}.${fraction}`
        const { result, value } = read(text, decimals)
        const expected = Decimal.tryParse(text)?.stepsOf(Decimal.of(1n, decimals), 'down')
        if (expected === undefined || expected > BigInt(Number.MAX_SAFE_INTEGER)) {
          expect(result).toBe(scaledInvalid)
          return
        }
        const isExact = Decimal.of(expected, decimals).equals(Decimal.parse(text))
        expect({ result, value: BigInt(value) }).toEqual({ result: isExact ? scaledExact : scaledCut, value: expected })
      }),
      { numRuns: 2_000 },
    )
  })
})
