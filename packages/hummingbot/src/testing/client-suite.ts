import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HummingbotClientOptions } from '../client/client-options.js'
import { HummingbotClient } from '../client/hummingbot-client.js'
import { HummingbotException } from '../client/hummingbot-exception.js'
import type { ClientEndpoint, Exclusions } from './client-endpoint.js'
import { HurriedClock } from './hurried-clock.js'
import { RecordingSink } from './recording.js'

const market = { exchange: 'binance', market: 'ETH-USDT' }
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '0.1', price: '2900' } as const

/** Outcomes that say that nothing rests, by positive evidence. */
const isRefused = (error: unknown): boolean => error instanceof HummingbotException && !error.orderStateUnknown

export interface ClientSuiteOptions {
  readonly open: () => Promise<ClientEndpoint>
  readonly excluded: Exclusions
  /** Of the long run with faults. */
  readonly requests: number
}

/** What the client does with a server, whichever it is. */
export function describeClient(name: string, { open, excluded, requests }: ClientSuiteOptions): void {
  const named = new Set<string>()
  const test = (title: string, run: () => Promise<void>, timeoutMs?: number): void => {
    named.add(title)
    const reason = excluded[title]
    if (reason === undefined) it(title, run, timeoutMs)
    else it.skip(`${title} (${reason})`, run)
  }

  describe(name, () => {
    let endpoint: ClientEndpoint
    let sink: RecordingSink
    let client: HummingbotClient
    const others: HummingbotClient[] = []

    const create = (options: Partial<HummingbotClientOptions> = {}): HummingbotClient => {
      const created = new HummingbotClient({
        eventEngine: sink,
        apiHost: '127.0.0.1',
        apiPort: endpoint.linePort,
        apiKey: endpoint.apiKey,
        clock: systemClock,
        random: new SeededRandom(3),
        logger: silentLogger,
        requestTimeoutMs: 2_000,
        rateLimit: { frames: 1_500, periodMs: 1_000, marginMs: 100 },
        ...options,
      })
      others.push(created)
      return created
    }
    const connect = async (options: Partial<HummingbotClientOptions> = {}): Promise<void> => {
      await client.disconnect()
      sink.events.splice(0)
      client = create(options)
      await client.connect()
    }
    const orders = () => endpoint.orders()
    const placed = (count: number): Promise<void> =>
      waitFor(() => orders().length === count, `${count} orders at the exchange`)
    const sell = (priceTicks: number, quantityLots: number): void => endpoint.offer('sell', priceTicks, quantityLots)
    const pushed = (type: string) => sink.told.filter((event) => event.type === type).map(({ data }) => data)
    /** Order updates that the server pushed; a client tells answers in the same words, without a time. */
    const updates = () => pushed('ORDER_UPDATE').filter((data) => data['timestamp'] !== undefined)
    const ownTrades = () => pushed('TRADE_UPDATE').filter((data) => data['own'] === true)
    const ended = (orderId: string, status: string): Promise<void> =>
      waitFor(
        () => updates().some((data) => data['order_id'] === orderId && data['status'] === status),
        `the order's end as ${status}`,
      )

    beforeEach(async () => {
      endpoint = await open()
      sink = new RecordingSink()
      client = create()
      await client.connect()
    })
    afterEach(async () => {
      await Promise.all(others.splice(0).map((each) => each.disconnect()))
      await endpoint.close()
    })

    test('learns what the server can, and keeps the connection', async () => {
      expect(client.isConnected).toBe(true)
      for (const capability of ['client_order_id', 'unsubscribe', 'channel:ticker', 'channel:orders'])
        expect(client.capabilities.has(capability)).toBe(true)
      await client.ping()
      expect(sink.statuses).toEqual(['connecting', 'connected'])
    })

    test('is refused with a wrong key, and does not try again', async () => {
      const stranger = create({ apiKey: 'wrong' })
      await expect(stranger.connect()).rejects.toMatchObject({ category: 'auth_failed' })
      expect(stranger.isConnected).toBe(false)
    })

    test('reads book, ticker and balances exactly', async () => {
      expect(await client.getOrderBook({ ...market, depth: 1 })).toMatchObject({
        bids: [['3000', '100']],
        asks: [['3001', '100']],
      })
      expect(await client.getTicker(market)).toMatchObject({ bid: '3000', ask: '3001', exchange: 'binance' })
      const { binance } = await client.getBalances({ exchange: 'binance' })
      expect(binance).toMatchObject({ ETH: { total: '5000' }, USDT: { total: '10000000' } })
    })

    test('hears of books, trades and tickers that it has subscribed to, and of none afterwards', async () => {
      await client.subscribeToOrderBook(market)
      await client.subscribeToTrades(market)
      await client.subscribe({ channel: 'ticker', ...market })
      const kinds = () => pushed('MARKET_DATA').map((data) => data['kind'])
      await waitFor(() => kinds().includes('order_book') && kinds().includes('ticker'), 'market data')
      endpoint.offer('buy', 300_100, 500)
      await waitFor(() => pushed('TRADE_UPDATE').length > 0, 'the trade')
      expect(pushed('TRADE_UPDATE')[0]).toMatchObject({ price: '3001', amount: '0.05', side: 'buy' })
      await client.unsubscribe({ channel: 'trades', ...market })
      await client.ping()
      const before = pushed('TRADE_UPDATE').length
      sell(300_000, 500)
      await client.ping()
      expect(pushed('TRADE_UPDATE')).toHaveLength(before)
    })

    test('places, finds, lists and cancels an order', async () => {
      const created = await client.createOrder({ ...limitBuy, client_order_id: 'cid-1' })
      expect(created).toMatchObject({ status: 'open', client_order_id: 'cid-1', amount: '0.1', price: '2900' })
      await placed(1)
      const { order_id } = created
      const expected = { order_id, client_order_id: 'cid-1', status: 'open', side: 'buy', type: 'limit' }
      expect(await client.getOrderStatus({ ...market, order_id })).toMatchObject(expected)
      expect(await client.getOrderStatus({ ...market, client_order_id: 'cid-1' })).toMatchObject(expected)
      expect(await client.getOpenOrders(market)).toMatchObject([expected])
      expect(await client.cancelOrder({ ...market, order_id })).toMatchObject({ order_id })
      await ended(order_id, 'cancelled')
      await waitFor(async () => (await client.getOpenOrders(market)).length === 0, 'no open orders')
      expect(await client.getOrderHistory(market)).toMatchObject([{ order_id, status: 'cancelled' }])
    })

    test('knows that a cancellation is done when it is answered', async () => {
      const { order_id } = await client.createOrder(limitBuy)
      expect(await client.cancelOrder({ ...market, order_id })).toEqual({ order_id, cancelled: true })
    })

    test('hears of every fill of its order once', async () => {
      const { order_id } = await client.createOrder({ ...limitBuy, price: '3000.5' })
      await placed(1)
      sell(300_050, 400)
      await waitFor(() => ownTrades().length === 1, 'the first fill')
      sell(300_050, 600)
      await ended(order_id, 'filled')
      await waitFor(() => ownTrades().length === 2, 'the second fill')
      expect(ownTrades().map((data) => data['amount'])).toEqual(['0.04', '0.06'])
      for (const data of ownTrades()) expect(data).toMatchObject({ order_id, side: 'buy', price: '3000.5' })
      expect(new Set(ownTrades().map((data) => data['trade_id'])).size).toBe(2)
    })

    test('trades at market', async () => {
      const { order_id } = await client.createOrder({ ...market, side: 'sell', order_type: 'market', amount: '0.2' })
      await waitFor(
        async () => (await client.getOrderStatus({ ...market, order_id })).status === 'filled',
        'the market order',
      )
      expect(orders()).toMatchObject([{ status: 'filled' }])
    })

    test('places an order that is sent twice once', async () => {
      const order = { ...limitBuy, client_order_id: 'twice' }
      const first = await client.createOrder(order)
      await placed(1)
      expect((await client.createOrder(order)).order_id).toBe(first.order_id)
      const other = create()
      await other.connect()
      expect((await other.createOrder(order)).order_id).toBe(first.order_id)
      await expect(other.createOrder({ ...limitBuy, amount: '0.2', client_order_id: 'twice' })).rejects.toThrow()
      expect(orders()).toHaveLength(1)
    })

    test('is told what is wrong with a request', async () => {
      const invalid = { category: 'invalid_order' }
      const small = { ...limitBuy, amount: '0.00001' }
      await expect(client.createOrder(small)).rejects.toMatchObject(invalid)
      await expect(client.getTicker({ exchange: 'mars', market: 'ETH-USDT' })).rejects.toMatchObject(invalid)
      await expect(client.getOrderStatus({ ...market, order_id: 'nothing' })).rejects.toMatchObject(invalid)
      await expect(client.cancelOrder({ ...market, order_id: 'nothing' })).rejects.toMatchObject(invalid)
      expect(orders()).toEqual([])
    })

    test('is refused an order without the funds', async () => {
      await expect(client.createOrder({ ...limitBuy, amount: '100000' })).rejects.toMatchObject({
        category: 'insufficient_funds',
      })
    })

    test('comes back after each of several cuts, subscribed, and brings no order event twice', async () => {
      await connect({ clock: new HurriedClock(50), requestTimeoutMs: 100_000, pingIntervalMs: 3_600_000 })
      await client.subscribeToOrderBook(market)
      const created = [await client.createOrder(limitBuy)]
      for (let cut = 1; cut <= 3; cut++) {
        await placed(cut)
        endpoint.cut()
        await waitFor(() => sink.statuses.length === 2 + 2 * cut, `reconnect ${cut}`)
        const books = pushed('MARKET_DATA').length
        sell(300_090, cut)
        await waitFor(() => pushed('MARKET_DATA').length > books, 'the book again')
        created.push(await client.createOrder({ ...limitBuy, price: String(2_800 - cut) }))
      }
      await placed(4)
      await waitFor(() => client.pendingRequests === 0, 'the recovery')
      const answers = pushed('ORDER_UPDATE').filter((data) => data['timestamp'] === undefined)
      expect(answers.map((data) => data['order_id'])).toEqual(created.map(({ order_id }) => order_id))
    })

    test('places no order twice and loses no answer under faults', async () => {
      await connect({ requestTimeoutMs: 150 })
      endpoint.addFaults(0.01)
      const random = new SeededRandom(11)
      const creates = new Map<string, unknown>()
      let settled = 0
      const one = async (i: number): Promise<void> => {
        const kind = random.integer(0, 4)
        try {
          if (kind === 0) {
            // Of terms of its own, so that the exchange's book tells one order from another.
            const order = { ...limitBuy, price: String(1_000 + i), client_order_id: `cid-${i}` }
            creates.set(order.price, undefined)
            creates.set(order.price, await client.createOrder(order).catch((error: unknown) => error))
          } else if (kind === 1) await client.getTicker(market)
          else if (kind === 2) await client.getBalances({ exchange: 'binance' })
          else if (kind === 3) await client.getOrderBook(market)
          else await client.ping()
        } catch {
          // What the faults made of it is counted below.
        } finally {
          settled++
        }
      }
      await Promise.all(Array.from({ length: requests }, (_, i) => one(i)))
      expect(settled).toBe(requests)
      expect(client.pendingRequests).toBe(0)
      const accepted = [...creates].filter(([, outcome]) => !(outcome instanceof Error)).map(([price]) => price)
      const prices = () => orders().map(({ price }) => price)
      // An exchange may get an order a little after it was accepted.
      await waitFor(() => {
        const known = new Set(prices())
        return accepted.every((price) => known.has(price))
      }, 'every accepted order at the exchange')
      expect(new Set(prices()).size).toBe(prices().length)
      for (const [price, outcome] of creates) if (isRefused(outcome)) expect(prices()).not.toContain(price)
    }, 60_000)

    test('keeps its limits, measured at the server', async () => {
      await connect({ requestTimeoutMs: 150, rateLimit: { frames: 100, periodMs: 1_000, marginMs: 100 } })
      endpoint.addFaults(0.01)
      await Promise.allSettled(Array.from({ length: 250 }, () => client.getTicker(market)))
      const traffic = endpoint.traffic()
      expect(traffic).toMatchObject({ repeatedIds: 0, framesBeforeAuthentication: 0 })
      expect(traffic.peakInFlight).toBeLessThanOrEqual(10)
      expect(traffic.peakFramesPerSecond).toBeLessThanOrEqual(100)
    }, 20_000)

    test('survives a restart of the server in the middle of a run, and brings no event twice', async () => {
      const clock = new HurriedClock(20)
      // Straight to the server's own port, which is closed for a while.
      const quiet = { requestTimeoutMs: 100_000, connectTimeoutMs: 200_000, pingIntervalMs: 3_600_000 }
      await connect({ clock, apiPort: endpoint.port, ...quiet })
      await client.subscribeToOrderBook(market)
      const filled = await client.createOrder({ ...limitBuy, price: '3000.5' })
      await placed(1)
      sell(300_050, 1_000)
      await ended(filled.order_id, 'filled')
      await waitFor(() => ownTrades().length === 1, 'the fill')
      const resting = await client.createOrder(limitBuy)
      await placed(2)
      let settled = 0
      const run = Array.from({ length: 60 }, async (_, i) => {
        const order = { ...limitBuy, price: String(2_000 + i) }
        await (i % 3 === 0 ? client.createOrder(order) : client.getTicker(market)).catch(() => undefined)
        settled++
      })
      await waitFor(() => settled > 5, 'the run to be under way')
      clock.delays.splice(0)
      await endpoint.stop()
      // No other timer of the client is so long, after the settings above.
      const reconnectDelays = () => clock.delays.filter((ms) => ms >= 4_000 && ms <= 48_000)
      await waitFor(() => reconnectDelays().length === 1, 'the attempt that fails at once')
      await endpoint.startAgain()
      await waitFor(() => client.isConnected, 'the reconnect')
      reconnectDelays().forEach((ms, i) => expect(Math.abs(ms / (5_000 * 2 ** i) - 1)).toBeLessThanOrEqual(0.2))
      await Promise.all(run)
      expect(settled).toBe(60)
      expect(client.pendingRequests).toBe(0)
      expect(sink.statuses).toEqual(['connecting', 'connected', 'connecting', 'connected'])
      const books = pushed('MARKET_DATA').length
      sell(300_090, 10)
      await waitFor(() => pushed('MARKET_DATA').length > books, 'the book again')
      const after = await client.createOrder({ ...limitBuy, price: '1990' })
      expect(after.order_id).not.toBe('')
      await client.cancelOrder({ ...market, order_id: after.order_id })
      await ended(after.order_id, 'cancelled')
      const states = updates().map((data) =>
        ['client_order_id', 'order_id', 'status', 'filled'].map((member) => data[member]).join(' '),
      )
      expect(new Set(states).size).toBe(states.length)
      const told = ownTrades().filter((data) => data['order_id'] === filled.order_id)
      expect(told).toHaveLength(1)
      expect(resting.order_id).not.toBe(filled.order_id)
    }, 30_000)

    it('excludes no test that does not exist', () => {
      expect(Object.keys(excluded).filter((title) => !named.has(title))).toEqual([])
    })
  })
}
