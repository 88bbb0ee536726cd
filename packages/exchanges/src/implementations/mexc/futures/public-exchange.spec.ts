import { ExchangeRequestException, RateLimitException, SymbolException, type Trade } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalMexcFutures } from '../../../testing/local-mexc-futures.js'
import type { LocalVenue } from '../../../testing/local-venue.js'
import { mexcFrameKind } from '../market-data-decoder.js'
import { mapMexcContract } from './instruments.js'
import { MexcFuturesMarketDataDecoder } from './market-data-decoder.js'
import { MexcFuturesMarketDataFeed } from './market-data-feed.js'
import { MexcFuturesPublicExchange } from './public-exchange.js'
import { MexcFuturesRestClient } from './rest-client.js'

const row = {
  symbol: 'BTC_USDT',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  contractSize: 0.0001,
  priceScale: 1,
  volScale: 0,
  priceUnit: 0.1,
  volUnit: 1,
  minVol: 1,
  maxVol: 1_000_000,
  limitMaxVol: 500_000,
  bidLimitPriceRate: 0.1,
  askLimitPriceRate: 0.2,
  takerFeeRate: 0.0002,
  makerFeeRate: 0,
  state: 0,
  apiAllowed: true,
  futureType: 1,
}
const contract = mapMexcContract(row)!
const depth = { asks: [[108_779.2, 3240, 1]], bids: [[108_779.1, 3240, 1]], version: 100, timestamp: 1_761_879_567_135 }
const push = (begin: number | undefined, end: number, bids: readonly (readonly number[])[]): string =>
  JSON.stringify({
    symbol: 'BTC_USDT',
    data: { asks: [], bids, end: begin === undefined ? undefined : end, begin, version: end },
    channel: 'push.depth',
    ts: 1_789_897_581_013,
  })

describe('a row of contracts', () => {
  it('becomes an instrument that counts contracts', () => {
    expect(contract).toMatchObject({ id: 'mexc:futures:BTC/USDT', status: 'trading', exchangeSymbol: 'BTC_USDT' })
    const { tickSize, lotSize, contractSize, minQuantity, maxQuantity, fees, priceBand } = contract
    expect([tickSize, lotSize, contractSize, minQuantity, maxQuantity, fees.taker].map(String)).toEqual([
      '0.1',
      '1',
      '0.0001',
      '1',
      '500000',
      '0.0002',
    ])
    expect([priceBand!.buyAboveRatio, priceBand!.sellBelowRatio].map(String)).toEqual(['0.1', '0.2'])
  })

  it.each([
    [{ state: 4 }, 'halted'],
    [{ apiAllowed: false }, 'halted'],
    [{ apiAllowed: undefined }, 'halted'],
    [{ limitMaxVol: null, minVol: 0, bidLimitPriceRate: null, takerFeeRate: null, makerFeeRate: null }, 'trading'],
  ])('with %j is %s', (more, status) => {
    expect(mapMexcContract({ ...row, ...more })).toMatchObject({ status })
  })

  it.each([{ settleCoin: 'BTC' }, { futureType: 2 }, { priceUnit: 0 }, { contractSize: 'much' }, { symbol: 7 }])(
    'with %j is passed over',
    (more) => {
      expect(mapMexcContract({ ...row, ...more })).toBeUndefined()
    },
  )
})

describe('MexcFuturesMarketDataDecoder', () => {
  const decoder = new MexcFuturesMarketDataDecoder()
  decoder.addInstrument(contract)
  const decode = (text: string) => decoder.decode(Buffer.from(text))

  it('reads a change of a book with the versions that it covers', () => {
    expect(decode(push(101, 103, [[108_779, 12, 2]]))).toBe(mexcFrameKind.book)
    const { firstSequence, lastSequence, bidEnd, askEnd, exchangeTimeMs, priceTicks, quantityLots } = decoder.changes
    expect([firstSequence, lastSequence, bidEnd, askEnd, exchangeTimeMs]).toEqual([101, 103, 1, 1, 1_789_897_581_013])
    expect([priceTicks[0], quantityLots[0]]).toEqual([1_087_790, 12])
  })

  it('takes a push that states no range for one version', () => {
    expect(decode(push(undefined, 7, []))).toBe(mexcFrameKind.book)
    expect([decoder.changes.firstSequence, decoder.changes.lastSequence]).toEqual([7, 7])
  })

  it('reads prices that JSON spells with an exponent', () => {
    const small = mapMexcContract({ ...row, symbol: 'P_USDT', baseCoin: 'P', priceUnit: 1e-10 })!
    const exponents = new MexcFuturesMarketDataDecoder()
    exponents.addInstrument(small)
    const text = push(1, 1, [[1.5e-7, 3, 1]]).replace('BTC_USDT', 'P_USDT')
    expect(text).toContain('1.5e-7')
    expect(exponents.decode(Buffer.from(text))).toBe(mexcFrameKind.book)
    expect(exponents.changes.priceTicks[0]).toBe(1500)
  })

  it.each([
    ['what is no JSON', '{"channel'],
    ['a price off its grid', push(1, 1, [[1.23, 1, 1]])],
    ['a negative quantity', push(1, 1, [[1, -1, 1]])],
    ['a range that runs backwards', push(9, 8, [])],
    ['levels that are none', push(1, 1, []).replace('"bids":[]', '"bids":7')],
    ['trades that are none', '{"channel":"push.deal","symbol":"BTC_USDT","data":[{"T":3}]}'],
    ['a book without a contract', push(1, 1, []).replace('BTC_USDT', '')],
  ])('calls %s corrupt', (_, text) => {
    const before = decoder.corruptFrames
    expect(decode(text)).toBe(mexcFrameKind.corrupt)
    expect(decoder.corruptFrames).toBe(before + 1)
  })

  it('tells answers and pushes of no concern apart', () => {
    expect(decode('{"channel":"pong","data":1}')).toBe(mexcFrameKind.control)
    expect(decode('{"channel":"push.ticker","symbol":"BTC_USDT","data":{}}')).toBe(mexcFrameKind.foreign)
    expect(decode(push(1, 1, []).replace('BTC_USDT', 'X_USDT'))).toBe(mexcFrameKind.foreign)
  })
})

describe('market data of MEXC futures', () => {
  let venue: LocalVenue
  let rest: MexcFuturesRestClient
  let exchange: MexcFuturesPublicExchange

  beforeEach(async () => {
    venue = await startLocalMexcFutures()
    serve('depth/BTC_USDT', depth)
    const context = venue.context({ futuresWebSocketUrl: venue.streams.url })
    rest = new MexcFuturesRestClient(context)
    exchange = new MexcFuturesPublicExchange(context, { rest, webSocket: new MexcFuturesMarketDataFeed(context, rest) })
  })
  afterEach(async () => {
    await exchange.close()
    await rest.close()
    await venue.close()
  })
  const serve = (path: string, data: unknown): void =>
    void venue.routes.set(`GET /api/v1/contract/${path}`, () => ({ success: true, code: 0, data }))
  const ticker = {
    symbol: 'BTC_USDT',
    lastPrice: 6865.5,
    bid1: 6865,
    ask1: 6866.5,
    volume24: 164_586_129,
    amount24: 1.5,
    lower24Price: 6661,
    high24Price: 7223.5,
    indexPrice: 6861.6,
    fairPrice: 6867.4,
  }

  it('keeps a book from a snapshot and the pushes that join it', async () => {
    await exchange.marketData.subscribe([contract])
    const book = exchange.marketData.book(contract.id)!
    venue.push(push(99, 101, [[108_779, 5, 1]]))
    await waitFor(() => book.trust === 'trusted', 'a trusted book')
    expect([book.sequence, book.bids.depth, book.asks.priceTicksAt(0)]).toEqual([101, 2, 1_087_792])
    venue.push(push(102, 104, [[108_779.1, 0, 0]]))
    await waitFor(() => book.sequence === 104, 'the next push')
    expect(book.bids.priceTicksAt(0)).toBe(1_087_790)
    serve('depth/BTC_USDT', { ...depth, version: 110 })
    venue.push(push(106, 106, []))
    await waitFor(() => book.trust === 'quarantined' || book.sequence === 110, 'the gap to be noticed')
    venue.push(push(107, 111, []))
    await waitFor(() => book.trust === 'trusted' && book.sequence === 111, 'the book to be right again')
    expect(exchange.marketData.health.books.gaps).toBe(1)
  })

  it('tells trades, oldest first, and refuses a contract that the exchange does not know', async () => {
    const trades: Trade[] = []
    exchange.marketData.addListener({ onBook: () => undefined, onTrade: (trade) => void trades.push(trade) })
    await exchange.marketData.subscribe([contract])
    const deal = (T: number, t: number) => ({ M: 1, O: 1, T, p: 6866.5, t, v: 2096 })
    venue.push(JSON.stringify({ channel: 'push.deal', symbol: 'BTC_USDT', data: [deal(2, 2), deal(1, 1)], ts: 2 }))
    venue.push(JSON.stringify({ channel: 'push.deal', symbol: 'BTC_USDT', data: deal(1, 3), ts: 3 }))
    await waitFor(() => trades.length === 3, 'trades')
    expect(trades.map(({ side, exchangeTimeMs }) => `${side} ${exchangeTimeMs}`)).toEqual(['buy 1', 'sell 2', 'buy 3'])
    venue.blockedTopics.add('X_USDT')
    const unknown = mapMexcContract({ ...row, symbol: 'X_USDT', baseCoin: 'X' })!
    await expect(exchange.marketData.subscribe([unknown])).rejects.toBeInstanceOf(SymbolException)
    expect(exchange.marketData.book(unknown.id)).toBeUndefined()
    expect(exchange.marketData.book(contract.id)).toBeDefined()
    await exchange.marketData.unsubscribe([contract])
    expect(exchange.marketData.book(contract.id)).toBeUndefined()
  })

  it('answers instruments, books, trades, tickers, candles and the time', async () => {
    serve('detail', [row, { ...row, state: 'odd' }])
    expect((await exchange.fetchInstruments()).map(({ id }) => id)).toEqual([contract.id])
    serve('detail', row)
    expect(await exchange.fetchInstruments()).toHaveLength(1)
    const book = await exchange.fetchOrderBook(contract, 5000)
    expect([book.sequence, String(book.bids[0]!.price), String(book.asks[0]!.quantity)]).toEqual([
      100,
      '108779.1',
      '3240',
    ])
    serve('deals/BTC_USDT', [{ p: 109_177.4, v: 14, T: 1, O: 1, M: 2, t: 1_761_883_066_648 }])
    expect(await exchange.fetchTrades(contract)).toMatchObject([{ side: 'buy', exchangeTimeMs: 1_761_883_066_648 }])
    serve('ticker', ticker)
    const told = await exchange.fetchTicker(contract)
    expect([told.last, told.bestBid, told.baseVolume24h, told.quoteVolume24h].map(String)).toEqual([
      '6865.5',
      '6865',
      '16458.6129',
      '1.5',
    ])
    serve('kline/BTC_USDT', {
      time: [60, 120],
      open: [1, 2],
      close: [2, 3],
      high: [3, 4],
      low: [0.5, 1],
      vol: [10_000, 20_000],
      amount: [5, 6],
    })
    const candles = await exchange.fetchCandles(contract, { interval: '1m', fromMs: 60_000, toMs: 120_500, limit: 1 })
    expect(candles).toMatchObject([{ openTimeMs: 120_000 }])
    expect(String(candles[0]!.baseVolume)).toBe('2')
    expect(venue.seen('GET', '/api/v1/contract/kline/BTC_USDT')[0]!.url).toContain('interval=Min1&start=60&end=120')
    expect(Math.abs((await exchange.fetchServerTime()).exchangeTimeMs - Date.now())).toBeLessThan(60_000)
  })

  it('answers the funding rate of the running interval', async () => {
    serve('funding_rate/BTC_USDT', {
      symbol: 'BTC_USDT',
      fundingRate: 0.000018,
      maxFundingRate: 0.0018,
      minFundingRate: -0.0018,
      collectCycle: 8,
      nextSettleTime: 1_761_897_600_000,
      timestamp: 1_761_879_755_894,
    })
    serve('ticker', ticker)
    const funding = await exchange.funding.fetchFundingRate(contract)
    expect([funding.rate, funding.markPrice, funding.indexPrice].map(String)).toEqual(['0.000018', '6867.4', '6861.6'])
    expect([funding.intervalMs, funding.nextAtMs]).toEqual([28_800_000, 1_761_897_600_000])
    serve('ticker', { ...ticker, symbol: 'X_USDT' })
    await expect(exchange.funding.fetchFundingRate(contract)).rejects.toBeInstanceOf(SymbolException)
  })

  it('reads refusals out of answers that HTTP calls a success', async () => {
    const refuse = (body: object) => void venue.routes.set('GET /api/v1/contract/ticker', () => body)
    refuse({ success: false, code: 510, message: 'Requests are too frequent, please try again later' })
    await expect(exchange.fetchTicker(contract)).rejects.toBeInstanceOf(RateLimitException)
    refuse({ success: false, code: 1001 })
    await expect(exchange.fetchTicker(contract)).rejects.toBeInstanceOf(SymbolException)
    refuse({ success: false, code: 600, message: 'Parameter error' })
    await expect(exchange.fetchTicker(contract)).rejects.toBeInstanceOf(ExchangeRequestException)
  })
})
