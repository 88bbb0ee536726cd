import { beforeEach, describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-test-instrument.js'
import { BookChanges } from './book-changes.js'
import { OrderBook } from './order-book.js'

let book: OrderBook
beforeEach(() => {
  book = new OrderBook(createTestInstrument())
})

function changes(bids: readonly [number, number][], asks: readonly [number, number][], sequence: number): BookChanges {
  const result = new BookChanges(16)
  for (const [index, [price, quantity]] of [...bids, ...asks].entries()) {
    result.priceTicks[index] = price
    result.quantityLots[index] = quantity
  }
  result.bidEnd = bids.length
  result.askEnd = bids.length + asks.length
  result.lastSequence = sequence
  result.exchangeTimeMs = 1000 + sequence
  return result
}

describe('OrderBook', () => {
  it('begins untrusted', () => {
    expect(book.distrust(0, 1000)).toBe('syncing')
  })

  it('takes a snapshot and changes to it', () => {
    book.load(changes([[99, 1]], [[101, 2]], 1))
    book.apply(changes([[100, 3]], [], 2))
    book.apply(
      changes(
        [],
        [
          [101, 0],
          [102, 4],
        ],
        3,
      ),
    )
    expect([book.bids.priceTicksAt(0), book.asks.priceTicksAt(0)]).toEqual([100, 102])
    expect(book).toMatchObject({ sequence: 3, exchangeTimeMs: 1003, version: 3 })
    book.load(changes([[50, 1]], [[60, 1]], 9))
    expect([book.bids.depth, book.asks.depth]).toEqual([1, 1])
  })

  it('says the first reason for which it may not be quoted from', () => {
    book.trust = 'trusted'
    expect(book.distrust(0, 1000)).toBe('empty')
    book.load(changes([[99, 1]], [], 1))
    expect(book.distrust(0, 1000)).toBe('empty')
    book.load(changes([[101, 1]], [[101, 1]], 2))
    expect(book.isCrossed()).toBe(true)
    expect(book.distrust(0, 1000)).toBe('crossed')
    book.load(changes([[99, 1]], [[101, 1]], 3))
    book.receivedAtUs = 5000
    expect(book.distrust(6000, 1000)).toBeUndefined()
    expect(book.distrust(6001, 1000)).toBe('stale')
  })

  it('stays in quarantine with its cause', () => {
    book.load(changes([[99, 1]], [[101, 1]], 1))
    book.trust = 'trusted'
    const { version } = book
    book.quarantine('gap')
    expect(book.distrust(0, 1000)).toBe('gap')
    expect(book.version).toBe(version + 1)
  })
})
