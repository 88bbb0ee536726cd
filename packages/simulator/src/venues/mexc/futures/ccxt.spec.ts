import ccxt from 'ccxt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { VenueAddress } from '../../../venue/venue-options.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { createMexcVenue } from '../create-mexc-venue.js'

/** Unmodified ccxt: addresses and keys are set, and its own waiting is switched off to save the spec's time. */
function createClient({ apiKey, futuresWs, rest, secret, ws }: VenueAddress) {
  const client = new ccxt.pro.mexc({ apiKey, secret, enableRateLimit: false, options: { defaultType: 'swap' } })
  const api = client.urls['api'] as Record<string, unknown>
  api['spot'] = { public: rest, private: rest }
  api['contract'] = { public: `${rest}/api/v1/contract`, private: `${rest}/api/v1/private` }
  api['ws'] = { spot: ws, swap: futuresWs }
  return client
}

describe('unmodified ccxt on the perpetuals of the MEXC venue', () => {
  const symbol = 'BTC/USDT:USDT'
  let venue: VenueHost
  let client: ReturnType<typeof createClient>

  beforeAll(async () => {
    venue = createMexcVenue({
      seed: 11,
      mexc: { rateLimits: { ipWeight: null, orders: null, contracts: false } },
      market: { kind: 'synthetic', tradesPerSecond: 20, dislocations: { probability: 0 } },
      perpetuals: { basis: { probability: 0 } },
    })
    client = createClient(await venue.start())
    await client.loadHttpProxyAgent() // what ccxt wants before it talks to an address without TLS
    await client.loadMarkets()
  })

  afterAll(async () => {
    await client.close()
    await venue.close()
  })

  const lowPrice = async (): Promise<number> =>
    Math.floor(Number((await client.fetchOrderBook(symbol)).bids[0]![0]) * 0.97)

  it('loads the contracts with their size and steps', () => {
    expect(client.market(symbol)).toMatchObject({
      swap: true,
      linear: true,
      settle: 'USDT',
      contractSize: 0.0001,
      active: true,
      precision: { amount: 1, price: 0.1 },
    })
  })

  it('reads book, ticker, trades, candles and funding', async () => {
    const book = await client.fetchOrderBook(symbol, 5)
    expect(book.bids[0]![0]!).toBeLessThan(book.asks[0]![0]!)
    expect((await client.fetchTicker(symbol)).last).toBeGreaterThan(0)
    await expect.poll(async () => (await client.fetchTrades(symbol)).length).toBeGreaterThan(0)
    expect((await client.fetchOHLCV(symbol, '1m', undefined, 10)).length).toBeGreaterThan(0)
    expect((await client.fetchFundingRate(symbol)).fundingRate).toBeDefined()
    expect(await client.fetchFundingRateHistory(symbol, undefined, 5)).toHaveLength(5)
  })

  it('sets leverage, opens, shows and closes a position', async () => {
    await client.setLeverage(5, symbol, { openType: 1, positionType: 1 })
    const options = { openType: 1, leverage: 5 }
    const { id } = await client.createOrder(symbol, 'market', 'buy', 20, undefined, options)
    expect(await client.fetchOrder(id!, symbol)).toMatchObject({ status: 'closed', filled: 20 })
    expect(await client.fetchPositions([symbol])).toMatchObject([{ contracts: 20, side: 'long', leverage: 5 }])
    expect((await client.fetchBalance({ type: 'swap' }))['USDT']).toMatchObject({ total: expect.any(Number) })
    await client.createOrder(symbol, 'market', 'sell', 50, undefined, { ...options, reduceOnly: true })
    expect(await client.fetchPositions([symbol])).toEqual([])
    const trades = await client.fetchMyTrades(symbol)
    expect(trades.find(({ order }) => order === id)).toMatchObject({ amount: 20, fee: { currency: 'USDT' } })
  })

  it('places, finds, lists and cancels a resting order', async () => {
    const options = { openType: 1, leverage: 5, clientOrderId: 'ccxt-1' }
    const { id } = await client.createOrder(symbol, 'limit', 'buy', 10, await lowPrice(), options)
    expect(await client.fetchOrder(id!, symbol)).toMatchObject({ status: 'open', amount: 10, filled: 0 })
    expect((await client.fetchOpenOrders(symbol)).map((order) => order.id)).toEqual([id])
    expect(venue.perpetuals!.core.orderByClientId('trader', 'ccxt-1')?.id).toBe(id)
    await client.cancelOrder(id!, symbol)
    expect((await client.fetchOrder(id!, symbol)).status).toBe('canceled')
  })

  it('maps refusals to its own exceptions', async () => {
    const options = { openType: 1, leverage: 5 }
    await expect(client.createOrder(symbol, 'limit', 'buy', 900_000, await lowPrice(), options)).rejects.toThrow(
      ccxt.InsufficientFunds,
    )
    venue.faults.add({ kind: 'rate_limited', route: 'GET */account/assets', count: 1 })
    await expect(client.fetchBalance({ type: 'swap' })).rejects.toThrow(ccxt.RateLimitExceeded)
  })

  it('watches the book, trades and the ticker', async () => {
    const book = await client.watchOrderBook(symbol)
    expect(book.bids.length).toBeGreaterThan(5)
    const next = await client.watchOrderBook(symbol)
    expect(Number(next.bids[0]![0])).toBeLessThan(Number(next.asks[0]![0]))
    expect((await client.watchTrades(symbol)).length).toBeGreaterThan(0)
    expect((await client.watchTicker(symbol)).last).toBeGreaterThan(0)
  })

  it('watches orders, own trades and the balance', async () => {
    const orders = client.watchOrders(symbol, undefined, undefined, { type: 'swap' })
    const trades = client.watchMyTrades(symbol, undefined, undefined, { type: 'swap' })
    const balance = client.watchBalance({ type: 'swap' })
    await expect.poll(() => venue.truth().requests['WS login'] ?? 0).toBeGreaterThan(0)
    await expect.poll(() => [...venue.sessions].some(({ scope }) => scope === 'private')).toBe(true)
    const { id } = await client.createOrder(symbol, 'market', 'sell', 3, undefined, { openType: 1, leverage: 5 })
    expect((await orders)[0]!.id).toBe(id)
    expect((await trades)[0]!.amount).toBe(3)
    expect((await balance)['USDT']).toBeDefined()
    const { perpetuals } = venue.truth()
    expect(perpetuals!.sums).toEqual({ USDT: '0' })
    expect(Object.values(perpetuals!.contracts).every((sum) => sum === 0)).toBe(true)
  })
})
