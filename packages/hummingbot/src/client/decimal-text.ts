const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
/** Digits as they may stay: no sign, no exponent, no zero in front. */
const plainPattern = /^(?:0|[1-9]\d{0,39})(?:\.\d{1,40})?$/
const maxExponent = 40
const maxDigits = 40

/** Whether a value is decimal text that needs no change; the quick way for what comes by the thousand. */
export const isPlainDecimalText = (value: unknown): value is string =>
  typeof value === 'string' && plainPattern.test(value)

/** A decimal in plain digits, and its sign. */
export interface PlainDecimal {
  readonly sign: -1 | 0 | 1
  /** No sign, no exponent; trailing zeros of a text are kept. */
  readonly text: string
}

/**
 * Reads a decimal by the protocol's grammar (R5): digits, at most one point, an exponent of at most 40; no blanks, no
 * grouping, no `NaN`. A number is taken by its shortest round-trip form. Nothing passes through binary floating point.
 *
 * @returns `undefined` when `value` is no such decimal.
 * @example readDecimal('1.50E1') // { sign: 1, text: '15.0' }
 */
export function readDecimal(value: unknown): PlainDecimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? readText(String(value)) : undefined
  return typeof value === 'string' ? readText(value) : undefined
}

/**
 * Decimal text as results carry it: plain digits with a minus where there is one.
 *
 * @returns `undefined` when `value` is no decimal.
 */
export function toDecimalText(value: unknown): string | undefined {
  if (isPlainDecimalText(value)) return value
  const decimal = readDecimal(value)
  if (decimal === undefined) return undefined
  return decimal.sign < 0 ? `-${decimal.text}` : decimal.text
}

function readText(text: string): PlainDecimal | undefined {
  const parts = pattern.exec(text)
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = '', exponentText = '0'] = parts
  if (whole === '' && fraction === '') return undefined
  const exponent = Number(exponentText)
  if (Math.abs(exponent) > maxExponent) return undefined
  const plain = shiftPoint(whole, fraction, exponent)
  const [integerDigits = '', fractionDigits = ''] = plain.split('.')
  if (integerDigits.length > maxDigits || fractionDigits.length > maxDigits) return undefined
  return { sign: !/[1-9]/.test(plain) ? 0 : sign === '-' ? -1 : 1, text: plain }
}

/** Moves the point by `exponent` places and tidies: one digit before the point, no bare point behind. */
function shiftPoint(whole: string, fraction: string, exponent: number): string {
  const digits = whole + fraction
  const point = whole.length + exponent
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0')
  const at = Math.max(0, point)
  const integerDigits = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0'
  const fractionDigits = padded.slice(at)
  return fractionDigits === '' ? integerDigits : `${integerDigits}.${fractionDigits}`
}
