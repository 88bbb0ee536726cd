import { Decimal, type BookChanges, type Instrument } from '@cex-arbitrage/common'
import fc from 'fast-check'

/** Price and quantity of a level as a frame spells them. */
export type SpelledLevel = readonly [price: string, quantity: string]

/** What a book frame says, as integers of the instrument's grids. */
export interface DecodedBook {
  readonly bids: readonly (readonly [priceTicks: number, quantityLots: number])[]
  readonly asks: readonly (readonly [priceTicks: number, quantityLots: number])[]
  readonly first: number
  readonly last: number
  readonly timeMs: number
  readonly isSnapshot: boolean
}

/** A copy of what a decoder has read. */
export function copyDecodedBook(changes: BookChanges): DecodedBook {
  const levels = (from: number, to: number) =>
    Array.from(
      { length: to - from },
      (_, i) => [changes.priceTicks[from + i]!, changes.quantityLots[from + i]!] as const,
    )
  return {
    bids: levels(0, changes.bidEnd),
    asks: levels(changes.bidEnd, changes.askEnd),
    first: changes.firstSequence,
    last: changes.lastSequence,
    timeMs: changes.exchangeTimeMs,
    isSnapshot: changes.isSnapshot,
  }
}

/** What a level comes to in exact arithmetic; `undefined` where a decoder must refuse it. */
export function expectedLevel(
  { priceDecimals, quantityDecimals }: Instrument,
  [price, quantity]: SpelledLevel,
): readonly [number, number] | undefined {
  const [ticks, lots] = [stepsOf(price, priceDecimals), stepsOf(quantity, quantityDecimals)]
  if (ticks === undefined || lots === undefined || !ticks.isExact || ticks.count > maxSteps) return undefined
  return [Number(ticks.count), Number(lots.count > maxSteps ? maxSteps : lots.count)]
}

const maxSteps = BigInt(Number.MAX_SAFE_INTEGER)

function stepsOf(text: string, decimals: number): { readonly count: bigint; readonly isExact: boolean } | undefined {
  const number = Decimal.tryParse(text)
  if (number === undefined || number.mantissa < 0n) return undefined
  const shift = decimals - number.scale
  if (shift >= 0) return { count: number.mantissa * 10n ** BigInt(shift), isExact: true }
  const unit = 10n ** BigInt(-shift)
  return { count: number.mantissa / unit, isExact: number.mantissa % unit === 0n }
}

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.nat(9).map(String), minLength, maxLength })

/** Decimal numbers as an exchange may spell them one day: ordinary ones mostly, and every odd one. */
export const numberText: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.nat(99_999), digits(1, 2)).map(([whole, rest]) => `${whole}.${rest}`) },
  { weight: 4, arbitrary: fc.nat(10_000_000).map(String) },
  { weight: 2, arbitrary: fc.nat(99_999).map((whole) => `${whole}.5000000000000000000000`) },
  { weight: 2, arbitrary: fc.tuple(digits(1, 20), digits(0, 2)).map(([whole, rest]) => `${whole}.${rest}`) },
  { weight: 1, arbitrary: fc.tuple(digits(1, 4), fc.integer({ min: -3, max: 12 })).map(([n, e]) => `${n}e${e}`) },
  { weight: 1, arbitrary: fc.tuple(digits(1, 3), digits(1, 3)).map(([n, rest]) => `${n}.${rest}E+2`) },
  { weight: 1, arbitrary: fc.constantFrom('0', '0.0', '00.10', '.5', '5.', '9007199254740991', '9007199254740992') },
)

/** Texts that are no number, or none that a book can hold. */
export const brokenNumber: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '-',
    '.',
    '-1',
    '-0.5',
    'NaN',
    'Infinity',
    '1e',
    'e1',
    '1..2',
    '1.2.3',
    '0x1',
    ' 1',
    '1 ',
    '１',
    '1,5',
  ),
  digits(1, 3).map((text) => `0.${'0'.repeat(20)}${text}`),
)
