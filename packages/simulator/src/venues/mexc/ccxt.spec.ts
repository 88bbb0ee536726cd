import ccxt from 'ccxt'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { VenueHost } from '../../venue/venue-host.js'
import { createMexcVenue } from './create-mexc-venue.js'

/** Unmodified ccxt: addresses and keys are set, and its own waiting is switched off to save the spec's time. */
function createClient(address: { rest: string; ws: string; apiKey: string; secret: string }) {
  const { rest, ws, apiKey, secret } = address
  const client = new ccxt.pro.mexc({ apiKey, secret, enableRateLimit: false })
  const api = client.urls['api'] as Record<string, Record<string, string>>
  api['spot'] = { public: rest, private: rest }
  api['contract'] = { public: `${rest}/api/v1/contract`, private: `${rest}/api/v1/private` }
  api['ws'] = { spot: ws, swap: ws }
  return client
}

describe('unmodified ccxt against the MEXC venue', () => {
  let venue: VenueHost
  let client: ReturnType<typeof createClient>

  beforeAll(async () => {
    venue = createMexcVenue({ seed: 11, mexc: { rateLimits: { ipWeight: null, orders: null } } })
    client = createClient(await venue.start())
    await client.loadHttpProxyAgent() // what ccxt wants before it talks to an address without TLS
  })

  afterAll(async () => {
    await client.close()
    await venue.close()
  })

  it('lists markets with steps, limits and fees, and currencies with networks', async () => {
    const markets = await client.loadMarkets()
    const market = markets['BTC/USDT']!
    const spot = Object.keys(markets).filter((symbol) => !symbol.includes(':'))
    expect(spot.toSorted()).toEqual(
      ['BTC/USDT', 'ETH/BTC', 'ETH/USDT', 'LUNC/USDT', 'MX/USDT', 'SOL/USDT', 'XRP/USDT'].toSorted(),
    )
    expect(market.active).toBe(true)
    expect(market.precision).toMatchObject({ amount: 1e-8, price: 0.01 })
    expect(market.limits.cost).toMatchObject({ min: 1, max: 4_000_000 })
    expect(market).toMatchObject({ maker: 0, taker: 0.0005 })
    expect(Object.keys(client.currencies)).toContain('BTC')
    expect(await client.fetchStatus()).toMatchObject({ status: 'ok' })
    expect(Math.abs((await client.fetchTime())! - venue.clock.nowMs())).toBeLessThan(1000)
  })

  it('reads book, ticker, trades and candles', async () => {
    const book = await client.fetchOrderBook('BTC/USDT', 5)
    expect(book.bids).toHaveLength(5)
    expect(book.bids[0]![0]!).toBeLessThan(book.asks[0]![0]!)
    expect(book.nonce).toBeGreaterThan(0)
    const ticker = await client.fetchTicker('BTC/USDT')
    expect(ticker.bid).toBeGreaterThan(0)
    expect(ticker.last).toBeGreaterThan(0)
    venue.core.place({
      accountId: 'house',
      symbol: 'BTC/USDT',
      side: 'buy',
      kind: 'market',
      timeInForce: 'ioc',
      quantityLots: 1_000,
    })
    const trades = await client.fetchTrades('BTC/USDT')
    expect(trades.length).toBeGreaterThan(0)
    expect(trades.some(({ side, amount }) => side === 'buy' && amount === 0.00001)).toBe(true)
    const candles = await client.fetchOHLCV('BTC/USDT', '1m', undefined, 10)
    expect(candles).toHaveLength(10)
    expect(await client.fetchTradingFee('BTC/USDT')).toMatchObject({ maker: 0, taker: 0.0005 })
  })

  it('places, shows and cancels a resting order', async () => {
    await client.loadMarkets()
    const book = await client.fetchOrderBook('BTC/USDT', 5)
    const price = Math.floor(book.bids[0]![0]! * 0.98)
    const placed = await client.createOrder('BTC/USDT', 'limit', 'buy', 0.001, price, { clientOrderId: 'arb_1-a' })
    const order = await client.fetchOrder(placed.id!, 'BTC/USDT')
    expect(order).toMatchObject({
      status: 'open',
      price,
      amount: 0.001,
      filled: 0,
      clientOrderId: 'arb_1-a',
      side: 'buy',
    })
    expect((await client.fetchOpenOrders('BTC/USDT')).map(({ id }) => id)).toEqual([placed.id])
    const locked = await client.fetchBalance()
    expect(locked['USDT']!.used).toBeCloseTo(price * 0.001 * 1.0005, 8)
    await client.cancelOrder(placed.id!, 'BTC/USDT')
    expect(await client.fetchOrder(placed.id!, 'BTC/USDT')).toMatchObject({ status: 'canceled', filled: 0 })
    expect(await client.fetchOpenOrders('BTC/USDT')).toEqual([])
    const again = await client.createOrder('BTC/USDT', 'limit', 'buy', 0.001, price)
    await client.cancelAllOrders('BTC/USDT')
    expect(await client.fetchOrder(again.id!, 'BTC/USDT')).toMatchObject({ status: 'canceled' })
    await expect(client.cancelOrder(again.id!, 'BTC/USDT')).rejects.toThrow('Unknown order sent.')
  })

  it('fills market, IOC and post-only orders as their kinds say', async () => {
    await client.loadMarkets()
    const ask = (await client.fetchOrderBook('ETH/USDT', 5)).asks[0]![0]!
    const market = await client.createOrder('ETH/USDT', 'market', 'buy', 0.01)
    const bought = await client.fetchOrder(market.id!, 'ETH/USDT')
    expect(bought).toMatchObject({ status: 'closed', filled: 0.01, type: 'market' })
    expect(bought.average).toBeGreaterThan(0)
    const byMoney = await client.createMarketBuyOrderWithCost('ETH/USDT', 50)
    const spent = await client.fetchOrder(byMoney.id!, 'ETH/USDT')
    expect(spent.status).toBe('closed')
    expect(spent.cost).toBeLessThanOrEqual(50)
    const ioc = await client.createOrder('ETH/USDT', 'limit', 'buy', 0.01, Math.floor(ask * 1.01), {
      timeInForce: 'IOC',
    })
    expect(await client.fetchOrder(ioc.id!, 'ETH/USDT')).toMatchObject({ status: 'closed', filled: 0.01 })
    const crossing = Math.floor(ask * 1.01)
    const postOnly = await client.createOrder('ETH/USDT', 'limit', 'buy', 0.01, crossing, { postOnly: true })
    expect(await client.fetchOrder(postOnly.id!, 'ETH/USDT')).toMatchObject({ status: 'canceled', filled: 0 })
    const fills = await client.fetchMyTrades('ETH/USDT')
    expect(new Set(fills.map(({ order }) => order))).toEqual(new Set([market.id, byMoney.id, ioc.id]))
    const fee = fills.find(({ order }) => order === market.id)!
    expect(fee.fee).toMatchObject({ currency: 'USDT' })
    expect(fee.fee!.cost).toBeCloseTo(fee.cost! * 0.0005, 10)
    await expect(client.createOrder('ETH/USDT', 'limit', 'buy', 1_000_000, crossing)).rejects.toThrow()
  })

  it('places batches, FOK orders and market sells with a price', async () => {
    await client.loadMarkets()
    const { bids, asks } = await client.fetchOrderBook('SOL/USDT', 5)
    const low = Math.floor(bids[0]![0]! * 0.97)
    const batch = await client.createOrders([
      { symbol: 'SOL/USDT', type: 'limit', side: 'buy', amount: 1, price: low },
      { symbol: 'SOL/USDT', type: 'limit', side: 'buy', amount: 2, price: low },
    ])
    expect(batch.map(({ id }) => typeof id)).toEqual(['string', 'string'])
    expect(await client.cancelAllOrders('SOL/USDT')).toHaveLength(2)
    const fok = await client.createOrder('SOL/USDT', 'limit', 'buy', 0.1, asks[1]![0], { timeInForce: 'FOK' })
    expect(await client.fetchOrder(fok.id!, 'SOL/USDT')).toMatchObject({ status: 'closed', filled: 0.1 })
    const sold = await client.createOrder('SOL/USDT', 'market', 'sell', 0.1, bids[0]![0])
    expect((await client.fetchOrder(sold.id!, 'SOL/USDT')).filled).toBeGreaterThan(0.09)
    const all = await client.fetchOrders('SOL/USDT')
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([fok.id, sold.id]))
    expect(Object.keys(await client.fetchTickers())).toHaveLength(7)
  })

  it('streams the book until it equals the truth', async () => {
    const symbol = 'BTC/USDT'
    await client.watchOrderBook(symbol)
    venue.market.stop()
    const best = (side: 'bids' | 'asks') => client.orderbooks[symbol]?.[side]?.slice(0, 20)
    const truth = (side: 'bids' | 'asks') =>
      venue
        .truth()
        .books[symbol]![side].slice(0, 20)
        .map(([price, quantity]) => [Number(price), Number(quantity)])
    await waitFor(
      () => JSON.stringify([best('bids'), best('asks')]) === JSON.stringify([truth('bids'), truth('asks')]),
      'the book of the client to equal the truth',
    )
    venue.market.start()
  })

  it('streams trades and tickers', async () => {
    const trades = client.watchTrades('BTC/USDT')
    const ticker = await client.watchTicker('BTC/USDT')
    expect(ticker.bid).toBeLessThan(ticker.ask!)
    const house = { accountId: 'house', symbol: 'BTC/USDT', kind: 'market', timeInForce: 'ioc' } as const
    venue.core.place({ ...house, side: 'sell', quantityLots: 2_000 })
    expect((await trades).at(-1)!.amount).toBeGreaterThan(0)
    const candles = await client.watchOHLCV('BTC/USDT', '1m')
    expect(candles.at(-1)![4]).toBeGreaterThan(0)
  })

  it('streams orders, fills and balances of the account', async () => {
    await client.loadMarkets()
    const orders = client.watchOrders('ETH/USDT')
    const balance = client.watchBalance()
    const fills = client.watchMyTrades('ETH/USDT')
    await subscribed(venue, 3)
    const { id } = await client.createOrder('ETH/USDT', 'market', 'buy', 0.01)
    expect((await orders).at(-1)!.id).toBe(id)
    expect((await fills).at(-1)).toMatchObject({ order: id, side: 'buy' })
    expect((await balance)['USDT']!.free).toBeGreaterThan(0)
    const cached = () => [...(client.orders ?? [])].find((order) => order.id === id)
    await waitFor(() => cached()?.status === 'closed', 'the order to be filled')
    expect(cached()).toMatchObject({ status: 'closed', filled: 0.01, remaining: 0 })
  })
})

async function subscribed(venue: VenueHost, count: number): Promise<void> {
  await waitFor(
    () => {
      const seen = Object.entries(venue.truth().requests).filter(([route]) => route.startsWith('WS spot@private'))
      return seen.length === count
    },
    'the private subscriptions',
    10_000,
  )
}
