import { OrderBook } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { setBook } from '../testing/simulated-market-data-feed.js'
import { walkDepth } from './depth-walk.js'

const instrument = createTestInstrument()

it('takes whole levels and a part of the last', () => {
  const book = setBook(
    new OrderBook(instrument),
    [['99', '1']],
    [
      ['100', '1'],
      ['101', '2'],
    ],
  )
  expect(walkDepth(book.asks, 15_000)).toEqual({
    quantityLots: 15_000,
    worstPriceTicks: 10_100,
    tickLots: 150_500_000,
  })
})

it('says how much there is where a side is too thin, and nothing of an empty one', () => {
  const book = setBook(new OrderBook(instrument), [], [['100', '1']])
  expect(walkDepth(book.asks, 20_000).quantityLots).toBe(10_000)
  expect(walkDepth(book.bids, 1)).toEqual({ quantityLots: 0, worstPriceTicks: Number.NaN, tickLots: 0 })
})

it('sums exactly, also beyond what doubles can hold', () => {
  const side = (levels: readonly { price: number; lots: number }[]) => ({
    depth: levels.length,
    priceTicksAt: (rank: number) => levels[rank]!.price,
    quantityLotsAt: (rank: number) => levels[rank]!.lots,
  })
  const level = fc.record({ price: fc.integer({ min: 1, max: 2 ** 40 }), lots: fc.integer({ min: 1, max: 2 ** 40 }) })
  fc.assert(
    fc.property(fc.array(level, { maxLength: 6 }), (levels) => {
      const walk = walkDepth(side(levels) as never, 2 ** 52)
      expect(BigInt(walk.tickLots)).toBe(
        levels.reduce((sum, { price, lots }) => sum + BigInt(price) * BigInt(lots), 0n),
      )
    }),
  )
})
