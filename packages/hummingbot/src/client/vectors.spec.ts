import { silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTestClient, testApiKey, watch } from '../testing/create-test-client.js'
import { RecordingSink } from '../testing/recording.js'
import { ScriptedServer, type SeenFrame } from '../testing/scripted-server.js'
import { createClientUrl, type HummingbotClientOptions } from './client-options.js'
import { getReconnectDelayMs } from './connection-status.js'
import { categorizeByBaseRules, categorizeError, isRetriableCategory } from './error-category.js'
import { encodeFrame } from './frame-codec.js'
import { HummingbotClient } from './hummingbot-client.js'
import type { HummingbotException } from './hummingbot-exception.js'
import { checkOrder } from './order-request.js'
import { Redactor } from './redactor.js'

type Item = Readonly<Record<string, unknown>>
const vectors = JSON.parse(readFileSync(new URL('./fixtures/vectors.json', import.meta.url), 'utf8')) as Record<
  string,
  Item[]
>
const cases = (section: string): [string, Item][] =>
  vectors[section]!.map((item, i) => [JSON.stringify(item['name'] ?? item['message'] ?? item['input'] ?? i), item])

const specials: Readonly<Record<string, number>> = { NaN, Infinity }
const market = { exchange: 'binance', market: 'ETH-USD' }
/** When a manual clock begins. */
const clockStartMs = new ManualClock().nowMs()
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '1.0', price: '3000.0' } as const

/** Calls the method that a vector names. */
function call(client: HummingbotClient, method: string, args: object): Promise<unknown> {
  const methods: Record<string, (a: never) => Promise<unknown>> = {
    ping: () => client.ping(),
    create_order: (a) => client.createOrder(a),
    cancel_order: (a) => client.cancelOrder(a),
    get_order_status: (a) => client.getOrderStatus(a),
    get_order: (a) => client.getOrderStatus(a),
    get_open_orders: (a) => client.getOpenOrders(a),
    get_order_history: (a) => client.getOrderHistory(a),
    get_order_book: (a) => client.getOrderBook(a),
    get_ticker: (a) => client.getTicker(a),
    get_balances: (a) => client.getBalances(a),
    subscribe_to_order_book: (a) => client.subscribeToOrderBook(a),
    subscribe_to_trades: (a) => client.subscribeToTrades(a),
    subscribe: (a) => client.subscribe(a),
    unsubscribe: (a) => client.unsubscribe(a),
  }
  return methods[method]!(args as never)
}

describe('constructor vectors', () => {
  it.each(cases('constructor'))('%s', (_, { options, valid, reason }) => {
    const given = options as Record<string, unknown>
    const timeout = specials[String(given['request_timeout'])] ?? (given['request_timeout'] as number | undefined)
    const clock = new ManualClock()
    const build = () =>
      new HummingbotClient({
        eventEngine: new RecordingSink(),
        apiHost: given['api_host'],
        apiPort: given['api_port'],
        apiKey: given['api_key'],
        ...(timeout !== undefined && { requestTimeoutMs: timeout * 1_000 }),
        ...('retry_attempts' in given && { retryAttempts: given['retry_attempts'] }),
        clock,
        random: { next: () => 0 },
        logger: { child: () => ({}) },
      } as unknown as HummingbotClientOptions)
    if (!(valid as boolean)) {
      expect(build).toThrow(expect.objectContaining({ message: reason }))
      return
    }
    expect(build().status).toBe('disconnected')
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('url vectors', () => {
  it.each(cases('urls'))('%s', (_, { options, url }) => {
    const { api_host, api_port, tls } = options as { api_host: string; api_port: number; tls?: boolean }
    expect(createClientUrl({ apiHost: api_host, apiPort: api_port, ...(tls !== undefined && { tls }) })).toBe(url)
  })
})

describe('request vectors', () => {
  it.each(cases('requests'))('%s', async (_, { method, args, frame }) => {
    const { client, server } = await createTestClient({}, ['unsubscribe', 'client_order_id'])
    server.onFrame = (seen) => server.answer(seen, { status: 'success', data: null })
    if (method !== 'connect') await call(client, String(method), args as object).catch(() => undefined)
    const { id: _id, ...expected } = frame as Record<string, unknown>
    const sent = server.framesOf(String(expected['type'])).at(-1)!
    const { id, client_order_id, ...seen } = sent
    expect(id).toMatch(/^[1-9]\d*$/)
    if ('client_order_id' in expected) expect(client_order_id).toBe(expected['client_order_id'])
    delete expected['client_order_id']
    expect(seen).toEqual(expected)
    await client.disconnect()
  })
})

describe('response vectors', () => {
  const argsOf: Record<string, object> = {
    create_order: limitBuy,
    cancel_order: { ...market, order_id: 'b5c9' },
    get_order: { ...market, order_id: 'b5c9' },
    get_balances: { exchange: 'binance' },
    subscribe: { channel: 'order_book', ...market },
  }
  const others = cases('responses').filter(([, { request }]) => request !== 'authenticate')
  it.each(others)('%s', async (_, { request, frame, result, error, published, name }) => {
    const { client, server, sink, clock } = await createTestClient({ retryAttempts: 0 })
    const answer = { ...(frame as Record<string, unknown>) }
    delete answer['id']
    server.onFrame = (seen) => server.answer(seen, answer)
    if (request === 'ping') {
      server.answersPings = false
      const pinged = watch(client.ping())
      server.push({ ...answer, id: server.framesOf('ping').at(-1)!.id })
      await clock.advance(0)
      expect(pinged.error === undefined).toBe((result as { alive: boolean }).alive)
      await client.disconnect()
      return
    }
    const args =
      name === 'market order filled at once' ? { ...limitBuy, side: 'sell', order_type: 'market' } : undefined
    const outcome = call(client, String(request), args ?? argsOf[String(request)] ?? market)
    if (error === undefined) expect(await outcome).toMatchObject(result as object)
    else {
      const failure = await outcome.then(
        () => undefined,
        (thrown: unknown) => thrown as HummingbotException,
      )
      const { category, message_contains } = error as { category: string; message_contains: string }
      expect(failure).toMatchObject({ category })
      expect(failure?.message).toContain(message_contains)
    }
    expect(sink.told).toMatchObject(published as object[])
    expect(sink.told).toHaveLength((published as object[]).length)
    if (request === 'subscribe') expect(client.activeSubscriptions).toHaveLength(error === undefined ? 1 : 0)
    await client.disconnect()
  })

  it.each(cases('responses').filter(([, { request }]) => request === 'authenticate'))(
    '%s',
    async (_, { frame, error }) => {
      const clock = new ManualClock()
      const server = new ScriptedServer(clock)
      const { id: _id, ...answer } = frame as Record<string, unknown>
      server.authAnswer = answer
      const sink = new RecordingSink()
      const client = new HummingbotClient({
        eventEngine: sink,
        apiHost: 'localhost',
        apiPort: 15_888,
        apiKey: testApiKey,
        clock,
        random: { next: () => 0 },
        logger: silentLogger,
        createConnection: server.createConnection,
      })
      if (error === undefined) {
        await client.connect()
        expect(client.status).toBe('connected')
        const { data } = answer as { data?: { capabilities: string[] } }
        expect([...client.capabilities]).toEqual(data?.capabilities ?? [])
      } else {
        const failure = await client.connect().catch((thrown: unknown) => thrown as HummingbotException)
        const { category, message_contains } = error as { category: string; message_contains: string }
        expect(failure).toMatchObject({ category })
        expect((failure as Error).message).toContain(message_contains)
        expect(sink.statuses).toEqual(['connecting', 'error', 'disconnected'])
        expect(client.status).toBe('disconnected')
      }
      await client.disconnect()
      expect(clock.pendingTimers).toBe(0)
    },
  )
})

describe('event vectors', () => {
  it.each(cases('events'))('%s', async (_, { frame, published, name }) => {
    const { client, server, sink, clock } = await createTestClient({ retryAttempts: 0 })
    let pushed = frame as Record<string, unknown>
    if (name === 'late create_order success') {
      const outcome = watch(client.createOrder(limitBuy))
      await clock.advance(5_000)
      // The questions after the lost answer find nothing either.
      for (let i = 0; i < 40 && !outcome.isSettled; i++) await clock.advance(1_000)
      expect(outcome.error).toMatchObject({ orderStateUnknown: true })
      sink.events.length = 0
      pushed = { ...pushed, id: server.framesOf('create_order')[0]!.id }
    }
    server.push(pushed)
    server.push(name === 'unknown type' ? pushed : { type: 'none' })
    expect(sink.told).toMatchObject(published as object[])
    expect(sink.told).toHaveLength((published as object[]).length)
    await client.disconnect()
  })
})

describe('bad frame vectors', () => {
  it.each(cases('bad_frames'))('%s', async (_, { text, name }) => {
    const { client, server, sink, records, clock } = await createTestClient({ retryAttempts: 0 })
    const outcome = watch(client.getTicker(market))
    const { id } = server.framesOf('get_ticker')[0]!
    server.push(String(text).replace('3', id))
    await clock.advance(0)
    expect(client.status).toBe('connected')
    expect(sink.told).toEqual([])
    if (name === 'numeric id') {
      expect((outcome.error as Error).message).toContain('Unreadable response')
    } else if (name === 'status missing') {
      expect(outcome.error).toMatchObject({ category: 'unknown_error' })
      expect((outcome.error as Error).message).toContain('Unknown error')
    } else {
      expect(outcome.isSettled).toBe(false)
      expect(client.corruptFrames).toBe(1)
      const warned = records.find(({ level }) => level === 'warn')
      expect(warned?.fields['length']).toBe(String(text).length)
    }
    await client.disconnect()
  })
})

describe('error category vectors', () => {
  it.each(
    vectors['error_categories']!.map((item) => [`${String(item['message'])} / ${String(item['code'])}`, item] as const),
  )('%s', async (_, item) => {
    const { message, code, base_category, category, retry_idempotent, retry_create_order } = item as Item & {
      readonly message: string
    }
    expect(categorizeByBaseRules(String(message))).toBe(base_category)
    const found = categorizeError(String(message), code)
    expect(found).toBe(category)
    expect(isRetriableCategory(found)).toBe(retry_idempotent)
    // What becomes of a create is seen on the wire.
    const { client, server, clock } = await createTestClient({ retryAttempts: 1 }, ['client_order_id'])
    server.onFrame = (frame) =>
      frame.type === 'create_order' &&
      server.answer(frame, { status: 'error', message, ...(code !== undefined && { code }) })
    const outcome = watch(client.createOrder({ ...limitBuy, client_order_id: 'cid-1' }))
    await clock.advance(600)
    const creates = server.framesOf('create_order')
    const asked = server.framesOf('get_order').length
    const expected = {
      no: [1, 0],
      retry_same_client_order_id: [2, 0],
      reconcile_first: [1, 1],
    }[String(retry_create_order)]
    expect([creates.length, asked]).toEqual(expected)
    expect(new Set(creates.map(({ client_order_id }) => client_order_id)).size).toBe(1)
    await client.disconnect()
    expect(outcome.isSettled).toBe(true)
  })
})

describe('order validation vectors', () => {
  it.each(cases('order_validation'))('%s', (_, { order, valid, error }) => {
    const check = () => checkOrder(order as never)
    if (valid as boolean) expect(check()).toBeDefined()
    else expect(check).toThrow(expect.objectContaining({ message: error }))
  })
})

describe('wire decimal vectors', () => {
  it.each(cases('wire_decimals'))('%s', (_, { input, wire, error }) => {
    const check = () => checkOrder({ ...limitBuy, amount: input as never })
    if (error === undefined) expect(check().amount).toBe(wire)
    else expect(check).toThrow(expect.objectContaining({ message: error }))
  })
})

describe('retry schedule vectors', () => {
  it.each(vectors['retry_schedule_all_timeouts']!)('all timeouts %#', async (item) => {
    const { client, server, clock, startMs } = await createTestClient({
      requestTimeoutMs: Number(item['request_timeout_ms']),
      retryAttempts: Number(item['retry_attempts']),
      pingIntervalMs: 1e9,
    })
    const outcome = watch(client.getTicker(market))
    const offset = startMs - clockStartMs
    await clock.advance(Number(item['reject_at_ms']) - 1)
    expect(outcome.isSettled).toBe(false)
    await clock.advance(1)
    expect(outcome.error).toMatchObject({ category: 'connection_error', attempts: Number(item['retry_attempts']) + 1 })
    expect(server.timesOf('get_ticker').map((at) => at - offset)).toEqual(item['send_at_ms'])
    await client.disconnect()
  })

  it.each(cases('retry_schedule_error_response').filter(([, item]) => item['request'] === undefined))(
    '%s',
    async (_, { responses, send_at_ms, outcome, ids_distinct }) => {
      const { client, server, clock, startMs } = await createTestClient()
      const answers = [...(responses as string[])]
      server.onFrame = (frame) => {
        const answer = answers.shift()
        const data = { timestamp: 1, symbol: 'a', exchange: 'b', bid: '1', ask: '2', last: '1', volume: '0' }
        server.answer(frame, answer === 'success' ? { status: 'success', data } : { status: 'error', message: answer })
      }
      const seen = watch(client.getTicker(market))
      await clock.advance(60_000)
      if (outcome === 'success') expect(seen.value).toBeDefined()
      else expect(seen.error).toMatchObject({ category: outcome })
      const offset = startMs - clockStartMs
      if (send_at_ms !== undefined) expect(server.timesOf('get_ticker').map((at) => at - offset)).toEqual(send_at_ms)
      if (ids_distinct !== undefined)
        expect(new Set(server.framesOf('get_ticker').map(({ id }) => id)).size).toBe((responses as string[]).length)
      await client.disconnect()
    },
  )

  it('ping is never retried; authenticate is never retried by the request layer', async () => {
    const { client, server, clock } = await createTestClient()
    server.answersPings = false
    const pinged = watch(client.ping())
    await clock.advance(20_000)
    expect(pinged.error).toMatchObject({ category: 'connection_error', requestType: 'ping' })
    expect(server.framesOf('ping')).toHaveLength(1)
    await client.disconnect()
    server.authAnswer = undefined
    server.frames.length = 0
    const connected = watch(client.connect())
    await clock.advance(60_000)
    expect(connected.error).toMatchObject({ category: 'connection_error' })
    expect(server.framesOf('authenticate')).toHaveLength(1)
  })

  it('create_order timeout is not resent blindly', async () => {
    const { client, server, clock } = await createTestClient({}, ['client_order_id'])
    const outcome = watch(client.createOrder({ ...limitBuy, client_order_id: 'cid-1' }))
    await clock.advance(5_000)
    expect(server.framesOf('create_order')).toHaveLength(1)
    expect(server.framesOf('get_order')).toMatchObject([{ client_order_id: 'cid-1' }])
    await clock.advance(60_000)
    expect(outcome.error).toMatchObject({ orderStateUnknown: true, clientOrderId: 'cid-1', recovery: 'reconcile' })
    expect(server.framesOf('create_order')).toHaveLength(1)
    await client.disconnect()
  })
})

describe('transport error vectors', () => {
  const of = (cause: string) => vectors['transport_errors']!.find((item) => item['cause'] === cause)!
  const expectError = (error: unknown, cause: string) => {
    expect(error).toMatchObject({ category: of(cause)['category'] })
    expect((error as Error).message).toContain(of(cause)['message_contains'])
  }

  it('call while not connected', async () => {
    const { client, server } = await createTestClient()
    await client.disconnect()
    const before = server.frames.length
    expectError(await client.getTicker(market).catch((error: unknown) => error), 'call while not connected')
    expectError(await client.createOrder(limitBuy).catch((error: unknown) => error), 'call while not connected')
    expect(server.frames).toHaveLength(before)
  })

  it('no response within request_timeout', async () => {
    const { client, clock } = await createTestClient({ retryAttempts: 0 })
    const outcome = watch(client.getTicker(market))
    await clock.advance(5_000)
    expectError(outcome.error, 'no response within request_timeout')
    await client.disconnect()
  })

  it('socket closed while pending', async () => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 0 })
    const outcome = watch(client.getTicker(market))
    server.cut()
    await clock.advance(0)
    expectError(outcome.error, 'socket closed while pending')
    await client.disconnect()
  })

  it('send failed before any byte left', async () => {
    const { client, server, clock } = await createTestClient({ retryAttempts: 1 }, ['client_order_id'])
    server.failsSends = 1
    const outcome = watch(client.createOrder({ ...limitBuy, client_order_id: 'cid-1' }))
    await clock.advance(500)
    expect(server.framesOf('create_order')).toMatchObject([{ client_order_id: 'cid-1' }])
    expect(server.framesOf('get_order')).toEqual([])
    expect(outcome.isSettled).toBe(false)
    server.failsSends = 9
    const read = watch(client.getTicker(market))
    await clock.advance(1_000)
    expectError(read.error, 'send failed before any byte left')
    await client.disconnect()
  })

  it('request not serializable', () => {
    for (const value of [1n, NaN, () => 0]) {
      let thrown: unknown
      try {
        encodeFrame({ id: '1', value })
      } catch (error) {
        thrown = error
      }
      expectError(thrown, 'request not serializable')
      expect(thrown).toMatchObject({ retriable: false })
    }
  })

  it('connect refused or TLS failure', async () => {
    const clock = new ManualClock()
    const client = new HummingbotClient({
      eventEngine: new RecordingSink(),
      apiHost: '127.0.0.1',
      apiPort: 1,
      apiKey: testApiKey,
      clock,
      random: { next: () => 0 },
      logger: silentLogger,
    })
    expectError(await client.connect().catch((error: unknown) => error), 'connect refused or TLS failure')
  })
})

describe('rate limit vectors', () => {
  it.each(vectors['rate_limit']!)('%#', async (item) => {
    const { client, server, clock, startMs } = await createTestClient({ maxInFlight: 1_000, retryAttempts: 0 })
    const answer = (frame: SeenFrame) => server.answer(frame, { status: 'success', data: [] })
    server.onFrame = answer
    const outcomes = Array.from({ length: Number(item['requests_at_0']) }, () => watch(client.getOpenOrders(market)))
    await clock.advance(3_000)
    const offset = startMs - clockStartMs
    const times = server.timesOf('get_open_orders').map((at) => at - offset)
    expect([times[0], times.at(-1)]).toEqual([item['first_send_ms'], item['last_send_ms']])
    const counts: Record<string, number> = {}
    for (const at of times) counts[at] = (counts[at] ?? 0) + 1
    expect(counts).toEqual(item['sends_per_instant'])
    expect(outcomes.every(({ value }) => value !== undefined)).toBe(true)
    await client.disconnect()
  })
})

describe('concurrency vectors', () => {
  it.each(vectors['concurrency']!.filter((item) => item['name'] === undefined))('%#', async (item) => {
    const { client, server, clock, startMs } = await createTestClient({ rateLimit: { frames: 1_000, periodMs: 1_000 } })
    let inFlight = 0
    let most = 0
    server.onFrame = (frame) => {
      most = Math.max(most, ++inFlight)
      clock.setTimer(() => {
        inFlight--
        server.push({ id: frame.id, status: 'success', data: [] })
      }, Number(item['latency_ms']))
    }
    const outcomes = Array.from({ length: Number(item['requests_at_0']) }, () => watch(client.getOpenOrders(market)))
    await clock.advance(1_000)
    expect(most).toBe(item['in_flight_max'])
    const offset = startMs - clockStartMs
    expect(server.timesOf('get_open_orders').at(-1)! - offset).toBe(item['last_send_ms'])
    expect(outcomes.every(({ value }) => value !== undefined)).toBe(true)
    await client.disconnect()
  })

  it('slot is free during backoff', async () => {
    const { client, server, clock, startMs } = await createTestClient()
    server.onFrame = (frame) => server.answer(frame, { status: 'error', message: 'Server busy' })
    for (let i = 0; i < 11; i++) watch(client.getOpenOrders(market))
    await clock.advance(499)
    const offset = startMs - clockStartMs
    expect(server.timesOf('get_open_orders').map((at) => at - offset)).toEqual(Array.from({ length: 11 }, () => 0))
    await client.disconnect()
  })
})

describe('reconnect vectors', () => {
  it('delays without jitter', () => {
    const item = vectors['reconnect']!.find(({ name }) => name === 'delays without jitter')!
    const delays = (item['delays_ms'] as number[]).map((_, i) => getReconnectDelayMs(i + 1, 0))
    expect(delays).toEqual(item['delays_ms'])
    expect([getReconnectDelayMs(2, -1), getReconnectDelayMs(2, 1)]).toEqual([4_000, 6_000])
  })

  const subscriptionCases = [
    ['resubscription set', ['order_book', 'trades'], [], 2],
    ['duplicate subscription is one entry', ['order_book', 'order_book'], [], 1],
    ['unsubscribed is forgotten', ['order_book'], ['order_book'], 0],
  ] as const
  it.each(subscriptionCases)('%s', async (_, wanted, unwanted, count) => {
    const { client, server, clock } = await createTestClient({}, ['unsubscribe'])
    server.onFrame = (frame) => server.answer(frame, { status: 'success' })
    for (const channel of wanted) await client.subscribe({ channel, ...market })
    for (const channel of unwanted) await client.unsubscribe({ channel, ...market })
    server.cut()
    server.frames.length = 0
    await server.open()
    await clock.advance(0)
    expect(server.frames.map(({ frame }) => [frame.type, frame['channel']])).toEqual([
      ['authenticate', undefined],
      ...[...new Set(wanted)].slice(0, count).map((channel) => ['subscribe', channel]),
    ])
    await client.disconnect()
  })
})

describe('redaction vectors', () => {
  it.each(vectors['redaction']!.filter((item) => item['frame'] !== undefined))('frame %#', async (item) => {
    const { client, records } = await createTestClient({ retryAttempts: 0 })
    const frame = item['frame'] as Record<string, string>
    if (frame['type'] === 'create_order') watch(client.createOrder(frame as never))
    const shown = records.filter(({ fields }) => fields['event'] === 'request' && fields['type'] === frame['type'])
    const text = JSON.stringify(shown)
    for (const word of (item['log_contains'] as string[]).filter((each) => !/^\d+$/.test(each)))
      expect(text).toContain(word)
    for (const word of item['log_excludes'] as string[]) expect(JSON.stringify(records)).not.toContain(word)
    await client.disconnect()
  })

  it('error text', () => {
    const item = vectors['redaction']!.find((each) => each['error_text'] !== undefined)!
    const text = new Redactor([testApiKey]).redactText(String(item['error_text']))
    for (const word of item['exception_excludes'] as string[]) expect(text).not.toContain(word)
  })
})
