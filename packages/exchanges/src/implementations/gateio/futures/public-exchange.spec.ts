import { Decimal, SymbolException, type Trade } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalGateio } from '../../../testing/local-gateio.js'
import { readFixture } from '../../../testing/read-fixture.js'
import { mapGateioContract } from './instruments.js'
import { GateioFuturesMarketDataFeed } from './market-data-feed.js'
import { GateioFuturesPublicExchange } from './public-exchange.js'
import { GateioFuturesRestClient } from './rest-client.js'

const fixture = <T = unknown>(name: string): T => readFixture<T>(import.meta.url, `../fixtures/${name}`)
const row = fixture<Record<string, unknown>>('rest-futures-contract.json')
const contract = mapGateioContract({
  ...row,
  name: 'BTC_USDT',
  order_price_round: '0.01',
  quanto_multiplier: '0.0001',
})!

let venue: LocalGateio
let rest: GateioFuturesRestClient
let exchange: GateioFuturesPublicExchange
beforeEach(async () => {
  venue = await LocalGateio.start()
  build()
})
afterEach(async () => {
  await exchange.close()
  await rest.close()
  await venue.close()
})
function build(options: Readonly<Record<string, unknown>> = { streamIntervalMs: 100 }): void {
  const context = venue.context(options)
  rest = new GateioFuturesRestClient(context)
  exchange = new GateioFuturesPublicExchange(context, {
    rest,
    webSocket: new GateioFuturesMarketDataFeed(context, rest),
  })
}
const texts = (values: readonly unknown[]): readonly string[] => values.map(String)

describe('contracts of Gate.io', () => {
  it('maps the documented row', () => {
    const instrument = mapGateioContract(row)!
    expect(instrument).toMatchObject({ id: 'gateio:futures:0G/USDT', exchangeSymbol: '0G_USDT', status: 'trading' })
    expect(
      texts([
        instrument.tickSize,
        instrument.lotSize,
        instrument.contractSize,
        instrument.minQuantity,
        instrument.maxQuantity,
      ]),
    ).toEqual(['0.0001', '1', '1', '1', '450000'])
    expect(texts([instrument.fees.maker, instrument.fees.taker, instrument.priceBand!.buyAboveRatio])).toEqual([
      '-0.0001',
      '0.00075',
      '0.15',
    ])
    expect(instrument.quantityDecimals).toBe(0)
  })

  it('counts the value of contracts with their size', () => {
    expect(contract.notional(contract.priceToTicks(Decimal.parse('65000'), 'exact'), 10).toString()).toBe('65')
  })

  it('allows fractions where the contract does', () => {
    const fractional = mapGateioContract({ ...row, enable_decimal: true, order_size_min: '0.1' })!
    expect([fractional.lotSize.toString(), fractional.quantityDecimals]).toEqual(['0.1', 6])
    expect(mapGateioContract({ ...row, enable_decimal: true, order_size_min: undefined })!.lotSize.toString()).toBe('1')
  })

  it('halts what is not trading and passes over what it cannot reckon with', () => {
    expect(mapGateioContract({ ...row, status: 'delisting' })!.status).toBe('halted')
    expect(mapGateioContract({ ...row, status: undefined, in_delisting: true })!.status).toBe('halted')
    expect(mapGateioContract({ ...row, type: 'inverse' })).toBeUndefined()
    expect(
      mapGateioContract({ ...row, type: undefined, maker_fee_rate: null, order_price_deviate: '0' })!.priceBand,
    ).toBeUndefined()
    expect(mapGateioContract({ ...row, order_price_round: '0' })).toBeUndefined()
    expect(mapGateioContract({ name: 'X_Y' })).toBeUndefined()
  })
})

describe('futures data of Gate.io over REST', () => {
  it('reads every page of contracts and passes over what is unreadable', async () => {
    venue.routes.set('GET /futures/usdt/contracts', (query) => ({
      json:
        query.get('offset') === '0'
          ? Array.from({ length: 1000 }, (_, i) => ({ ...row, name: `C${i}_USDT` }))
          : [row, {}],
    }))
    expect(await exchange.fetchInstruments()).toHaveLength(1001)
    expect((await exchange.fetchServerTime()).roundTripMs).toBeGreaterThan(0)
  })

  it('reads a book in contracts, its times in seconds', async () => {
    venue.routes.set('GET /futures/usdt/order_book', () => ({ json: fixture('rest-futures-order-book.json') }))
    const book = await exchange.fetchOrderBook(contract, 500)
    expect(book).toMatchObject({ sequence: 123_456, exchangeTimeMs: 1_623_898_993_121 })
    expect(book.asks.map(({ price, quantity }) => `${price.toString()} x ${quantity.toString()}`)).toEqual([
      '1.52 x 100',
      '1.53 x 40',
    ])
    expect(venue.seen('GET', '/futures/usdt/order_book')[0]!.url).toContain('limit=100')
    venue.routes.set('GET /futures/usdt/order_book', () => ({ json: { id: 1, bids: [], asks: [] } }))
    expect((await exchange.fetchOrderBook(contract)).exchangeTimeMs).toBeUndefined()
  })

  it('reads trades, whose sign is the taker’s side, without takeovers', async () => {
    const trade = fixture<object>('rest-futures-trade.json')
    venue.routes.set('GET /futures/usdt/trades', () => ({
      json: [trade, { ...trade, is_internal: true }, { ...trade, size: '1.5', create_time_ms: null }],
    }))
    const trades = await exchange.fetchTrades(contract)
    expect(trades.map(({ side, quantity, exchangeTimeMs }) => [side, quantity.toString(), exchangeTimeMs])).toEqual([
      ['sell', '100', 1_514_764_800_123],
      ['buy', '1.5', 1_514_764_800_123],
    ])
  })

  it('reads the ticker and candles', async () => {
    venue.routes.set('GET /futures/usdt/tickers', () => ({ json: [fixture('rest-futures-tickers.json')] }))
    const ticker = await exchange.fetchTicker(contract)
    expect(texts([ticker.last, ticker.bestBid, ticker.bestAsk, ticker.baseVolume24h])).toEqual([
      '6432',
      '34089.7',
      '34217.9',
      '28613220',
    ])
    venue.routes.set('GET /futures/usdt/tickers', () => ({ json: [] }))
    await expect(exchange.fetchTicker(contract)).rejects.toBeInstanceOf(SymbolException)
    venue.routes.set('GET /futures/usdt/candlesticks', () => ({
      json: [
        fixture('rest-futures-candle.json'),
        { ...fixture<object>('rest-futures-candle.json'), v: undefined, sum: undefined },
      ],
    }))
    const candles = await exchange.fetchCandles(contract, { interval: '1m', fromMs: 1_000, toMs: 2_000, limit: 2 })
    expect(texts(candles.map((each) => each.baseVolume))).toEqual(['9.7151', '0'])
    expect(venue.seen('GET', '/futures/usdt/candlesticks')[0]!.url).toContain('from=1&to=2')
    expect(await exchange.fetchCandles(contract, { interval: '1m' })).toHaveLength(2)
    await exchange.fetchCandles(contract, { interval: '1m', limit: 9_999 })
    expect(venue.seen('GET', '/futures/usdt/candlesticks')[2]!.url).toContain('limit=2000')
  })
})

describe('futures streams of Gate.io', () => {
  it('keeps a book and trades, with decimal sizes asked for', async () => {
    venue.routes.set('GET /futures/usdt/order_book', () => ({
      json: { id: 10, update: 1.5, bids: [{ p: '1', s: 5 }], asks: [{ s: '7', p: '2' }] },
    }))
    const trades: Trade[] = []
    exchange.marketData.addListener({ onBook: () => undefined, onTrade: (trade) => void trades.push(trade) })
    await exchange.marketData.subscribe([contract])
    expect(venue.requests.map(({ channel, payload }) => [channel, payload])).toEqual([
      ['futures.order_book_update', ['BTC_USDT', '100ms', '100']],
      ['futures.trades', ['BTC_USDT']],
    ])
    expect(venue.streams.clients[0]!.headers['x-gate-size-decimal']).toBe('1')
    venue.push(
      '{"time":1,"channel":"futures.order_book_update","event":"update","result":{"U":11,"a":[{"p":"1.9","s":3}],"b":[],"s":"BTC_USDT","t":1,"u":11}}',
    )
    const book = exchange.marketData.book(contract.id)!
    await waitFor(() => book.trust === 'trusted' && book.sequence === 11, 'the book')
    expect([book.asks.priceTicksAt(0), book.asks.quantityLotsAt(0)]).toEqual([190, 3])
    const trade = {
      size: -108,
      id: 27753479,
      create_time: 1545136464,
      create_time_ms: 1545136464123,
      price: '96.4',
      contract: 'BTC_USDT',
    }
    venue.push({
      channel: 'futures.trades',
      event: 'update',
      result: [trade, { ...trade, contract: 'X_Y' }, { ...trade, is_internal: true }],
    })
    await waitFor(() => trades.length === 1, 'the trade')
    expect(trades[0]).toMatchObject({ side: 'sell', exchangeTimeMs: 1_545_136_464_123 })
  })

  it('asks for obu streams by their name', async () => {
    await exchange.close()
    build({ bookFeed: 'obu', useTestnet: true })
    await exchange.marketData.subscribe([contract])
    expect(venue.requests.at(-1)).toMatchObject({ channel: 'futures.obu', payload: ['ob.BTC_USDT.50'] })
  })
})
