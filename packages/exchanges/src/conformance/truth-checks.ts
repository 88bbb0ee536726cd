import { Decimal, type BookLevel, type Instrument, type OrderBook } from '@cex-arbitrage/common'
import type { BookSide } from '@cex-arbitrage/common'
import { expect } from 'vitest'
import type { TrueBook, TrueLevel, VenueTruth } from './conformance-venue.js'

/** Plain text of a decimal, so that `1.50` equals `1.5`. */
export const plain = (text: string): string => Decimal.parse(text).toString()

/** Plain text of a quantity in base; that of a perpetual is in contracts. */
export const inBase = (quantity: Decimal, { contractSize }: Pick<Instrument, 'contractSize'>): string =>
  quantity.times(contractSize).toString()

const plainLevels = (levels: readonly TrueLevel[]): readonly string[] =>
  levels.map(([price, quantity]) => `${plain(price)} x ${plain(quantity)}`)

const answeredLevels = (
  levels: readonly BookLevel[],
  instrument: Pick<Instrument, 'contractSize'>,
): readonly string[] => levels.map(({ price, quantity }) => `${price.toString()} x ${inBase(quantity, instrument)}`)

function keptLevels(book: OrderBook, side: BookSide): readonly string[] {
  const { instrument } = book
  return Array.from({ length: side.depth }, (_, rank) => {
    const price = instrument.ticksToPrice(side.priceTicksAt(rank))
    return `${price.toString()} x ${inBase(instrument.lotsToQuantity(side.quantityLotsAt(rank)), instrument)}`
  })
}

/** One side holds the best levels of the truth: all of them, or as many as the stream keeps. */
function expectBest(kept: readonly string[], truth: readonly string[], depth: number | undefined): void {
  const wanted = depth === undefined ? truth.length : Math.min(truth.length, depth)
  expect(kept).toEqual(truth.slice(0, wanted))
}

/** A trusted book equals the truth at its own counter. */
export function expectTrueBook(book: OrderBook, truth: VenueTruth, depth: number | undefined): void {
  const at = truth.bookAt(book.sequence)
  expect(at, `the venue never stood at ${book.sequence}`).toBeDefined()
  expectBest(keptLevels(book, book.bids), plainLevels(at!.bids), depth)
  expectBest(keptLevels(book, book.asks), plainLevels(at!.asks), depth)
}

/** A queried side equals the truth, as deep as it was asked for. */
export function expectTrueLevels(
  levels: readonly BookLevel[],
  truth: readonly TrueLevel[],
  depth: number,
  instrument: Pick<Instrument, 'contractSize'>,
): void {
  expect(answeredLevels(levels, instrument)).toEqual(plainLevels(truth).slice(0, depth))
}

/** Whether a book has arrived at the venue's present state. */
export const isCurrent = (book: OrderBook | undefined, truth: TrueBook): boolean =>
  book?.trust === 'trusted' && book.sequence === truth.sequence
