import { Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import { SimulatedMarketDataFeed } from '../testing/simulated-market-data-feed.js'
import { BoardAssetValues } from './asset-values.js'
import { describeBoard } from './board-rows.js'
import { BookQuotes } from './book-quotes.js'
import { MarketBoard } from './market-board.js'
import { pairDistrust } from './quotability.js'

const alpha = createTestInstrument({ exchange: 'alpha' })
const beta = createTestInstrument({ exchange: 'beta', feeAssetRule: 'received', takerFee: '0.002' })
const ether = createTestInstrument({ exchange: 'alpha', base: 'ETH', quote: 'BTC' })

async function openBoard() {
  const clock = new ManualClock()
  const feed = new SimulatedMarketDataFeed(clock)
  const board = new MarketBoard([alpha, ether, beta])
  await board.attach(feed, [alpha, beta, ether])
  const changes: number[] = []
  board.setListener({ onMarketChange: (slot) => void changes.push(slot) })
  return { clock, feed, board, changes }
}

describe('the market board', () => {
  it('gives the instruments of one symbol neighbouring slots', async () => {
    const { board } = await openBoard()
    expect(board.instruments.map(({ id }) => id)).toEqual([alpha.id, beta.id, ether.id])
    expect(board.slotsOf(alpha.symbol)).toEqual([0, 1])
    expect(board.slotOf(ether.id)).toBe(2)
    expect(board.slotsOf('X/Y' as never)).toEqual([])
  })

  it('folds the fee of the venue into both sides, in quote or in what arrives', async () => {
    const { board, feed } = await openBoard()
    feed.set(alpha, [['99', '1']], [['100', '1']])
    feed.set(beta, [['99', '1']], [['100', '1']])
    expect(board.netBid[0]).toBeCloseTo(99 * 0.999, 10)
    expect(board.netAsk[0]).toBeCloseTo(100 * 1.001, 10)
    expect(board.netBid[1]).toBeCloseTo(99 * 0.998, 10)
    expect(board.netAsk[1]).toBeCloseTo(100 / 0.998, 10)
  })

  it('tells of a change of the best quotes, and of deeper ones only where asked to', async () => {
    const { board, feed, changes } = await openBoard()
    feed.set(alpha, [['99', '1']], [['100', '1']])
    feed.set(
      alpha,
      [
        ['99', '2'],
        ['98', '1'],
      ],
      [['100', '1']],
    )
    expect(changes).toEqual([0])
    board.watchClosely(0, true)
    feed.set(alpha, [['99', '3']], [['100', '1']])
    board.watchClosely(0, false)
    feed.set(alpha, [['99', '4']], [['100', '1']])
    expect(changes).toEqual([0, 0])
    expect([board.updates, board.topChanges]).toEqual([4, 1])
  })

  it.each(['gap', 'disconnected', 'corrupt'] as const)('takes back the quotes of a book after %s', async (cause) => {
    const { board, feed, changes } = await openBoard()
    feed.set(alpha, [['99', '1']], [['100', '1']])
    feed.quarantine(alpha, cause)
    expect([board.netBid[0], board.netAsk[0]]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    feed.set(alpha, [['99', '1']], [['100', '1']])
    expect(board.netBid[0]).toBeGreaterThan(0)
    expect(changes).toEqual([0, 0, 0])
  })

  it('quotes nothing from a crossed or one-sided book', async () => {
    const { board, feed } = await openBoard()
    feed.set(alpha, [['101', '1']], [['100', '1']])
    expect(board.netBid[0]).toBe(Number.NEGATIVE_INFINITY)
    feed.set(alpha, [['99', '1']], [])
    expect(board.netBid[0]).toBe(Number.NEGATIVE_INFINITY)
  })

  it('passes over books that are not on it and listens no more once detached', async () => {
    const { board, feed, changes } = await openBoard()
    feed.set(createTestInstrument({ exchange: 'gamma' }), [['99', '1']], [['100', '1']])
    feed.set(alpha, [['99', '1']], [['100', '1']])
    board.detach()
    feed.set(alpha, [['98', '1']], [['100', '1']])
    expect(changes).toEqual([0])
    expect(board.netBid[0]).toBe(Number.NEGATIVE_INFINITY)
    expect(feed.listenerCount).toBe(0)
  })

  it('listens once to a feed that is attached twice', async () => {
    const { board, feed } = await openBoard()
    await board.attach(feed, [alpha])
    expect(feed.listenerCount).toBe(1)
    expect(feed.subscribed.size).toBe(3)
  })
})

describe('whether a pair may be compared', () => {
  const limits = { maxQuoteAgeUs: 1_000_000, maxAgeSkewUs: 200_000 }

  it('wants both books trusted, young and about equally old', async () => {
    const { board, feed, clock } = await openBoard()
    feed.set(alpha, [['99', '1']], [['100', '1']])
    await clock.advance(150)
    feed.set(beta, [['99', '1']], [['100', '1']])
    const [one, other] = [board.bookAt(0)!, board.bookAt(1)!]
    expect(pairDistrust(one, other, clock.nowUs(), limits)).toBeUndefined()
    await clock.advance(900)
    expect(pairDistrust(one, other, clock.nowUs(), limits)).toBe('stale_quote')
    expect(pairDistrust(other, one, clock.nowUs(), limits)).toBe('stale_quote')
    feed.set(alpha, [['99', '1']], [['100', '1']])
    expect(pairDistrust(one, other, clock.nowUs(), limits)).toBe('age_skew')
    feed.quarantine(beta, 'gap')
    expect(pairDistrust(one, other, clock.nowUs(), limits)).toBe('untrusted_book')
  })
})

describe('executable quotes', () => {
  it('walks the side that an order would take', async () => {
    const { board, feed, clock } = await openBoard()
    const quotes = new BookQuotes(board, clock, { maxQuoteAgeUs: 1_000_000 })
    expect(quotes.quote(alpha, 'buy', 1)).toBeUndefined()
    feed.set(
      alpha,
      [
        ['99', '1'],
        ['98', '1'],
      ],
      [
        ['100', '1'],
        ['101', '1'],
      ],
    )
    expect(quotes.quote(alpha, 'buy', 15_000)).toEqual({
      worstPriceTicks: 10_100,
      notional: Decimal.of(150_500_000n, 6).times(Decimal.one),
      quantityLots: 15_000,
    })
    expect(quotes.quote(alpha, 'sell', 30_000)).toMatchObject({ worstPriceTicks: 9_800, quantityLots: 20_000 })
    expect(quotes.quote(alpha, 'sell', 0)).toBeUndefined()
  })

  it('gives none from a book that is stale or quarantined', async () => {
    const { board, feed, clock } = await openBoard()
    const quotes = new BookQuotes(board, clock, { maxQuoteAgeUs: 1_000_000 })
    feed.set(alpha, [['99', '1']], [['100', '1']])
    await clock.advance(1001)
    expect(quotes.quote(alpha, 'buy', 1)).toBeUndefined()
    feed.set(alpha, [['99', '1']], [['100', '1']])
    feed.quarantine(alpha, 'gap')
    expect(quotes.quote(alpha, 'buy', 1)).toBeUndefined()
  })
})

describe('values and rows', () => {
  it('values assets at the middle of a book in the reporting asset', async () => {
    const { board, feed } = await openBoard()
    const values = new BoardAssetValues(board, alpha.quote)
    expect(values.valueOf(alpha.base)).toBeUndefined()
    feed.set(beta, [['99', '1']], [['100.01', '1']])
    expect(values.valueOf(alpha.base)?.toString()).toBe('99.505')
    expect(values.valueOf(alpha.quote)?.toString()).toBe('1')
    expect(values.valueOf(ether.base)).toBeUndefined()
  })

  it('prefers the price of the exchange where an asset is', async () => {
    const { board, feed } = await openBoard()
    const values = new BoardAssetValues(board, alpha.quote)
    feed.set(alpha, [['90', '1']], [['92', '1']])
    expect(values.valueOf(alpha.base, beta.exchange)?.toString()).toBe('91')
    feed.set(beta, [['99', '1']], [['101', '1']])
    expect(values.valueOf(alpha.base, beta.exchange)?.toString()).toBe('100')
    expect(values.valueOf(alpha.base)?.toString()).toBe('91')
  })

  it('describes every book with its best quotes, its age and why it quotes nothing', async () => {
    const { board, feed, clock } = await openBoard()
    feed.set(alpha, [['99', '1']], [])
    await clock.advance(20)
    const rows = describeBoard(board, clock, 1_000_000)
    expect(rows.map(({ exchange, symbol, distrust }) => [exchange, symbol, distrust])).toEqual([
      ['alpha', 'BTC/USDT', 'empty'],
      ['beta', 'BTC/USDT', 'syncing'],
      ['alpha', 'ETH/BTC', 'syncing'],
    ])
    expect(rows[0]).toMatchObject({ ageMs: 20, bestAsk: undefined })
    expect(rows[0]!.bestBid!.toString()).toBe('99')
    expect(rows[1]!.ageMs).toBeUndefined()
  })
})
