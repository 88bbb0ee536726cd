import { ExchangeDataException, SymbolException } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalGateio } from '../../testing/local-gateio.js'
import { readFixture } from '../../testing/read-fixture.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { GateioMarketDataFeed } from './market-data-feed.js'
import { GateioPublicExchange } from './public-exchange.js'
import { GateioRestClient } from './rest-client.js'

const instrument = createTestInstrument({ exchangeSymbol: 'BTC_USDT' })
const fixture = <T = unknown>(name: string): T => readFixture<T>(import.meta.url, `./fixtures/${name}`)

let venue: LocalGateio
let rest: GateioRestClient
let exchange: GateioPublicExchange
beforeEach(async () => {
  venue = await LocalGateio.start()
  const context = venue.context()
  rest = new GateioRestClient(context)
  exchange = new GateioPublicExchange(context, { rest, webSocket: new GateioMarketDataFeed(context, rest) })
})
afterEach(async () => {
  await exchange.close()
  await rest.close()
  await venue.close()
})

describe('public data of Gate.io', () => {
  it('lists what it can read', async () => {
    venue.routes.set('GET /spot/currency_pairs', () => ({ json: [fixture('rest-currency-pair.json'), { id: 'X' }] }))
    expect((await exchange.fetchInstruments()).map((each) => each.symbol)).toEqual(['ETH/USDT'])
  })

  it('reads book, trades and ticker as documented', async () => {
    venue.routes.set('GET /spot/order_book', () => ({ json: fixture('rest-order-book.json') }))
    expect(await exchange.fetchOrderBook(instrument)).toMatchObject({
      sequence: 123_456,
      exchangeTimeMs: 1_623_898_993_121,
    })
    venue.routes.set('GET /spot/order_book', () => ({ json: { id: 1, bids: [], asks: [] } }))
    expect((await exchange.fetchOrderBook(instrument)).exchangeTimeMs).toBeUndefined()
    venue.routes.set('GET /spot/trades', () => ({ json: fixture('rest-trades.json') }))
    const [trade] = await exchange.fetchTrades(instrument)
    expect(trade).toMatchObject({ tradeId: '1232893232', side: 'buy', exchangeTimeMs: 1_548_000_000_123 })
    venue.routes.set('GET /spot/tickers', () => ({ json: fixture('rest-tickers.json') }))
    const ticker = await exchange.fetchTicker(instrument)
    expect([ticker.last, ticker.bestBid, ticker.bestAsk].map(String)).toEqual(['104027.1', '104027.1', '104027.2'])
  })

  it('takes an empty side of the ticker as none, and no ticker as an unknown pair', async () => {
    const [ticker] = fixture<readonly object[]>('rest-tickers.json')
    venue.routes.set('GET /spot/tickers', () => ({ json: [{ ...ticker, lowest_ask: '' }] }))
    expect((await exchange.fetchTicker(instrument)).bestAsk).toBeUndefined()
    venue.routes.set('GET /spot/tickers', () => ({ json: [] }))
    await expect(exchange.fetchTicker(instrument)).rejects.toBeInstanceOf(SymbolException)
  })

  it('reads candles, and asks for either a number or times', async () => {
    const [row] = fixture<readonly string[][]>('rest-candlesticks.json')
    venue.routes.set('GET /spot/candlesticks', () => ({
      json: [row, row!.slice(0, 7), [...row!.slice(0, 7), 'false']],
    }))
    const candles = await exchange.fetchCandles(instrument, { interval: '1h', limit: 5_000 })
    expect(candles.map((each) => each.closed)).toEqual([true, undefined, false])
    expect([candles[0]!.open, candles[0]!.close, candles[0]!.baseVolume, candles[0]!.quoteVolume].map(String)).toEqual([
      '0.0021737',
      '0.0021724',
      '447215.1',
      '971519.677',
    ])
    expect(await exchange.fetchCandles(instrument, { interval: '1h', fromMs: 1_500, limit: 2 })).toHaveLength(2)
    await exchange.fetchCandles(instrument, { interval: '1h', toMs: 1_500 })
    expect(venue.seen('GET', '/spot/candlesticks').map((each) => each.url.split('interval=1h')[1])).toEqual([
      '&limit=1000',
      '&from=2',
      '&to=1',
    ])
    venue.routes.set('GET /spot/candlesticks', () => ({ json: [row!.slice(0, 6)] }))
    await expect(exchange.fetchCandles(instrument, { interval: '1h' })).rejects.toBeInstanceOf(ExchangeDataException)
  })

  it('repeats a query that the exchange refused for frequency', async () => {
    let asked = 0
    venue.routes.set('GET /spot/order_book', () =>
      ++asked === 1
        ? {
            status: 429,
            body: '{"label":"TOO_MANY_REQUESTS","message":"x"}',
            headers: { 'x-gate-ratelimit-requests-remain': '5' },
          }
        : { json: fixture('rest-order-book.json') },
    )
    expect((await exchange.fetchOrderBook(instrument)).sequence).toBe(123_456)
    expect(asked).toBe(2)
  })

  it('measures the clock anew when the exchange finds a request too old', async () => {
    venue.routes.set('GET /spot/accounts', () => ({ status: 403, body: '{"label":"REQUEST_EXPIRED","message":"gap"}' }))
    await expect(rest.getAccounts()).rejects.toMatchObject({ code: 'CLOCK_SKEWED' })
    expect(venue.seen('GET', '/spot/time').length).toBeGreaterThan(3)
  })
})
