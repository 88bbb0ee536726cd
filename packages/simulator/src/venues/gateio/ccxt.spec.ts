import * as ccxt from 'ccxt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { VenueAddress } from '../../venue/venue-options.js'
import { createGateioVenue } from './create-gateio-venue.js'

/** Unmodified ccxt, told only where the venue is and which key to use; its own call allows plain `ws://`. */
async function connect(address: VenueAddress) {
  const exchange = new ccxt.pro.gate({ apiKey: address.apiKey, secret: address.secret })
  const api = exchange.urls.api as Record<string, unknown>
  for (const access of ['public', 'private']) {
    const urls = api[access] as Record<string, string>
    for (const product of Object.keys(urls)) urls[product] = address.rest
  }
  api['spot'] = address.ws
  await exchange.loadHttpProxyAgent()
  return exchange
}

describe('unmodified ccxt on the Gate.io venue', () => {
  const symbol = 'BTC/USDT'
  const venue = createGateioVenue({
    seed: 3,
    market: { kind: 'synthetic', tradesPerSecond: 20, dislocations: { probability: 0 } },
  })
  let exchange: Awaited<ReturnType<typeof connect>>

  beforeAll(async () => {
    exchange = await connect(await venue.start())
    await exchange.loadMarkets()
  })

  afterAll(async () => {
    await exchange.close()
    await venue.close()
  })

  /** A price far below the market, on the tick. */
  const lowPrice = async (): Promise<number> => {
    const { bids } = await exchange.fetchOrderBook(symbol)
    return Math.floor(Number(bids[0]![0]) * 0.9)
  }

  it('loads markets and currencies, with nothing but the urls changed', () => {
    expect(Object.keys(exchange.markets ?? {})).toContain(symbol)
    expect(exchange.market('LUNC/USDT').precision).toEqual(expect.objectContaining({ price: 1e-8, amount: 1 }))
    expect(exchange.currencies['BTC']).toBeDefined()
  })

  it('reads book, ticker, trades, candles and time', async () => {
    const book = await exchange.fetchOrderBook(symbol, 20)
    expect(book.bids).toHaveLength(20)
    expect(Number(book.bids[0]![0])).toBeLessThan(Number(book.asks[0]![0]))
    expect(book.nonce).toBeGreaterThan(1_000_000)
    expect((await exchange.fetchTicker(symbol)).bid).toBeGreaterThan(0)
    expect((await exchange.fetchTickers())[symbol]?.last).toBeGreaterThan(0)
    await expect.poll(async () => (await exchange.fetchTrades(symbol)).length).toBeGreaterThan(0)
    const candles = await exchange.fetchOHLCV(symbol, '1m', undefined, 30)
    expect(candles).toHaveLength(30)
    expect(await exchange.fetchTime()).toBeGreaterThan(1_700_000_000_000)
  })

  it('places, finds, lists and cancels a resting order', async () => {
    const price = await lowPrice()
    const order = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, price, { clientOrderId: 't-ccxt-1' })
    expect(order.status).toBe('open')
    expect(order.clientOrderId).toBe('t-ccxt-1')
    expect((await exchange.fetchOrder(order.id!, symbol)).price).toBe(price)
    expect((await exchange.fetchOpenOrders(symbol)).map(({ id }) => id)).toContain(order.id)
    const edited = await exchange.editOrder(order.id!, symbol, 'limit', 'buy', 0.02, price - 10)
    expect(edited.amount).toBe(0.02)
    expect((await exchange.cancelOrder(order.id!, symbol)).status).toBe('canceled')
    await expect(exchange.cancelOrder(order.id!, symbol)).rejects.toThrow(ccxt.InvalidOrder)
    await expect(exchange.fetchOrder('1', symbol)).rejects.toThrow(ccxt.OrderNotFound)
  })

  it('trades at the market, both sides, and lists the fills', async () => {
    const bought = await exchange.createOrder(symbol, 'market', 'buy', 0.01, 70_000)
    expect(bought.status).toBe('closed')
    const { total } = await exchange.fetchBalance()
    expect((total as unknown as Record<string, number>)['BTC']).toBeGreaterThan(0)
    const sold = await exchange.createOrder(symbol, 'market', 'sell', 0.005)
    expect([sold.status, sold.filled]).toEqual(['closed', 0.005])
    const trades = await exchange.fetchMyTrades(symbol)
    expect(trades.find(({ order }) => order === sold.id)?.fee?.currency).toBe('USDT')
    expect((await exchange.fetchClosedOrders(symbol)).map(({ id }) => id)).toContain(sold.id)
  })

  it('sends immediate-or-cancel and post-only orders', async () => {
    const price = await lowPrice()
    const ioc = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, price, { timeInForce: 'IOC' })
    expect([ioc.status, ioc.filled]).toEqual(['canceled', 0])
    const resting = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, price, { postOnly: true })
    expect([resting.status, resting.postOnly]).toEqual(['open', true])
    expect(await exchange.cancelAllOrders(symbol)).toHaveLength(1)
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 0.01, 90_000, { postOnly: true })).rejects.toThrow(
      'POC_FILL_IMMEDIATELY',
    )
  })

  it('maps refusals to its own exceptions', async () => {
    const price = await lowPrice()
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 5, price)).rejects.toThrow(ccxt.InsufficientFunds)
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 0.00001, price)).rejects.toThrow('too small')
    venue.faults.add({ kind: 'rate_limited', route: 'GET */spot/accounts', count: 1 })
    await expect(exchange.fetchBalance()).rejects.toThrow(ccxt.RateLimitExceeded)
    venue.faults.add({ kind: 'error_before', route: 'GET */spot/accounts', count: 1, status: 502, mode: 'html' })
    await expect(exchange.fetchBalance()).rejects.toThrow(ccxt.ExchangeNotAvailable)
  })

  it('watches the book, trades and the ticker', async () => {
    const book = await exchange.watchOrderBook(symbol)
    expect(book.bids.length).toBeGreaterThan(10)
    const next = await exchange.watchOrderBook(symbol)
    expect(Number(next.bids[0]![0])).toBeLessThan(Number(next.asks[0]![0]))
    expect((await exchange.watchTrades(symbol)).length).toBeGreaterThan(0)
    expect((await exchange.watchTicker(symbol)).last).toBeGreaterThan(0)
  })

  it('watches orders, own trades and balances', async () => {
    const orders = exchange.watchOrders(symbol)
    const trades = exchange.watchMyTrades(symbol)
    const balance = exchange.watchBalance()
    await expect.poll(() => venue.truth().requests['WS subscribe spot.balances']).toBe(1)
    const order = await exchange.createOrder(symbol, 'market', 'sell', 0.001)
    expect((await orders)[0]!.id).toBe(order.id)
    expect((await trades)[0]!.order).toBe(order.id)
    expect((await balance).info).toHaveLength(1)
  })

  it('places and cancels over the WebSocket API', async () => {
    const price = await lowPrice()
    const order = await exchange.createOrderWs(symbol, 'limit', 'buy', 0.01, price)
    expect(order.status).toBe('open')
    expect((await exchange.fetchOrderWs(order.id!, symbol)).id).toBe(order.id)
    expect((await exchange.editOrderWs(order.id!, symbol, 'limit', 'buy', 0.02, price)).amount).toBe(0.02)
    expect((await exchange.cancelOrderWs(order.id!, symbol)).status).toBe('canceled')
    expect(venue.truth().openOrderIds).toEqual([])
    expect(Object.values(venue.truth().sums).every((sum) => sum === '0')).toBe(true)
  })
})
