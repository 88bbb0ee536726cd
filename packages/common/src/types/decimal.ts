import type { Rounding } from './rounding.js'

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/
const powers: bigint[] = []

/** 10 to the power of `n`, remembered. */
function powerOfTen(n: number): bigint {
  return (powers[n] ??= 10n ** BigInt(n))
}

/** Powers of ten that doubles hold exactly. */
const exactPowers = Array.from({ length: 23 }, (_, n) => Number(powerOfTen(n)))
const largest = Number.MAX_SAFE_INTEGER
const largestBig = BigInt(largest)

/** Integers as doubles as long as these are exact, which costs a fraction; beyond that as what they are. */
type Mantissa = number | bigint

const isExact = (value: number): boolean => value <= largest && value >= -largest

const shortest = (value: bigint): Mantissa => (value <= largestBig && value >= -largestBig ? Number(value) : value)

/**
 * An exact decimal number: `mantissa × 10^-scale`. Immutable. Sums, differences and products lose nothing; only
 * `dividedBy` and `toMultipleOf` can, and both name their direction.
 *
 * For accounts, fees and reports. On the way of a tick prices and quantities are integers (see `Instrument`).
 *
 * @example Decimal.parse('0.1').plus(Decimal.parse('0.2')).toString() // '0.3'
 */
export class Decimal {
  static readonly zero = new Decimal(0, 0)
  static readonly one = new Decimal(1, 0)

  /** @param value - A double wherever it is exact, so that equal numbers of one scale are the same. */
  private constructor(
    private readonly value: Mantissa,
    readonly scale: number,
  ) {}

  /** `mantissa × 10^-scale`, for integers that come from ticks, lots or minor units. */
  static of(mantissa: bigint | number, scale = 0): Decimal {
    // What is no integer throws here.
    const isPlain = typeof mantissa === 'number' && Number.isSafeInteger(mantissa)
    return new Decimal(isPlain ? mantissa + 0 : shortest(BigInt(mantissa)), scale)
  }

  get mantissa(): bigint {
    return typeof this.value === 'bigint' ? this.value : BigInt(this.value)
  }

  /**
   * Reads a decimal text such as `0.0001`, `-3`, `1e-8`.
   *
   * @throws TypeError when the text is no finite decimal number.
   */
  static parse(text: string): Decimal {
    const value = Decimal.tryParse(text)
    if (value === undefined) throw new TypeError(`'${text.slice(0, 40)}' is no decimal number.`)
    return value
  }

  /** As `parse`, with `undefined` for a text that is no decimal number. */
  static tryParse(text: string): Decimal | undefined {
    const parts = pattern.exec(text)
    if (parts === null) return undefined
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
    if (whole === '' && fraction === '') return undefined
    const digits = BigInt(whole + fraction)
    const mantissa = sign === '-' ? -digits : digits
    const scale = fraction.length - Number(exponent)
    return scale >= 0 ? new Decimal(shortest(mantissa), scale) : Decimal.of(mantissa * powerOfTen(-scale))
  }

  /**
   * The shortest decimal text that names this double, exactly.
   *
   * @throws TypeError for NaN and the infinities.
   */
  static fromNumber(value: number): Decimal {
    return Decimal.parse(String(value))
  }

  get sign(): -1 | 0 | 1 {
    return this.value > 0 ? 1 : this.value < 0 ? -1 : 0
  }

  get isZero(): boolean {
    return this.value === 0
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    const sum = this.exactAt(scale) + other.exactAt(scale)
    if (isExact(sum)) return new Decimal(sum, scale)
    return new Decimal(shortest(this.mantissaAt(scale) + other.mantissaAt(scale)), scale)
  }

  minus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    const difference = this.exactAt(scale) - other.exactAt(scale)
    if (isExact(difference)) return new Decimal(difference, scale)
    return new Decimal(shortest(this.mantissaAt(scale) - other.mantissaAt(scale)), scale)
  }

  times(other: Decimal): Decimal {
    const scale = this.scale + other.scale
    if (typeof this.value === 'number' && typeof other.value === 'number') {
      const product = this.value * other.value
      // Adding zero takes the sign off a zero.
      if (isExact(product)) return new Decimal(product + 0, scale)
    }
    return new Decimal(shortest(this.mantissa * other.mantissa), scale)
  }

  negated(): Decimal {
    return new Decimal(typeof this.value === 'number' ? 0 - this.value : -this.value, this.scale)
  }

  abs(): Decimal {
    return this.value < 0 ? this.negated() : this
  }

  /**
   * The quotient with `decimals` places, rounded as told.
   *
   * @throws RangeError when the divisor is zero, or when rounding is `exact` and digits would be lost.
   */
  dividedBy(divisor: Decimal, decimals: number, rounding: Rounding): Decimal {
    if (divisor.isZero) throw new RangeError(`${this.toString()} cannot be divided by zero.`)
    const scale = Math.max(this.scale, divisor.scale)
    const exactQuotient = divideExact(
      this.exactAt(scale) * (exactPowers[decimals] ?? Number.NaN),
      divisor.exactAt(scale),
      rounding,
    )
    const quotient =
      exactQuotient ?? divide(this.mantissaAt(scale) * powerOfTen(decimals), divisor.mantissaAt(scale), rounding)
    if (quotient === undefined)
      throw new RangeError(`${this.toString()} / ${divisor.toString()} is not exact with ${decimals} decimals.`)
    return new Decimal(typeof quotient === 'number' ? quotient : shortest(quotient), decimals)
  }

  /**
   * How many whole `step`s this is, rounded as told.
   *
   * @throws RangeError when `step` is not positive, or when rounding is `exact` and this is no multiple of it.
   */
  stepsOf(step: Decimal, rounding: Rounding): bigint {
    if (step.value <= 0) throw new RangeError(`A step of ${step.toString()} is not positive.`)
    const scale = Math.max(this.scale, step.scale)
    const exactSteps = divideExact(this.exactAt(scale), step.exactAt(scale), rounding)
    if (exactSteps !== undefined) return BigInt(exactSteps)
    const steps = divide(this.mantissaAt(scale), step.mantissaAt(scale), rounding)
    if (steps === undefined) throw new RangeError(`${this.toString()} is no multiple of ${step.toString()}.`)
    return steps
  }

  /** The nearest multiple of `step` in the direction told. Throws as `stepsOf` does. */
  toMultipleOf(step: Decimal, rounding: Rounding): Decimal {
    return new Decimal(shortest(this.stepsOf(step, rounding) * step.mantissa), step.scale)
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale)
    const difference = this.exactAt(scale) - other.exactAt(scale)
    // The difference of two exact doubles has the right sign even where it is not exact itself.
    if (!Number.isNaN(difference)) return difference < 0 ? -1 : difference > 0 ? 1 : 0
    const a = this.mantissaAt(scale)
    const b = other.mantissaAt(scale)
    return a < b ? -1 : a > b ? 1 : 0
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0
  }

  lessThan(other: Decimal): boolean {
    return this.compare(other) < 0
  }

  greaterThan(other: Decimal): boolean {
    return this.compare(other) > 0
  }

  static min(a: Decimal, b: Decimal): Decimal {
    return b.lessThan(a) ? b : a
  }

  static max(a: Decimal, b: Decimal): Decimal {
    return b.greaterThan(a) ? b : a
  }

  /** Decimal places needed to write this number, trailing zeros left out. */
  get decimals(): number {
    const text = this.toString()
    const point = text.indexOf('.')
    return point < 0 ? 0 : text.length - point - 1
  }

  /** The nearest double; for ratios, statistics and display only. */
  toNumber(): number {
    const power = exactPowers[this.scale]
    // Both are exact, so the quotient is the nearest double.
    return typeof this.value === 'number' && power !== undefined ? this.value / power : Number(this.toString())
  }

  /** Plain digits: no exponent, no trailing zeros, no plus sign, no negative zero. */
  toString(): string {
    const { value, scale } = this
    const power = exactPowers[scale]
    if (typeof value === 'number' && power !== undefined) return toPlainText(value, scale, power)
    const digits = (this.value < 0 ? -this.value : this.value).toString().padStart(this.scale + 1, '0')
    const sign = this.value < 0 ? '-' : ''
    if (this.scale === 0) return sign + digits
    const whole = digits.slice(0, -this.scale)
    const fraction = digits.slice(-this.scale).replace(/0+$/, '')
    return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
  }

  /** Digits with exactly `places` decimals, for venues that pad. Cuts towards zero what does not fit. */
  toFixed(places: number): string {
    const cut = this.scale > places ? this.mantissa / powerOfTen(this.scale - places) : this.mantissaAt(places)
    const digits = (cut < 0n ? -cut : cut).toString().padStart(places + 1, '0')
    const sign = cut < 0n ? '-' : ''
    return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
  }

  toJSON(): string {
    return this.toString()
  }

  /** The mantissa at a scale that is not smaller, as a double; NaN where that is not exact. */
  private exactAt(scale: number): number {
    const { value } = this
    if (typeof value !== 'number') return Number.NaN
    if (scale === this.scale) return value
    const scaled = value * (exactPowers[scale - this.scale] ?? Number.NaN)
    return isExact(scaled) ? scaled : Number.NaN
  }

  private mantissaAt(scale: number): bigint {
    return scale === this.scale ? this.mantissa : this.mantissa * powerOfTen(scale - this.scale)
  }
}

/** The digits of `value / power`, where `power` is ten to the power of `scale`; both doubles are exact. */
function toPlainText(value: number, scale: number, power: number): string {
  const magnitude = value < 0 ? -value : value
  let fraction = magnitude % power
  const whole = `${value < 0 ? '-' : ''}${(magnitude - fraction) / power}`
  if (fraction === 0) return whole
  let places = scale
  while (fraction % 10 === 0) {
    fraction /= 10
    places--
  }
  return `${whole}.${String(fraction).padStart(places, '0')}`
}

/** As `divide`, of doubles; `undefined` too where one of them is not exact. */
function divideExact(a: number, b: number, rounding: Rounding): number | undefined {
  if (!isExact(a) || Number.isNaN(b)) return undefined
  const remainder = a % b
  const quotient = (a - remainder) / b
  if (remainder === 0) return quotient + 0
  const negative = remainder < 0 !== b < 0
  switch (rounding) {
    case 'down':
      return (negative ? quotient - 1 : quotient) + 0
    case 'up':
      return (negative ? quotient : quotient + 1) + 0
    case 'exact':
      return undefined
  }
}

/** `a / b` rounded as told; `undefined` when `exact` was asked and there is a remainder. */
function divide(a: bigint, b: bigint, rounding: Rounding): bigint | undefined {
  const quotient = a / b
  const remainder = a % b
  if (remainder === 0n) return quotient
  const negative = remainder < 0n !== b < 0n
  switch (rounding) {
    case 'down':
      return negative ? quotient - 1n : quotient
    case 'up':
      return negative ? quotient : quotient + 1n
    case 'exact':
      return undefined
  }
}
