import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from './decimal.js'
import type { Rounding } from './rounding.js'

/** The naive model: a fraction of two integers, never shortened. */
interface Rational {
  readonly n: bigint
  readonly d: bigint
}

/** Small ones, ones about the largest that a double holds exactly, and ones far beyond. */
const mantissas = fc.oneof(
  fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: -(2n ** 53n) - 3n, max: -(2n ** 53n) + 3n }),
  fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
)
const decimals = fc
  .tuple(mantissas, fc.integer({ min: 0, max: 25 }))
  .map(([mantissa, scale]) => Decimal.of(mantissa, scale))
const positive = decimals.map((value) => value.abs()).filter((value) => !value.isZero)
const roundings = fc.constantFrom<Rounding>('down', 'up')

const rational = (value: Decimal): Rational => ({ n: value.mantissa, d: 10n ** BigInt(value.scale) })
const sameNumber = (value: Decimal, { n, d }: Rational): boolean =>
  value.mantissa * d === n * 10n ** BigInt(value.scale)

/** Floor of a fraction with any signs. */
function floor({ n, d }: Rational): bigint {
  const [top, bottom] = d < 0n ? [-n, -d] : [n, d]
  const quotient = top / bottom
  return top % bottom !== 0n && top < 0n ? quotient - 1n : quotient
}
const ceiling = ({ n, d }: Rational): bigint => -floor({ n: -n, d })
const rounded = (value: Rational, rounding: Rounding): bigint => (rounding === 'down' ? floor(value) : ceiling(value))

describe('Decimal against fractions of integers', () => {
  it('adds, subtracts and multiplies without losing anything', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [x, y] = [rational(a), rational(b)]
        expect(sameNumber(a.plus(b), { n: x.n * y.d + y.n * x.d, d: x.d * y.d })).toBe(true)
        expect(sameNumber(a.minus(b), { n: x.n * y.d - y.n * x.d, d: x.d * y.d })).toBe(true)
        expect(sameNumber(a.times(b), { n: x.n * y.n, d: x.d * y.d })).toBe(true)
      }),
    )
  })

  it('divides and rounds in the direction it is told', () => {
    fc.assert(
      fc.property(decimals, decimals, fc.integer({ min: 0, max: 12 }), roundings, (a, b, places, rounding) => {
        fc.pre(!b.isZero)
        const [x, y] = [rational(a), rational(b)]
        const quotient = { n: x.n * y.d * 10n ** BigInt(places), d: x.d * y.n }
        expect(a.dividedBy(b, places, rounding).mantissa).toBe(rounded(quotient, rounding))
      }),
    )
  })

  it('counts steps and finds the neighbouring multiple', () => {
    fc.assert(
      fc.property(decimals, positive, roundings, (a, step, rounding) => {
        const [x, y] = [rational(a), rational(step)]
        const steps = rounded({ n: x.n * y.d, d: x.d * y.n }, rounding)
        expect(a.stepsOf(step, rounding)).toBe(steps)
        const multiple = a.toMultipleOf(step, rounding)
        expect(sameNumber(multiple, { n: steps * y.n, d: y.d })).toBe(true)
        expect(multiple.toMultipleOf(step, 'exact').equals(multiple)).toBe(true)
      }),
    )
  })

  it('orders as the fractions do', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const difference = a.mantissa * 10n ** BigInt(b.scale) - b.mantissa * 10n ** BigInt(a.scale)
        const order = difference < 0n ? -1 : difference > 0n ? 1 : 0
        expect(a.compare(b)).toBe(order)
        expect([a.lessThan(b), a.equals(b), a.greaterThan(b)]).toEqual([order < 0, order === 0, order > 0])
        expect(Decimal.min(a, b).compare(Decimal.max(a, b))).not.toBe(1)
        expect(Decimal.max(a, b).plus(Decimal.min(a, b)).equals(a.plus(b))).toBe(true)
      }),
    )
  })

  it('reads what it writes, and writes one text for one number', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 5 }), (a, zeros) => {
        expect(Decimal.parse(a.toString()).equals(a)).toBe(true)
        const padded = Decimal.of(a.mantissa * 10n ** BigInt(zeros), a.scale + zeros)
        expect(padded.toString()).toBe(a.toString())
        expect(a.toString()).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/)
      }),
    )
  })

  it('is the same object in all its parts, however a number of one scale came about', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const there = a.plus(b)
        const back = there.minus(b)
        expect(back).toStrictEqual(Decimal.of(a.mantissa * 10n ** BigInt(back.scale - a.scale), back.scale))
        expect(a.minus(a)).toStrictEqual(Decimal.of(0n, a.scale))
        expect(a.negated().negated()).toStrictEqual(a)
        expect(a.times(b)).toStrictEqual(Decimal.of(a.mantissa * b.mantissa, a.scale + b.scale))
      }),
    )
  })

  it('gives the double that its text names', () => {
    fc.assert(
      fc.property(decimals, (a) => {
        expect(a.toNumber()).toBe(Number(a.toString()))
      }),
    )
  })

  it('reads any double exactly as its shortest text says', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Decimal.fromNumber(value).toNumber()).toBe(value === 0 ? 0 : value)
      }),
    )
  })

  it('pads and cuts towards zero', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 25 }), (a, places) => {
        const text = a.toFixed(places)
        expect(text.split('.')[1]?.length ?? 0).toBe(places)
        const back = Decimal.parse(text)
        expect(back.abs().greaterThan(a.abs())).toBe(false)
        expect(a.minus(back).abs().lessThan(Decimal.of(1n, places))).toBe(true)
      }),
    )
  })
})

describe('Decimal', () => {
  it.each([
    ['0.0001', '0.0001'],
    ['-3', '-3'],
    ['+3.50', '3.5'],
    ['1e-8', '0.00000001'],
    ['1.5E3', '1500'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0', '0'],
    ['000', '0'],
    ['100', '100'],
  ])('reads %s as %s', (text, value) => {
    expect(Decimal.parse(text).toString()).toBe(value)
  })

  it.each(['', '.', '-', 'e5', '1e', '0x10', '1,5', ' 1', '1 ', 'NaN', 'Infinity', '1e1000', '--1', '1.2.3'])(
    "does not take '%s' for a number",
    (text) => {
      expect(Decimal.tryParse(text)).toBeUndefined()
      expect(() => Decimal.parse(text)).toThrow(TypeError)
    },
  )

  it('refuses doubles that are no numbers', () => {
    expect(() => Decimal.fromNumber(Number.NaN)).toThrow(TypeError)
    expect(() => Decimal.fromNumber(Number.POSITIVE_INFINITY)).toThrow(TypeError)
  })

  it('refuses to divide by zero, and steps that are not positive', () => {
    expect(() => Decimal.one.dividedBy(Decimal.zero, 2, 'down')).toThrow(RangeError)
    expect(() => Decimal.one.stepsOf(Decimal.zero, 'down')).toThrow(RangeError)
    expect(() => Decimal.one.stepsOf(Decimal.parse('-1'), 'down')).toThrow(RangeError)
  })

  it('refuses to lose digits when told to be exact', () => {
    expect(() => Decimal.one.dividedBy(Decimal.of(3n), 5, 'exact')).toThrow(RangeError)
    expect(() => Decimal.parse('0.15').toMultipleOf(Decimal.parse('0.1'), 'exact')).toThrow(RangeError)
    expect(Decimal.one.dividedBy(Decimal.of(8n), 3, 'exact').toString()).toBe('0.125')
  })

  it('knows its sign and its places', () => {
    expect([Decimal.parse('-2').sign, Decimal.zero.sign, Decimal.one.sign]).toEqual([-1, 0, 1])
    expect([Decimal.parse('1.50').decimals, Decimal.of(100n).decimals, Decimal.of(100n, 2).decimals]).toEqual([1, 0, 0])
    expect(Decimal.parse('-2').negated().toString()).toBe('2')
    expect(Decimal.parse('-0.001').toFixed(2)).toBe('0.00')
  })

  it('is a text in JSON', () => {
    expect(JSON.stringify({ price: Decimal.parse('0.10') })).toBe('{"price":"0.1"}')
  })
})
