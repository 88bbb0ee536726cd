import { BookChanges, Decimal, OrderBook } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/test-instrument.js'
import type { TrueBook, VenueTruth } from './conformance-venue.js'
import { expectTrueBook, expectTrueLevels, isCurrent } from './truth-checks.js'
import * as entry from './index.js'

const truth: TrueBook = {
  sequence: 7,
  bids: [
    ['100.0', '1'],
    ['99', '2'],
  ],
  asks: [['101', '3.50']],
}
const venue = { bookAt: (sequence: number) => (sequence === 7 ? truth : undefined) } as VenueTruth

function bookOf(bids: readonly (readonly [number, number])[], sequence = 7): OrderBook {
  const instrument = createTestInstrument({ tickSize: Decimal.one, lotSize: Decimal.parse('0.1') })
  const changes = new BookChanges(8)
  const rows = [...bids, [101, 35] as const]
  for (const [i, [price, quantity]] of rows.entries()) {
    changes.priceTicks[i] = price
    changes.quantityLots[i] = quantity
  }
  changes.bidEnd = bids.length
  changes.askEnd = rows.length
  changes.lastSequence = sequence
  const book = new OrderBook(instrument)
  book.load(changes)
  book.trust = 'trusted'
  return book
}
const right = [
  [100, 10],
  [99, 20],
] as const

describe('the checks against the truth', () => {
  it('pass a book that is right, whole or as deep as the stream', () => {
    expectTrueBook(bookOf(right), venue, undefined)
    expectTrueBook(bookOf(right.slice(0, 1)), venue, 1)
  })

  it('fail one that lacks a level, has another quantity, or stands at a counter that never was', () => {
    expect(() => expectTrueBook(bookOf(right.slice(0, 1)), venue, undefined)).toThrow()
    expect(() =>
      expectTrueBook(
        bookOf([
          [100, 10],
          [99, 21],
        ]),
        venue,
        undefined,
      ),
    ).toThrow()
    expect(() => expectTrueBook(bookOf(right, 8), venue, undefined)).toThrow('the venue never stood at 8')
  })

  it('compare answered levels by value, as deep as asked', () => {
    const level = (price: string, quantity: string) => ({
      price: Decimal.parse(price),
      quantity: Decimal.parse(quantity),
    })
    expectTrueLevels([level('100', '1.0')], truth.bids, 1, { contractSize: Decimal.one })
    expectTrueLevels([level('100', '100')], truth.bids, 1, { contractSize: Decimal.parse('0.01') })
    expect(() => expectTrueLevels([level('100', '1')], truth.bids, 2, { contractSize: Decimal.one })).toThrow()
  })

  it('know a book that has arrived', () => {
    expect(isCurrent(bookOf(right), truth)).toBe(true)
    expect(isCurrent(bookOf(right, 6), truth)).toBe(false)
    expect(isCurrent(undefined, truth)).toBe(false)
  })
})

describe('the conformance entry', () => {
  it('exports what it says', () => {
    expect(Object.keys(entry)).toEqual(['describeConformance'])
  })
})
