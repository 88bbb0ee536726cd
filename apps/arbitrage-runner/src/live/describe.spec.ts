import {
  BookChanges,
  Decimal,
  Instrument,
  OrderBook,
  createAssetId,
  createExchangeId,
  createSymbol,
  type ExchangeId,
} from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { AssetValues, HaltRules, MarketBoard, Portfolio } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { describeBooks, describeEdges } from './describe-books.js'
import { describeExposure } from './describe-exposure.js'

const [btc, usdt] = [createAssetId('BTC'), createAssetId('USDT')]
const [mexc, gateio] = [createExchangeId('mexc'), createExchangeId('gateio')]

function createInstrument(exchange: ExchangeId): Instrument {
  return new Instrument({
    exchange,
    marketType: 'spot',
    symbol: createSymbol(btc, usdt),
    base: btc,
    quote: usdt,
    exchangeSymbol: 'BTCUSDT',
    tickSize: Decimal.parse('0.01'),
    lotSize: Decimal.parse('0.001'),
    fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'quote' },
    status: 'trading',
  } as ConstructorParameters<typeof Instrument>[0])
}

function createBook(instrument: Instrument, receivedAtUs: number): OrderBook {
  const book = new OrderBook(instrument)
  const changes = new BookChanges(8)
  changes.priceTicks.set([10_000, 9_990, 10_010])
  changes.quantityLots.set([1_500, 10, 20])
  changes.bidEnd = 2
  changes.askEnd = 3
  book.load(changes)
  book.trust = 'trusted'
  book.receivedAtUs = receivedAtUs
  return book
}

function createBoard(
  exchanges: readonly ExchangeId[],
  netBid: number[],
  netAsk: number[],
  book?: OrderBook,
): MarketBoard {
  const instruments = exchanges.map(createInstrument)
  return {
    instruments,
    symbols: [createSymbol(btc, usdt)],
    slotsOf: () => instruments.map((_, slot) => slot),
    bookAt: (slot: number) => (slot === 0 ? book : undefined),
    netBid: Float64Array.from(netBid),
    netAsk: Float64Array.from(netAsk),
  } as unknown as MarketBoard
}

describe('describeBooks', () => {
  it('shows exact levels, best first, and why a book quotes nothing', async () => {
    const clock = new ManualClock()
    const book = createBook(createInstrument(mexc), clock.nowUs())
    const board = createBoard([mexc, gateio], [], [], book)
    await clock.advance(340)
    const [one, other] = describeBooks(board, clock, 1_000_000)
    expect(one).toMatchObject({
      exchange: 'mexc',
      distrust: undefined,
      ageMs: 300,
      bids: [
        ['100.00', '1.5'],
        ['99.90', '0.01'],
      ],
      asks: [['100.10', '0.02']],
    })
    expect(other).toMatchObject({ exchange: 'gateio', distrust: 'syncing', ageMs: undefined, bids: [], asks: [] })
    await clock.advance(1_000)
    expect(describeBooks(board, clock, 1_000_000)[0]!.distrust).toBe('stale')
  })

  it('shows only the best level where many books are watched', () => {
    const clock = new ManualClock()
    const book = createBook(createInstrument(mexc), clock.nowUs())
    const board = createBoard(
      Array.from({ length: 25 }, () => mexc),
      [],
      [],
      book,
    )
    expect(describeBooks(board, clock, 1_000_000)[0]!.bids).toEqual([['100.00', '1.5']])
  })
})

describe('describeEdges', () => {
  it('names the best pair of exchanges of a symbol, paying or not', () => {
    expect(describeEdges(createBoard([mexc, gateio], [99, 101], [100, 102]))).toEqual([
      { symbol: 'BTC/USDT', buyAt: 'mexc', sellAt: 'gateio', netEdgeBps: 100 },
    ])
    expect(describeEdges(createBoard([mexc, gateio], [99, 99.5], [100, 100]))).toMatchObject([
      { buyAt: 'mexc', sellAt: 'gateio', netEdgeBps: -50 },
    ])
  })

  it('names none while fewer than two exchanges quote', () => {
    const none = [Number.NEGATIVE_INFINITY, 100]
    expect(describeEdges(createBoard([mexc, gateio], none, [Number.POSITIVE_INFINITY, 101]))).toEqual([])
  })
})

describe('describeExposure', () => {
  it('sums what is held, and leaves what has no price out of the worth', () => {
    const portfolio = {
      total: (_exchange: string, asset: string) => Decimal.parse(asset === 'BTC' ? '0.5' : '100'),
      netPosition: () => Decimal.parse('-0.1'),
      openTrades: () => 1,
      openOrders: () => 2,
      unknownOrders: () => 1,
      consecutiveFailures: () => 3,
    } as unknown as Portfolio
    const values: AssetValues = { reportingAsset: usdt, valueOf: (asset) => (asset === usdt ? Decimal.one : undefined) }
    const rules = { realisedToday: () => Decimal.parse('1.5') } as HaltRules
    expect(describeExposure({ portfolio, values, rules, accounts: [mexc, gateio], assets: [btc, usdt] })).toEqual({
      total: '200.00',
      openTrades: 1,
      openOrders: 4,
      unknownOrders: 2,
      realisedToday: '1.5',
      consecutiveFailures: 3,
      byAsset: [
        { asset: 'BTC', total: '1', net: '-0.1', value: undefined },
        { asset: 'USDT', total: '200', net: '-0.1', value: '200.00' },
      ],
    })
  })
})
