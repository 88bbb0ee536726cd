import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom, systemClock, systemRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { testCertificate } from '@cex-arbitrage/networking/testing'
import {
  createHummingbotVenue,
  type FaultRule,
  type HummingbotSettings,
  type VenueHost,
} from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HummingbotClient } from '../client/hummingbot-client.js'
import { BridgeClient } from '../testing/bridge-client.js'
import { createRecordingLogger, RecordingSink, type LogRecord } from '../testing/recording.js'
import type { HummingbotBridgeOptions } from './bridge-options.js'
import { HummingbotBridge } from './hummingbot-bridge.js'
import { FileOrderStore } from './order-store.js'

const market = { exchange: 'binance', market: 'ETH-USDT' }
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '0.1', price: '2990' } as const

let venue: VenueHost
let origin: string
let bridge: HummingbotBridge
let url: string
let client: BridgeClient
let records: LogRecord[]
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-'))
  records = []
  await startVenue()
  await startBridge()
})

afterEach(async () => {
  client.close()
  await bridge.close()
  await venue.close()
  await rm(folder, { recursive: true })
})

async function startVenue(hummingbot: Partial<HummingbotSettings> = {}): Promise<void> {
  const keys = [{ key: 'user', secret: 'password', permission: 'trade' as const }]
  const accounts = [{ id: 'trader', uid: 1, keys, balances: { USDT: '100000', ETH: '50' } }]
  const settings = { connectorDelayMs: 5, ...hummingbot }
  venue = createHummingbotVenue({ market: { kind: 'manual' }, accounts, hummingbot: settings })
  origin = (await venue.start()).origin
  quote('sell', 300_100, 10_000)
  quote('buy', 300_000, 10_000)
}

async function startBridge(options: Partial<HummingbotBridgeOptions> = {}): Promise<void> {
  bridge = createBridge(options)
  url = (await bridge.start()).url
  client = await BridgeClient.connect(url, 'key', testCertificate.cert)
}

async function restartBridge(options: Partial<HummingbotBridgeOptions> = {}): Promise<void> {
  client.close()
  await bridge.close()
  await startBridge(options)
}

const createBridge = (options: Partial<HummingbotBridgeOptions> = {}): HummingbotBridge =>
  new HummingbotBridge({
    clock: systemClock,
    random: new SeededRandom(1),
    logger: createRecordingLogger(records),
    port: 0,
    clientKeys: ['key'],
    upstream: { baseUrl: origin, user: 'user', password: 'password' },
    exchanges: { binance: { accountName: 'master_account', connectorName: 'binance' } },
    polling: { ordersMs: 10, tickerMs: 10, searchMs: 10 },
    adoptionMs: 1_000,
    ...options,
  })

function quote(side: 'buy' | 'sell', priceTicks: number, quantityLots: number): void {
  const limit = { accountId: 'house', symbol: 'ETH/USDT', side, kind: 'limit', timeInForce: 'gtc' } as const
  venue.core.place({ ...limit, priceTicks, quantityLots })
}

const addFault = (rule: FaultRule): string => venue.faults.add(rule)
const dataOf = (frame: Record<string, unknown>) => frame['data'] as Record<string, unknown>
const orderIdOf = (frame: Record<string, unknown>): string => dataOf(frame)['order_id'] as string
const placedCount = (): number => venue.truth().orders.length

describe('the door of the bridge', () => {
  it('lets in the keys it knows, and closes on others', async () => {
    expect(client.frames[0]).toEqual({
      id: 'q1',
      status: 'success',
      data: { capabilities: ['client_order_id', 'unsubscribe', 'channel:ticker', 'channel:orders'] },
    })
    const stranger = await BridgeClient.open(url)
    expect(await stranger.ask('ping')).toMatchObject({ code: 'auth_failed', message: 'Authentication required' })
    expect(await stranger.ask('authenticate', { api_key: 7 })).toMatchObject({ code: 'auth_failed' })
    await waitFor(() => stranger.closeCode === 1008, 'the close')
  })

  it('closes connections that do not authenticate in time', async () => {
    await restartBridge({ limits: { authenticationMs: 400 } })
    const silent = await BridgeClient.open(url)
    await waitFor(() => silent.closeCode === 1008, 'the close')
  })

  it('serves wss', async () => {
    await restartBridge({ tls: testCertificate })
    expect(url).toMatch(/^wss:/)
    expect(await client.ask('ping')).toMatchObject({ status: 'success' })
  })

  it('limits connections, frames and unanswered requests', async () => {
    await restartBridge({ limits: { maxConnections: 1, maxFramesPerSecond: 6, maxPending: 2 } })
    await expect(BridgeClient.open(url)).rejects.toThrow('503')
    addFault({ kind: 'response_delay', delayMs: 50, count: 2 })
    const balances = { exchange: 'binance' }
    const ids = [1, 2, 3].map(() => client.send('get_balances', balances))
    expect(await client.answer(ids[2]!)).toMatchObject({ code: 'rate_limit', data: { retry_after: 1 } })
    await Promise.all(ids.map((id) => client.answer(id)))
    await Promise.all([client.ask('ping'), client.ask('ping')])
    expect(await client.ask('ping')).toMatchObject({ code: 'rate_limit', message: 'Too many requests' })
  })

  it('serves no other paths and no plain HTTP', async () => {
    await expect(BridgeClient.open(url.replace('/ws', '/other'))).rejects.toThrow('404')
    expect((await fetch(url.replace('ws', 'http'))).status).toBe(426)
  })

  it('answers what it cannot read, and ignores binary frames', async () => {
    client.socket.send('[]')
    await waitFor(() => client.frames.some(({ message }) => message === 'Invalid message'), 'the refusal')
    client.socket.send(Buffer.from('{}'))
    expect(await client.ask('stare')).toMatchObject({ message: 'Unknown request type: stare', code: 'invalid_order' })
  })

  it.each([
    ['get_ticker', { exchange: '', market: 'x' }, 'Exchange is required'],
    ['get_ticker', { exchange: 'mars', market: 'x' }, 'Exchange mars not supported'],
    ['get_ticker', { exchange: 'binance' }, 'Market is required'],
    ['get_order', market, 'Order id is required'],
    ['get_order_book', { ...market, depth: 0 }, 'Invalid depth: 0'],
    ['subscribe', { ...market, channel: 'funding' }, 'Channel funding not supported'],
    ['create_order', { ...limitBuy, amount: 'NaN' }, 'Invalid amount: NaN'],
    ['create_order', { ...limitBuy, price: null }, 'Price is required for limit orders'],
  ])('refuses %s with %j', async (type, members, message) => {
    expect(await client.ask(type, members)).toMatchObject({ status: 'error', code: 'invalid_order', message })
  })

  it.each([
    [{ clientKeys: [] }, 'client key'],
    [{ exchanges: {} }, 'exchange'],
  ])('is not built with %j', (options, why) => {
    expect(() => createBridge(options)).toThrow(why)
  })
})

describe('orders through the bridge', () => {
  it('are placed, found, listed and cancelled', async () => {
    const created = await client.ask('create_order', { ...limitBuy, client_order_id: 'cid-1' })
    const orderId = orderIdOf(created)
    expect(dataOf(created)).toMatchObject({ symbol: 'ETH-USDT', status: 'open', client_order_id: 'cid-1', filled: '0' })
    await waitFor(() => placedCount() === 1, 'the order at the exchange')
    const expected = { order_id: orderId, price: '2990', amount: '0.1', status: 'open', client_order_id: 'cid-1' }
    expect(dataOf(await client.ask('get_order', { ...market, client_order_id: 'cid-1' }))).toMatchObject(expected)
    expect(dataOf(await client.ask('get_order', { ...market, order_id: orderId }))).toMatchObject(expected)
    expect((await client.ask('get_open_orders', market))['data']).toMatchObject([expected])
    expect(dataOf(await client.ask('cancel_order', { ...market, order_id: orderId }))).toEqual({
      order_id: orderId,
      cancelled: false,
    })
    expect(await client.waitForEvents('order_update', 1)).toMatchObject([{ order_id: orderId, status: 'cancelled' }])
    expect((await client.ask('get_order_history', { ...market, limit: 5 }))['data']).toMatchObject([
      { order_id: orderId, status: 'cancelled' },
    ])
    expect(await client.ask('cancel_order', { ...market, order_id: orderId })).toMatchObject({ code: 'invalid_order' })
    expect(await client.ask('get_order', { ...market, order_id: 'nothing' })).toMatchObject({
      message: 'Order nothing not found',
    })
    expect(await client.ask('get_order', { ...market, client_order_id: 'nothing' })).toMatchObject({
      message: 'Order nothing not found',
    })
  })

  it('wait for the proof of a cancellation when told to', async () => {
    await restartBridge({ cancelWaitMs: 2_000 })
    const orderId = orderIdOf(await client.ask('create_order', limitBuy))
    expect(dataOf(await client.ask('cancel_order', { ...market, order_id: orderId }))['cancelled']).toBe(true)
  })

  it('tell every fill once, and the end', async () => {
    const created = await client.ask('create_order', { ...limitBuy, price: '3000' })
    await waitFor(() => placedCount() === 1, 'the order at the exchange')
    quote('sell', 300_000, 10_400)
    await client.waitForEvents('order_update', 1)
    quote('sell', 300_000, 600)
    await waitFor(() => client.eventsOf('order_update').at(-1)?.['status'] === 'filled', 'the end')
    await client.waitForEvents('trade', 2)
    expect(client.eventsOf('order_update')).toMatchObject([
      { status: 'partially_filled', filled: '0.04' },
      { status: 'filled', filled: '0.1' },
    ])
    expect(client.eventsOf('trade').map(({ amount }) => amount)).toEqual(['0.04', '0.06'])
    expect(client.eventsOf('trade')[0]).toMatchObject({
      own: true,
      order_id: orderIdOf(created),
      side: 'buy',
      price: '3000',
    })
    const found = await client.ask('get_order', { ...market, order_id: orderIdOf(created) })
    expect(dataOf(found)).toMatchObject({ status: 'filled', filled_at: expect.any(Number) as number })
  })

  it('at market have no price', async () => {
    const created = await client.ask('create_order', { ...market, side: 'sell', order_type: 'market', amount: '0.2' })
    expect(dataOf(created)).toMatchObject({ price: null, type: 'market', status: 'open' })
    expect(await client.waitForEvents('order_update', 1)).toMatchObject([{ status: 'filled', price: null }])
  })

  it('that the exchange refuses afterwards fail with the reason', async () => {
    await client.ask('create_order', { ...limitBuy, amount: '40' })
    expect(await client.waitForEvents('order_update', 1)).toMatchObject([
      { status: 'failed', amount: '40', side: 'buy', price: '2990', reason: 'Order failed: insufficient funds' },
    ])
  })

  it('repeated with the same client order id are placed once, also at the same time', async () => {
    const order = { ...limitBuy, client_order_id: 'twice' }
    addFault({ kind: 'response_delay', delayMs: 30, route: 'POST /trading/orders', count: 1 })
    const [first, second] = await Promise.all([client.ask('create_order', order), client.ask('create_order', order)])
    const third = await client.ask('create_order', order)
    expect(new Set([first, second, third].map(orderIdOf)).size).toBe(1)
    await waitFor(() => placedCount() > 0, 'the order at the exchange')
    expect(placedCount()).toBe(1)
    expect(await client.ask('create_order', { ...order, amount: '0.2' })).toMatchObject({ code: 'invalid_order' })
  })

  it('refused for good are refused again from memory', async () => {
    const order = { ...limitBuy, amount: '0.00001', client_order_id: 'small' }
    const first = await client.ask('create_order', order)
    const { id: _, ...again } = await client.ask('create_order', order)
    expect(first).toMatchObject({ code: 'invalid_order', ...again })
    expect(venue.truth().requests['POST /trading/orders']).toBe(1)
  })

  it('that were never sent may be sent again', async () => {
    addFault({ kind: 'error_before', route: 'POST /trading/orders', count: 1 })
    const order = { ...limitBuy, client_order_id: 'again' }
    expect(await client.ask('create_order', order)).toMatchObject({ code: 'server_error' })
    expect(await client.ask('get_order', { ...market, client_order_id: 'again' })).toMatchObject({
      code: 'invalid_order',
    })
    expect(await client.ask('create_order', order)).toMatchObject({ status: 'success' })
  })
})

describe('orders whose answer is lost', () => {
  it('are found and adopted, never repeated', async () => {
    addFault({ kind: 'lost_acknowledgement', route: 'POST /trading/orders', count: 1 })
    const created = await client.ask('create_order', { ...limitBuy, amount: '0.10009', client_order_id: 'lost' })
    expect(created).toMatchObject({ status: 'success', data: { status: 'open', client_order_id: 'lost' } })
    expect(placedCount()).toBe(1)
    expect(orderIdOf(created)).toBe('hbapi-00000001')
  })

  it('that nobody has seen stay unknown, and are answered as such', async () => {
    await restartBridge({ adoptionMs: 30 })
    addFault({ kind: 'request_drop', route: 'POST /trading/orders', count: 1 })
    const order = { ...limitBuy, client_order_id: 'dark' }
    const unknown = { status: 'error', code: 'connection_error', data: { order_state_unknown: true } }
    expect(await client.ask('create_order', order)).toMatchObject(unknown)
    expect(await client.ask('create_order', order)).toMatchObject(unknown)
    expect(await client.ask('get_order', { ...market, client_order_id: 'dark' })).toMatchObject(unknown)
    expect(placedCount()).toBe(0)
  })

  it('found only later are told by an event', async () => {
    await restartBridge({ adoptionMs: 20 })
    addFault({ kind: 'lost_acknowledgement', route: 'POST /trading/orders', count: 1 })
    const reads = addFault({ kind: 'error_before', route: 'POST /trading/orders/*' })
    expect(await client.ask('create_order', { ...limitBuy, client_order_id: 'late' })).toMatchObject({
      data: { order_state_unknown: true },
    })
    await client.waitForEvents('error', 1)
    venue.faults.remove(reads)
    expect(await client.waitForEvents('order_update', 1)).toMatchObject([{ client_order_id: 'late', status: 'open' }])
    expect(await client.waitForEvents('info', 1)).toMatchObject([{ message: 'Connection restored to Hummingbot API' }])
    expect(await client.ask('create_order', { ...limitBuy, client_order_id: 'late' })).toMatchObject({
      status: 'success',
    })
    expect(placedCount()).toBe(1)
  })

  it('with a twin are not guessed', async () => {
    await restartBridge({ adoptionMs: 60 })
    addFault({ kind: 'lost_acknowledgement', route: 'POST /trading/orders', count: 2 })
    const both = await Promise.all(
      ['a', 'b'].map((id) => client.ask('create_order', { ...limitBuy, client_order_id: id })),
    )
    for (const answer of both) expect(answer).toMatchObject({ data: { order_state_unknown: true } })
    expect(placedCount()).toBe(2)
  })
})

describe('a restart of the bridge', () => {
  const store = (): FileOrderStore => new FileOrderStore(join(folder, 'orders.jsonl'))

  it('forgets no order and places none twice', async () => {
    await restartBridge({ store: store() })
    const order = { ...limitBuy, client_order_id: 'kept' }
    const created = await client.ask('create_order', order)
    await restartBridge({ store: store() })
    expect(orderIdOf(await client.ask('create_order', order))).toBe(orderIdOf(created))
    expect(placedCount()).toBe(1)
    quote('sell', 299_000, 20_000)
    await waitFor(() => client.eventsOf('order_update').at(-1)?.['status'] === 'filled', 'the end')
    expect(await client.waitForEvents('trade', 1)).toHaveLength(1)
  })

  it('takes no orders until those of the last run have been looked for', async () => {
    await restartBridge({ store: store(), adoptionMs: 20 })
    addFault({ kind: 'lost_acknowledgement', route: 'POST /trading/orders', count: 1 })
    const reads = addFault({ kind: 'error_before', route: 'POST /trading/orders/*' })
    await client.ask('create_order', { ...limitBuy, client_order_id: 'lost' })
    await restartBridge({ store: store() })
    expect(await client.ask('create_order', { ...limitBuy, client_order_id: 'new' })).toMatchObject({
      code: 'connection_error',
      message: 'Orders of an earlier run have not been looked for yet; nothing was sent',
    })
    venue.faults.remove(reads)
    expect(await client.ask('create_order', { ...limitBuy, price: '2980', client_order_id: 'new' })).toMatchObject({
      status: 'success',
    })
    expect(dataOf(await client.ask('get_order', { ...market, client_order_id: 'lost' }))['status']).toBe('open')
    await waitFor(() => placedCount() === 2, 'both orders at the exchange')
  })

  it('says goodbye and leaves nothing open', async () => {
    const id = client.send('create_order', limitBuy)
    await waitFor(() => venue.truth().requests['POST /trading/orders'] === 1, 'the order upstream')
    await bridge.close()
    expect(client.frames.some((frame) => frame['id'] === id && frame['status'] === 'success')).toBe(true)
    await waitFor(() => client.closeCode === 1001, 'the goodbye')
    expect(client.eventsOf('info')).toMatchObject([{ message: 'The bridge is stopping' }])
    await expect(BridgeClient.open(url)).rejects.toThrow()
  })
})

describe('orders of others', () => {
  const submit = async (): Promise<string> => {
    const body = { account_name: 'master_account', connector_name: 'binance', trading_pair: 'ETH-USDT' }
    const response = await fetch(`${origin}/trading/orders`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('user:password').toString('base64')}` },
      body: JSON.stringify({ ...body, trade_type: 'BUY', amount: '0.1', price: '2980' }),
    })
    return ((await response.json()) as { order_id: string }).order_id
  }

  it('are told to subscribers of orders alone, in their spelling', async () => {
    await submit()
    await waitFor(() => placedCount() === 1, 'the old order')
    const all = await BridgeClient.connect(url, 'key')
    await all.ask('subscribe', { channel: 'orders', exchange: 'binance' })
    await client.ask('subscribe', { channel: 'orders', exchange: 'binance', market: 'ETH/USDT' })
    const looks = venue.truth().requests['POST /trading/orders/active'] ?? 0
    await waitFor(() => (venue.truth().requests['POST /trading/orders/active'] ?? 0) > looks + 1, 'a first look')
    const orderId = await submit()
    await waitFor(() => client.eventsOf('order_update').at(-1)?.['status'] === 'open', 'the new order')
    expect(client.eventsOf('order_update').at(-1)).toMatchObject({
      order_id: orderId,
      symbol: 'ETH/USDT',
      order_type: 'limit',
    })
    quote('sell', 298_000, 20_000)
    await waitFor(() => client.eventsOf('order_update').some(({ status }) => status === 'filled'), 'the end')
    expect(all.eventsOf('order_update')[0]).toMatchObject({ symbol: 'ETH-USDT' })
    await client.ask('unsubscribe', { channel: 'orders', exchange: 'binance', market: 'ETH/USDT' })
    all.close()
  })
})

describe('the client through the bridge', () => {
  const createClient = (sink: RecordingSink): HummingbotClient =>
    new HummingbotClient({
      eventEngine: sink,
      apiHost: '127.0.0.1',
      apiPort: Number(new URL(url).port),
      apiKey: 'key',
      clock: systemClock,
      random: systemRandom,
      logger: createRecordingLogger(records),
      requestTimeoutMs: 2_000,
    })

  it('does everything that the protocol has', async () => {
    const sink = new RecordingSink()
    const hummingbot = createClient(sink)
    await hummingbot.connect()
    await hummingbot.subscribeToOrderBook(market)
    await hummingbot.subscribeToTrades(market)
    await hummingbot.subscribe({ channel: 'ticker', ...market })
    await hummingbot.ping()
    const order = await hummingbot.createOrder(limitBuy)
    await waitFor(() => placedCount() === 1, 'the order at the exchange')
    expect(await hummingbot.getOrderStatus({ ...market, order_id: order.order_id })).toMatchObject({ status: 'open' })
    expect(await hummingbot.getOpenOrders(market)).toHaveLength(1)
    expect(await hummingbot.getOrderHistory({ ...market })).toHaveLength(1)
    expect(await hummingbot.getOrderBook({ ...market, depth: 1 })).toMatchObject({ bids: [['3000', '1']] })
    expect(await hummingbot.getTicker(market)).toMatchObject({ bid: '3000', ask: '3001' })
    expect(await hummingbot.getBalances({ exchange: 'binance' })).toMatchObject({ binance: { ETH: { total: '50' } } })
    expect(await hummingbot.cancelOrder({ ...market, order_id: order.order_id })).toMatchObject({ cancelled: false })
    const has = (type: string) => () => sink.events.some((event) => event.type === type)
    await waitFor(has('MARKET_DATA'), 'market data')
    await waitFor(() => sink.events.some(({ data }) => data['status'] === 'cancelled'), 'the cancellation')
    await hummingbot.disconnect()
  })

  it('places nothing twice while answers are lost on the way to the upstream', async () => {
    await restartBridge({ limits: { maxFramesPerSecond: 1_000 } })
    const hummingbot = createClient(new RecordingSink())
    await hummingbot.connect()
    addFault({ kind: 'lost_acknowledgement', route: 'POST /trading/orders', probability: 0.3 })
    addFault({ kind: 'error_before', route: 'POST /trading/orders', probability: 0.2 })
    const prices = Array.from({ length: 12 }, (_, i) => String(2_900 + i))
    const outcomes = await Promise.allSettled(prices.map((price) => hummingbot.createOrder({ ...limitBuy, price })))
    await waitFor(
      () => venue.truth().orders.length >= outcomes.filter(({ status }) => status === 'fulfilled').length,
      'all',
    )
    const placed = venue.truth().orders.map(({ price }) => price)
    expect(new Set(placed).size).toBe(placed.length)
    outcomes.forEach((outcome, i) => {
      if (outcome.status === 'fulfilled') expect(placed).toContain(prices[i])
    })
    await hummingbot.disconnect()
  })
})
