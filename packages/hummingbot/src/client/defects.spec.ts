import { inspect } from 'node:util'
import { SeededRandom, silentLogger } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { TestWebSocketServer } from '@cex-arbitrage/networking/testing'
import { describe, expect, it } from 'vitest'
import { createTestClient, testApiKey, watch } from '../testing/create-test-client.js'
import { RecordingSink } from '../testing/recording.js'
import { ScriptedServer } from '../testing/scripted-server.js'
import { createClientUrl } from './client-options.js'
import { categorizeError } from './error-category.js'
import { HummingbotClient } from './hummingbot-client.js'
import { isOwnTrade } from './schemas.js'

const market = { exchange: 'binance', market: 'ETH-USD' }
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '1', price: '3000' } as const
const orderData = { ...limitBuy, symbol: 'ETH-USD', type: 'limit', order_id: 'o-1', status: 'open' }
const success = (data?: unknown) => ({ status: 'success', data })
const refusal = (message: string, more: object = {}) => ({ status: 'error', message, ...more })

describe('defects of the original that are not here', () => {
  it('1, 2, 8: reads the answer to authenticate on the first connection and on each further one', async () => {
    const server = await TestWebSocketServer.start()
    server.onMessage = (text, { socket }) =>
      socket.send(JSON.stringify({ id: (JSON.parse(text) as { id: string }).id, status: 'success' }))
    const client = new HummingbotClient({
      eventEngine: new RecordingSink(),
      apiHost: '127.0.0.1',
      apiPort: Number(new URL(server.url).port),
      apiKey: testApiKey,
      clock: new ManualClock(),
      random: new SeededRandom(1),
      logger: silentLogger,
    })
    await client.connect()
    server.last.socket.terminate()
    await waitFor(() => server.clients.length === 2, 'the next socket')
    await waitFor(() => client.status === 'connected', 'the connection')
    await client.ping()
    await client.disconnect()
    await server.close()
  })

  it('3: goes on pinging after a reconnect', async () => {
    const { server, clock } = await createTestClient()
    server.cut()
    await server.open()
    await clock.advance(60_000)
    expect(server.framesOf('ping')).toHaveLength(2)
  })

  it('4, 7: a lost socket is noticed without a ping, and by one reconnect', async () => {
    const { client, server, sink } = await createTestClient()
    server.cut()
    expect(client.status).toBe('connecting')
    expect(sink.statuses.at(-1)).toBe('connecting')
  })

  it('5: a refused authentication leaves neither socket nor timer', async () => {
    const clock = new ManualClock()
    const server = new ScriptedServer(clock)
    server.authAnswer = refusal('Authentication failed')
    const client = new HummingbotClient({
      eventEngine: new RecordingSink(),
      apiHost: 'localhost',
      apiPort: 1,
      apiKey: testApiKey,
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      createConnection: server.createConnection,
    })
    await expect(client.connect()).rejects.toMatchObject({ category: 'auth_failed' })
    expect([client.status, clock.pendingTimers]).toEqual(['disconnected', 0])
  })

  it('6: sends no ping and opens no socket after disconnect', async () => {
    const { client, server, clock } = await createTestClient()
    await client.disconnect()
    await clock.advance(600_000)
    expect([server.framesOf('ping').length, server.connections, clock.pendingTimers]).toEqual([0, 1, 0])
  })

  it('9: settles pending requests when the socket closes', async () => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 0 })
    const outcome = watch(client.getTicker(market))
    server.cut()
    await clock.advance(0)
    expect(outcome.error).toMatchObject({ category: 'connection_error' })
  })

  it('10: never sends one id twice', async () => {
    const { client, server, clock } = await createTestClient()
    watch(client.getTicker(market))
    watch(client.getBalances({ exchange: 'binance' }))
    await clock.advance(120_000)
    const ids = server.frames.map(({ frame }) => frame.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('11: takes an answer that comes during the backoff', async () => {
    const { client, server, clock } = await createTestClient()
    const outcome = watch(client.getOpenOrders(market))
    await clock.advance(5_400)
    server.answer(server.framesOf('get_open_orders')[0]!, success([]))
    await clock.advance(0)
    expect(outcome.value).toEqual([])
  })

  it('12, 13: a create that is answered after its timeout is one order and one update', async () => {
    const { client, server, clock, sink } = await createTestClient({}, ['client_order_id'])
    server.onFrame = (frame) => {
      if (frame.type === 'create_order') server.answer(frame, success(orderData), 7_000)
    }
    const outcome = watch(client.createOrder(limitBuy))
    await clock.advance(60_000)
    expect(outcome.value ?? outcome.error).toBeDefined()
    expect(server.framesOf('create_order')).toHaveLength(1)
    expect(sink.told.filter(({ type }) => type === 'ORDER_UPDATE')).toHaveLength(1)
  })

  it('14: does not retry a refused order, nor double the text', async () => {
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, refusal('Order rejected'))
    const outcome = watch(client.createOrder(limitBuy))
    await clock.advance(60_000)
    expect((outcome.error as Error).message).toBe('Failed to create order: Order rejected')
    expect(server.framesOf('create_order')).toHaveLength(1)
  })

  it('15: counts attempts, not retries, in the text of a timeout', async () => {
    const { client, clock } = await createTestClient({ retryAttempts: 0 })
    const outcome = watch(client.getTicker(market))
    await clock.advance(5_000)
    expect((outcome.error as Error).message).toContain('(1 attempt)')
  })

  it('16: says in the exception what was being done', async () => {
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, refusal('Nope'))
    const outcome = watch(client.subscribeToTrades(market))
    await clock.advance(0)
    expect((outcome.error as Error).message).toBe('Failed to subscribe to trades: Nope')
  })

  it('17: ten failing calls block neither others nor pings', async () => {
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, frame.type === 'get_ticker' ? refusal('Server busy') : success([]))
    for (let i = 0; i < 10; i++) watch(client.getTicker(market))
    await clock.advance(0)
    const other = watch(client.getOpenOrders(market))
    const ping = watch(client.ping())
    await clock.advance(0)
    expect([other.value, ping.isSettled, ping.error]).toEqual([[], true, undefined])
  })

  it('18: keeps the rate in bursts that come while others wait', async () => {
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, success([]))
    for (let burst = 0; burst < 8; burst++) {
      for (let i = 0; i < 15; i++) watch(client.getOpenOrders(market))
      await clock.advance(333)
    }
    await clock.advance(10_000)
    const times = server.timesOf('get_open_orders')
    expect(times).toHaveLength(120)
    for (const [i, at] of times.entries()) if (i >= 20) expect(at - times[i - 20]!).toBeGreaterThanOrEqual(1_000)
  })

  it('19: restores subscriptions and drops the pushes of those that were ended', async () => {
    const { client, server, clock, sink } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, success())
    await client.subscribeToTrades(market)
    const book = { symbol: 'ETH-USD', exchange: 'binance', bids: [], asks: [], timestamp: 1 }
    await client.subscribeToOrderBook(market)
    await client.unsubscribe({ channel: 'order_book', ...market })
    server.push({ type: 'order_book_update', data: book })
    expect(sink.told).toEqual([])
    expect(server.framesOf('unsubscribe')).toEqual([])
    server.cut()
    await server.open()
    await clock.advance(0)
    expect(server.framesOf('subscribe').at(-1)).toMatchObject({ channel: 'trades' })
    expect(server.framesOf('subscribe')).toHaveLength(3)
  })

  it('20: publishes no cancellation that was only begun', async () => {
    const { client, server, sink } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, success({ order_id: 'o-1', cancelled: false }))
    expect(await client.cancelOrder({ ...market, order_id: 'o-1' })).toEqual({ order_id: 'o-1', cancelled: false })
    expect(sink.told).toEqual([])
  })

  it('21: gives the reason and the category with an ERROR', async () => {
    const { client, server, sink, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, refusal('Insufficient funds'))
    watch(client.createOrder({ ...limitBuy, client_order_id: 'cid-1' }))
    await clock.advance(0)
    expect(sink.told[0]!.data).toMatchObject({
      code: 'insufficient_funds',
      reason: 'Insufficient funds',
      client_order_id: 'cid-1',
      request_id: server.framesOf('create_order')[0]!.id,
    })
  })

  it('22, 23: writes 1e-07 as plain digits and takes neither NaN nor blanks nor underscores', async () => {
    const { client, server, clock } = await createTestClient()
    watch(client.createOrder({ ...limitBuy, amount: 1e-7 }))
    await clock.advance(0)
    expect(server.framesOf('create_order')[0]!['amount']).toBe('0.0000001')
    for (const amount of ['NaN', ' 1', '1_000', 'inf', NaN, Infinity])
      await expect(client.createOrder({ ...limitBuy, amount })).rejects.toThrow('Invalid amount: ')
  })

  it('24: matches numeric ids, survives what is no object, and null data', async () => {
    const { client, server, clock, sink } = await createTestClient()
    const outcome = watch(client.getOpenOrders(market))
    for (const frame of ['[1]', '7', 'null', '"x"', '']) server.push(frame)
    server.push({ type: 'info', data: null })
    server.push({ id: Number(server.framesOf('get_open_orders')[0]!.id), status: 'success', data: [] })
    await clock.advance(0)
    expect(outcome.value).toEqual([])
    expect(sink.told).toMatchObject([{ type: 'INFO', data: {} }])
  })

  it('25: goes by the code, so that the words of a text decide no retry', () => {
    expect(categorizeError('Observer stopped', 'invalid_order')).toBe('invalid_order')
  })

  it('26: logs the id of the wire', async () => {
    const { client, server, records, clock } = await createTestClient()
    watch(client.getTicker(market))
    await clock.advance(0)
    const logged = records.findLast(({ fields }) => fields['event'] === 'request')!
    expect(logged.fields['id']).toBe(server.frames.at(-1)!.frame.id)
  })

  it('27: keeps the key out of inspection and of exceptions', async () => {
    const { client, server, clock } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, refusal(`bad ${testApiKey}`))
    const outcome = watch(client.getTicker(market))
    await clock.advance(0)
    expect(inspect(client, { depth: 9 }) + inspect(outcome.error, { depth: 9 })).not.toContain(testApiKey)
  })

  it('28: tells own fills from public trades', () => {
    expect([
      isOwnTrade({}),
      isOwnTrade({ own: false }),
      isOwnTrade({ own: true }),
      isOwnTrade({ order_id: 'o' }),
    ]).toEqual([false, false, true, true])
  })

  it('29: knows wss', () => {
    expect(createClientUrl({ apiHost: 'bot.example', apiPort: 443, tls: true })).toBe('wss://bot.example:443/ws')
  })

  it('30: an event bus that throws turns no accepted order into a failure', async () => {
    const { client, server, records } = await createTestClient({
      eventEngine: {
        put: () => {
          throw new Error('bus is full')
        },
      },
    })
    server.onFrame = (frame) => server.answer(frame, success(orderData))
    expect((await client.createOrder(limitBuy)).order_id).toBe('o-1')
    server.push({ type: 'info', data: {} })
    expect(client.isConnected).toBe(true)
    expect(records.some(({ message }) => message === 'event bus refused an event')).toBe(true)
  })

  it('31: stamps events with UTC milliseconds', async () => {
    const { server, sink, clock } = await createTestClient()
    server.push({ type: 'info', data: {} })
    expect(sink.told[0]!.timestamp).toBe(clock.nowMs())
  })
})

describe('compatibility with the original', () => {
  it('settles the only pending request by an answer without id, when told to', async () => {
    const { client, server, clock } = await createTestClient({ matchUntaggedResponses: true })
    const outcome = watch(client.getOpenOrders(market))
    server.push(success([]))
    await clock.advance(0)
    expect(outcome.value).toEqual([])
    const two = [watch(client.getOpenOrders(market)), watch(client.getOpenOrders(market))]
    server.push(success([]))
    await clock.advance(0)
    expect(two.map(({ isSettled }) => isSettled)).toEqual([false, false])
  })

  it('takes an answer to authenticate without id too, when told to', async () => {
    const clock = new ManualClock()
    const server = new ScriptedServer(clock)
    server.authAnswer = undefined
    const client = new HummingbotClient({
      eventEngine: new RecordingSink(),
      apiHost: 'localhost',
      apiPort: 1,
      apiKey: testApiKey,
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      createConnection: server.createConnection,
      matchUntaggedResponses: true,
    })
    const connected = client.connect()
    await clock.advance(0)
    server.push(success())
    await connected
    expect(client.status).toBe('connected')
    await client.disconnect()
  })

  it('leaves the client order id out only when told to', async () => {
    const { client, server, clock } = await createTestClient({ strictOriginal: true })
    const outcome = watch(client.createOrder(limitBuy))
    await clock.advance(5_000)
    expect('client_order_id' in server.framesOf('create_order')[0]!).toBe(false)
    expect(outcome.error).toMatchObject({ orderStateUnknown: true })
  })

  it('sends a history filter only to a server that has it', async () => {
    const query = { ...market, start_time: 1, cursor: 'c' }
    const plain = await createTestClient()
    watch(plain.client.getOrderHistory(query))
    await plain.clock.advance(0)
    expect(plain.server.framesOf('get_order_history')[0]).not.toHaveProperty('start_time')
    const able = await createTestClient({}, ['history_filter'])
    watch(able.client.getOrderHistory(query))
    await able.clock.advance(0)
    expect(able.server.framesOf('get_order_history')[0]).toMatchObject({ start_time: 1, cursor: 'c', limit: 50 })
  })
})
