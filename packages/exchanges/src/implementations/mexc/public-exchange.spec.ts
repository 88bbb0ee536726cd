import { ExchangeUnavailableException, SymbolException } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ComponentRegistry } from '../../factory/component-registry.js'
import { FactoryManager } from '../../factory/factory-manager.js'
import type { PublicExchange } from '../../interfaces/public-exchange.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { LocalVenue } from '../../testing/local-venue.js'
import { answerMexcText } from './fixtures/subscription-answer.js'
import { mexcExchangeId, registerExchange } from './index.js'

const btc = createTestInstrument()
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('MexcPublicExchange', () => {
  let venue: LocalVenue
  let manager: FactoryManager
  let exchange: PublicExchange

  beforeEach(async () => {
    venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    manager = new FactoryManager(new ComponentRegistry(), () => venue.context())
    manager.register(registerExchange)
    exchange = manager.publicExchange(mexcExchangeId, 'spot')
  })

  afterEach(async () => {
    await manager.close()
    await venue.close()
  })

  it('measures the clock of the exchange', async () => {
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() + 5_000 }))
    const { offsetMs, roundTripMs } = await exchange.fetchServerTime()
    expect(Math.abs(offsetMs - 5_000)).toBeLessThanOrEqual(roundTripMs / 2 + 5)
    expect(venue.seen('GET', '/api/v3/time').length).toBe(3)
  })

  it('lists instruments and passes over a row that cannot be read', async () => {
    const row = {
      symbol: 'BTCUSDT',
      status: '1',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      baseAssetPrecision: 8,
      quotePrecision: 2,
      isSpotTradingAllowed: true,
      permissions: ['SPOT'],
    }
    venue.routes.set('GET /api/v3/exchangeInfo', () => ({ symbols: [row, { symbol: 'BROKEN' }] }))
    const instruments = await exchange.fetchInstruments()
    expect(instruments.map(({ id }) => id)).toEqual(['mexc:spot:BTC/USDT'])
  })

  it('answers a book as the exchange shows it, cut to the depth asked for', async () => {
    venue.routes.set('GET /api/v3/depth', () => ({
      lastUpdateId: '43296363240',
      bids: [
        ['117053.41', '1.86837271'],
        ['117053.40', '0.5'],
      ],
      asks: [['117053.42', '0.31']],
      timestamp: 1_754_741_322_140,
    }))
    expect(plain(await exchange.fetchOrderBook(btc, 1))).toEqual({
      instrumentId: btc.id,
      sequence: 43_296_363_240,
      bids: [{ price: '117053.41', quantity: '1.86837271' }],
      asks: [{ price: '117053.42', quantity: '0.31' }],
      exchangeTimeMs: 1_754_741_322_140,
    })
    await exchange.fetchOrderBook(btc)
    expect(venue.seen('GET', '/api/v3/depth').map(({ url }) => url)).toEqual([
      '/api/v3/depth?symbol=BTCUSDT&limit=1',
      '/api/v3/depth?symbol=BTCUSDT&limit=100',
    ])
  })

  it('answers trades with the side of the taker', async () => {
    venue.routes.set('GET /api/v3/trades', () => [
      { id: null, price: '77234.92', qty: '0.1', quoteQty: '1', time: 2, isBuyerMaker: true, tradeType: 'ASK' },
      { id: 7, price: '77234.93', qty: '0.2', quoteQty: '1', time: 1, isBuyerMaker: false, tradeType: 'BID' },
    ])
    const trades = await exchange.fetchTrades(btc, 5_000)
    expect(trades.map(({ side, tradeId }) => [side, tradeId])).toEqual([
      ['sell', undefined],
      ['buy', '7'],
    ])
    await exchange.fetchTrades(btc)
    expect(venue.seen('GET', '/api/v3/trades').map(({ url }) => url)).toEqual([
      '/api/v3/trades?symbol=BTCUSDT&limit=1000',
      '/api/v3/trades?symbol=BTCUSDT',
    ])
  })

  it('answers a ticker with empty and missing fields', async () => {
    const ticker = {
      symbol: 'BTCUSDT',
      lastPrice: '46263.71',
      bidPrice: '46260.38',
      askPrice: '',
      highPrice: '47550.01',
      lowPrice: '45555.5',
      volume: '1732.461487',
      quoteVolume: null,
    }
    venue.routes.set('GET /api/v3/ticker/24hr', () => ticker)
    expect(plain(await exchange.fetchTicker(btc))).toEqual({
      instrumentId: btc.id,
      last: '46263.71',
      bestBid: '46260.38',
      high24h: '47550.01',
      low24h: '45555.5',
      baseVolume24h: '1732.461487',
    })
    venue.routes.set('GET /api/v3/ticker/24hr', () => ({ ...ticker, symbol: 'ETHUSDT' }))
    await expect(exchange.fetchTicker(btc)).rejects.toThrow(SymbolException)
  })

  it('answers candles, oldest first, and knows which are over', async () => {
    const now = Date.now()
    venue.routes.set('GET /api/v3/klines', () => [
      [1_640_804_880_000, '1', '4', '0.5', '2', '3.5', 1_640_804_940_000, '168387.3'],
      [now, '2', '2', '2', '2', '0', now + 3_600_000, '0', 'more'],
    ])
    const candles = await exchange.fetchCandles(btc, { interval: '1h', limit: 1_000, fromMs: 1, toMs: 2 })
    expect(plain(candles[0])).toMatchObject({ open: '1', high: '4', low: '0.5', close: '2', closed: true })
    expect(candles[1]!.closed).toBe(false)
    await exchange.fetchServerTime()
    await exchange.fetchCandles(btc, { interval: '1d' })
    expect(venue.seen('GET', '/api/v3/klines').map(({ url }) => url)).toEqual([
      '/api/v3/klines?symbol=BTCUSDT&interval=60m&limit=500&startTime=1&endTime=2',
      '/api/v3/klines?symbol=BTCUSDT&interval=1d',
    ])
  })

  it('asks again where asking twice does no harm, and gives up in the end', async () => {
    let asked = 0
    venue.routes.set('GET /api/v3/depth', () =>
      ++asked < 2 ? { status: 502, body: '' } : { lastUpdateId: 1, bids: [], asks: [] },
    )
    expect((await exchange.fetchOrderBook(btc)).sequence).toBe(1)
    venue.routes.set('GET /api/v3/depth', () => ({ status: 502, body: '' }))
    await expect(exchange.fetchOrderBook(btc)).rejects.toThrow(ExchangeUnavailableException)
  })

  it('passes on that a symbol is not known', async () => {
    venue.routes.set('GET /api/v3/depth', () => ({ status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' }))
    await expect(exchange.fetchOrderBook(btc)).rejects.toThrow(SymbolException)
  })
})
