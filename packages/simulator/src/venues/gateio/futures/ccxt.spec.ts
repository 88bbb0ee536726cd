import * as ccxt from 'ccxt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { VenueAddress } from '../../../venue/venue-options.js'
import { createGateioVenue } from '../create-gateio-venue.js'

/** Of the venue's own account; ccxt asks its user for it. */
const traderUid = '10001'

/** Unmodified ccxt, told only where the venue is, which key to use, and that it is about perpetuals. */
async function connect(address: VenueAddress) {
  const exchange = new ccxt.pro.gate({
    apiKey: address.apiKey,
    secret: address.secret,
    uid: traderUid,
    options: { defaultType: 'swap' },
  })
  const api = exchange.urls.api as Record<string, unknown>
  for (const access of ['public', 'private']) {
    const urls = api[access] as Record<string, string>
    for (const product of Object.keys(urls)) urls[product] = address.rest
  }
  api['spot'] = address.ws
  // By an `fx` in the address ccxt knows a connection of perpetuals.
  api['swap'] = { usdt: `${address.futuresWs}?fx` }
  await exchange.loadHttpProxyAgent()
  return exchange
}

describe('unmodified ccxt on the perpetuals of the Gate.io venue', () => {
  const symbol = 'BTC/USDT:USDT'
  const venue = createGateioVenue({
    seed: 3,
    market: { kind: 'synthetic', tradesPerSecond: 20, dislocations: { probability: 0 } },
    perpetuals: { basis: { probability: 0 } },
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

  const bestBid = async (): Promise<number> => Number((await exchange.fetchOrderBook(symbol)).bids[0]![0])
  /** A price below the market that the venue still takes. */
  const lowPrice = async (): Promise<number> => Math.floor((await bestBid()) * 0.97)

  it('loads the contracts with their size, steps and fees', () => {
    const market = exchange.market(symbol)
    expect(market).toMatchObject({ swap: true, linear: true, settle: 'USDT', contractSize: 0.0001, active: true })
    expect(market.precision).toEqual(expect.objectContaining({ price: 0.1, amount: 1 }))
  })

  it('reads book, ticker, trades, candles and funding', async () => {
    const book = await exchange.fetchOrderBook(symbol, 20)
    expect(book.bids).toHaveLength(20)
    expect((await exchange.fetchTicker(symbol)).last).toBeGreaterThan(0)
    await expect.poll(async () => (await exchange.fetchTrades(symbol)).length).toBeGreaterThan(0)
    expect(await exchange.fetchOHLCV(symbol, '1m', undefined, 30)).toHaveLength(30)
    const funding = await exchange.fetchFundingRate(symbol)
    expect(funding.interval).toBe('8h')
    expect(funding.markPrice).toBeGreaterThan(0)
    expect(await exchange.fetchFundingRateHistory(symbol, undefined, 5)).toHaveLength(5)
  })

  it('sets leverage, opens, shows, and closes a position', async () => {
    await exchange.setLeverage(5, symbol)
    const opened = await exchange.createOrder(symbol, 'market', 'buy', 20)
    expect([opened.status, opened.filled]).toEqual(['closed', 20])
    const [position] = await exchange.fetchPositions([symbol])
    expect(position).toMatchObject({ side: 'long', contracts: 20, leverage: 5 })
    expect(position!.liquidationPrice).toBeLessThan(position!.entryPrice!)
    await expect(exchange.createOrder(symbol, 'market', 'buy', 1, undefined, { reduceOnly: true })).rejects.toThrow(
      'INCREASE_POSITION',
    )
    const closed = await exchange.createOrder(symbol, 'market', 'sell', 50, undefined, { reduceOnly: true })
    expect(closed.filled).toBe(20)
    expect(await exchange.fetchPositions([symbol])).toMatchObject([{ contracts: 0 }])
    const trades = await exchange.fetchMyTrades(symbol)
    expect(trades.find(({ order }) => order === closed.id)?.fee?.currency).toBe('USDT')
    const ledger = await exchange.fetchLedger('USDT')
    expect(ledger.map(({ info }) => (info as Record<string, string>)['type'])).toEqual(
      expect.arrayContaining(['fee', 'pnl']),
    )
  })

  it('places, finds, lists, edits and cancels a resting order', async () => {
    const price = await lowPrice()
    const order = await exchange.createOrder(symbol, 'limit', 'buy', 10, price, { clientOrderId: 't-swap-1' })
    expect([order.status, order.clientOrderId]).toEqual(['open', 't-swap-1'])
    expect((await exchange.fetchOrder('t-swap-1', symbol)).price).toBe(price)
    expect((await exchange.fetchOpenOrders(symbol)).map(({ clientOrderId }) => clientOrderId)).toEqual(['t-swap-1'])
    expect((await exchange.editOrder('t-swap-1', symbol, 'limit', 'buy', 12, price - 10)).amount).toBe(12)
    expect((await exchange.cancelOrder('t-swap-1', symbol)).status).toBe('canceled')
    await expect(exchange.fetchOrder('1', symbol)).rejects.toThrow(ccxt.OrderNotFound)
  })

  it('maps refusals to its own exceptions', async () => {
    const price = await lowPrice()
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 900_000, price)).rejects.toThrow(ccxt.InsufficientFunds)
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 1, 1)).rejects.toThrow(ccxt.InvalidOrder)
    await expect(
      exchange.createOrder(symbol, 'limit', 'buy', 1, Math.ceil(price * 1.05), { postOnly: true }),
    ).rejects.toThrow('ORDER_POC_IMMEDIATE')
    venue.faults.add({ kind: 'rate_limited', route: 'GET */futures/usdt/accounts', count: 1 })
    await expect(exchange.fetchBalance()).rejects.toThrow(ccxt.RateLimitExceeded)
  })

  it('watches the book, trades and the ticker', async () => {
    const book = await exchange.watchOrderBook(symbol)
    expect(book.bids.length).toBeGreaterThan(10)
    const next = await exchange.watchOrderBook(symbol)
    expect(Number(next.bids[0]![0])).toBeLessThan(Number(next.asks[0]![0]))
    expect((await exchange.watchTrades(symbol)).length).toBeGreaterThan(0)
    expect((await exchange.watchTicker(symbol)).last).toBeGreaterThan(0)
  })

  it('watches orders, own trades, positions and the balance', async () => {
    expect((await exchange.fetchBalance())['USDT']).toMatchObject({ free: expect.any(Number) })
    const orders = exchange.watchOrders(symbol)
    const trades = exchange.watchMyTrades(symbol)
    const balance = exchange.watchBalance()
    // The first answer is what REST says, and subscribes to nothing.
    await exchange.watchPositions([symbol])
    const positions = exchange.watchPositions([symbol])
    await expect
      .poll(() =>
        ['orders', 'usertrades', 'balances', 'positions'].map(
          (name) => venue.truth().requests[`WS subscribe futures.${name}`] ?? 0,
        ),
      )
      .toEqual([1, 1, 1, 1])
    await exchange.createOrder(symbol, 'market', 'sell', 3, undefined, { clientOrderId: 't-watched' })
    expect((await orders)[0]!.clientOrderId).toBe('t-watched')
    expect((await trades)[0]!.amount).toBe(3)
    expect((await balance).info).toHaveLength(1)
    expect((await positions).some(({ contracts, side }) => contracts === 3 && side === 'short')).toBe(true)
  })

  it('places and cancels over the WebSocket API', async () => {
    const order = await exchange.createOrderWs(symbol, 'limit', 'buy', 10, await lowPrice(), { clientOrderId: 't-ws' })
    expect(order.status).toBe('open')
    expect((await exchange.fetchOrderWs('t-ws', symbol)).clientOrderId).toBe('t-ws')
    expect((await exchange.cancelOrderWs('t-ws', symbol)).status).toBe('canceled')
    const { perpetuals } = venue.truth()
    expect(perpetuals?.openOrderIds).toEqual([])
    expect(perpetuals?.sums).toEqual({ USDT: '0' })
    expect(Object.values(perpetuals?.contracts ?? {}).every((sum) => sum === 0)).toBe(true)
  })
})
