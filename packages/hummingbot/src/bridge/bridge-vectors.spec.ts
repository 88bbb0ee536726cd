import { systemClock, SeededRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import vectors from '../client/fixtures/vectors.json' with { type: 'json' }
import { BridgeClient } from '../testing/bridge-client.js'
import { createRecordingLogger, type LogRecord } from '../testing/recording.js'
import { ScriptedUpstream, type UpstreamReply } from '../testing/scripted-upstream.js'
import { HummingbotBridge } from './hummingbot-bridge.js'
import { mapOrderStatus } from './upstream-values.js'

interface HttpStep {
  readonly method?: string
  readonly path?: string
  readonly body?: unknown
  readonly status?: number
  readonly reply?: unknown
}

interface BridgeVector {
  readonly name: string
  readonly ws?: Record<string, unknown>
  readonly http?: readonly HttpStep[]
  readonly ws_reply?: Record<string, unknown>
  readonly ws_push?: { readonly type: string; readonly data: Record<string, unknown> }
  readonly known_order?: Record<string, string>
}

const cases = vectors.bridge as unknown as readonly BridgeVector[]
const byName = (name: string): BridgeVector & Record<string, unknown> =>
  cases.find((held) => held.name === name)! as BridgeVector & Record<string, unknown>
const placeOrder = {
  exchange: 'binance',
  market: 'ETH-USDT',
  side: 'buy',
  order_type: 'limit',
  amount: '1',
  price: '2',
}
const cancel = { type: 'cancel_order', exchange: 'binance', market: 'ETH-USDT', order_id: 'x-ABC' }

let upstream: ScriptedUpstream
let bridge: HummingbotBridge
let client: BridgeClient
let records: LogRecord[]

beforeEach(async () => {
  upstream = await ScriptedUpstream.start()
  records = []
  bridge = new HummingbotBridge({
    clock: systemClock,
    random: new SeededRandom(1),
    logger: createRecordingLogger(records),
    port: 0,
    clientKeys: ['other', 'key'],
    upstream: { baseUrl: upstream.url, user: 'admin', password: 'secret' },
    exchanges: { binance: { accountName: 'master_account', connectorName: 'binance' } },
    polling: { ordersMs: 10, searchMs: 10 },
    adoptionMs: 30,
  })
  client = await BridgeClient.connect((await bridge.start()).url, 'key')
})

afterEach(async () => {
  client.close()
  await bridge.close()
  await upstream.close()
})

const empty = { status: 200, reply: { data: [], pagination: { has_more: false, next_cursor: null } } }

/** Answers with the steps of a vector where their paths fit, with empty lists elsewhere. */
const script =
  (steps: readonly HttpStep[]) =>
  ({ path }: { readonly path: string }): UpstreamReply => {
    const step = steps.find((held) => held.path === undefined || held.path === path)
    return step === undefined ? empty : { status: step.status ?? 201, reply: step.reply ?? { order_id: 'x-ABC' } }
  }

const requestOf = ({ ws, name }: BridgeVector): Record<string, unknown> =>
  ws ?? (name.startsWith('cancel') ? cancel : { type: 'create_order', ...placeOrder })

describe('the vectors of the bridge', () => {
  it.each(cases.filter(({ http, known_order: known }) => http !== undefined && known === undefined))(
    '$name',
    async (vector) => {
      upstream.onCall = script(vector.http!)
      const { type, id: _, ...members } = requestOf(vector)
      const { id: __, ...reply } = await client.ask(type as string, members)
      const { id: ___, ...expected } = vector.ws_reply ?? { status: 'success' }
      expect(reply).toMatchObject(expected)
      if (expected['status'] === 'success' && vector.ws_reply !== undefined) expect(reply).toEqual(expected)
      for (const { method, path, body } of vector.http!) {
        if (path === undefined) continue
        const call = upstream.calls.find((held) => held.path === path)
        expect(call).toMatchObject({ method })
        if (body !== undefined) expect(call?.body).toEqual(body)
      }
    },
  )

  it('refused by the exchange after acceptance', async () => {
    const { known_order: known, http, ws_push: push } = byName('refused by the exchange after acceptance')
    const { order_id: orderId, ...order } = known!
    upstream.onCall = ({ path }) =>
      path === '/trading/orders' ? { status: 201, reply: { order_id: orderId } } : script(http!)({ path })
    await client.ask('create_order', order)
    const [update] = await client.waitForEvents('order_update', 1)
    const { timestamp, ...rest } = update!
    expect(timestamp).toBeTypeOf('number')
    expect(rest).toEqual(push!.data)
    const search = upstream.calls.find(({ path }) => path === '/trading/orders/search')
    expect(search?.body).not.toHaveProperty('trading_pairs')
  })

  it('order book stream', async () => {
    const { upstream_ws_send: send, upstream_ws_push: push, ws_push: expected } = byName('order book stream')
    await client.ask('subscribe', { channel: 'order_book', exchange: 'binance', market: 'ETH-USDT' })
    expect(upstream.actions).toEqual([send])
    upstream.push(push)
    expect(await client.waitForEvents('order_book_update', 1)).toEqual([expected!.data])
  })

  it('trade stream', async () => {
    const { upstream_ws_push: push, ws_push_count: count, first_ws_push: first } = byName('trade stream')
    await client.ask('subscribe', { channel: 'trades', exchange: 'binance', market: 'ETH-USDT' })
    upstream.push(push)
    const trades = await client.waitForEvents('trade', count as number)
    expect(trades).toHaveLength(count as number)
    expect(trades[0]).toMatchObject((first as { data: object }).data)
    expect(trades.map(({ trade_id: id }) => id)).toEqual([
      '1767225600100-3000-0.2-buy-1',
      '1767225600200-3000.5-0.1-sell-1',
    ])
  })

  it.each(vectors.bridge_order_status)('status $upstream is $ws', ({ upstream: status, ws }) => {
    expect(mapOrderStatus(status)).toBe(ws)
  })
})

describe('upstream failures', () => {
  it.each([
    [403, 'no', 'auth_failed'],
    [429, 'slow down', 'rate_limit'],
    [404, "Account 'x' not found", 'invalid_order'],
    [400, 'Insufficient balance', 'insufficient_funds'],
    [500, 'Failed to place trade: insufficient funds', 'insufficient_funds'],
    [500, 'Failed to place trade: strange', 'server_error'],
    [502, 'Bad Gateway', 'server_error'],
  ])('of HTTP %i with "%s" become %s', async (status, detail, code) => {
    upstream.onCall = ({ path }) => (path === '/trading/orders' ? { status, reply: { detail } } : empty)
    expect(await client.ask('create_order', placeOrder)).toMatchObject({ status: 'error', code, message: detail })
  })

  it('with a body that is no JSON name the status', async () => {
    upstream.onCall = () => ({ status: 502, reply: '<html>' })
    expect(await client.ask('get_balances', { exchange: 'binance' })).toMatchObject({
      code: 'server_error',
      message: 'Hummingbot API answered with HTTP 502',
    })
    upstream.onCall = () => ({ status: 400, reply: { detail: [] } })
    expect(await client.ask('get_balances', { exchange: 'binance' })).toMatchObject({
      message: 'Hummingbot API answered with HTTP 400',
    })
  })

  it('of the connection are connection errors, and leave an order unknown', async () => {
    upstream.onCall = () => 'cut'
    expect(await client.ask('get_balances', { exchange: 'binance' })).toMatchObject({ code: 'connection_error' })
    expect(await client.ask('create_order', placeOrder)).toMatchObject({
      code: 'connection_error',
      data: { order_state_unknown: true },
    })
  })

  it('of refused credentials are logged loudly', async () => {
    upstream.onCall = () => ({ status: 401, reply: { detail: 'Incorrect username or password' } })
    await client.ask('get_balances', { exchange: 'binance' })
    expect(records.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'the upstream refuses the user and password of this bridge',
    ])
    expect(JSON.stringify(records)).not.toContain('secret')
  })
})

describe('the ticker', () => {
  const market = { exchange: 'binance', market: 'eth/usdt' }
  const answers: Record<string, UpstreamReply> = {
    '/market-data/order-book': {
      status: 200,
      reply: '{"bids":[{"price":3000.0,"amount":1}],"asks":[{"price":3001.5,"amount":1e-08}],"timestamp":5.5}',
    },
    '/market-data/prices': { status: 200, reply: { prices: { 'ETH-USDT': 3000.5 } } },
    '/market-data/candles': { status: 200, reply: '[{"volume":1.5},{"volume":NaN},{"volume":2}]' },
  }

  it('is put together from book, price and candles', async () => {
    upstream.onCall = ({ path }) => answers[path]!
    expect((await client.ask('get_ticker', market))['data']).toEqual({
      timestamp: 5.5,
      symbol: 'eth/usdt',
      exchange: 'binance',
      bid: '3000',
      ask: '3001.5',
      last: '3000.5',
      volume: '3.5',
    })
  })

  it('says when it knows no volume, and fails without a last price', async () => {
    upstream.onCall = ({ path }) =>
      path === '/market-data/candles' ? { status: 404, reply: { detail: 'No candles data available' } } : answers[path]!
    expect((await client.ask('get_ticker', market))['data']).toMatchObject({ volume: '0', volume_known: false })
    upstream.onCall = ({ path }) =>
      path === '/market-data/prices' ? { status: 200, reply: { prices: {} } } : answers[path]!
    expect(await client.ask('get_ticker', market)).toMatchObject({ code: 'server_error' })
  })

  it('is pushed on change, and its loss and return are told', async () => {
    upstream.onCall = () => ({ status: 500, reply: { detail: 'no' } })
    await client.ask('subscribe', { channel: 'ticker', ...market })
    await client.waitForEvents('error', 1)
    upstream.onCall = ({ path }) => answers[path]!
    await client.waitForEvents('ticker_update', 1)
    expect(client.eventsOf('info')).toMatchObject([{ message: 'Connection restored to ticker of ETH-USDT' }])
    expect(await client.ask('unsubscribe', { channel: 'ticker', ...market })).toMatchObject({ status: 'success' })
    expect(client.eventsOf('ticker_update')).toHaveLength(1)
  })
})

describe('market data', () => {
  const subscribe = (channel: string, market = 'ETH-USDT') => ({ channel, exchange: 'binance', market })

  it('is subscribed once for all clients and ended with the last', async () => {
    const other = await BridgeClient.connect((await addressOf()).url, 'other')
    await Promise.all([
      client.ask('subscribe', subscribe('order_book')),
      other.ask('subscribe', subscribe('order_book', 'ETH/USDT')),
    ])
    expect(upstream.actions).toHaveLength(1)
    upstream.push({ type: 'order_book', subscription_id: 'order_book_binance_ETH-USDT', data: { bids: [], asks: [] } })
    await client.waitForEvents('order_book_update', 1)
    expect(await other.waitForEvents('order_book_update', 1)).toMatchObject([{ symbol: 'ETH/USDT' }])
    await client.ask('unsubscribe', subscribe('order_book'))
    expect(upstream.actions).toHaveLength(1)
    other.close()
    await waitFor(() => upstream.actions.length === 2, 'the end of the feed')
    expect(upstream.actions[1]).toEqual({ action: 'unsubscribe', subscription_id: 'order_book_binance_ETH-USDT' })
  })

  it('that the upstream refuses is refused, before and after the connection stands', async () => {
    const refused = { status: 'error', code: 'invalid_order', message: 'Failed to start feed: no such pair' }
    expect(await client.ask('subscribe', subscribe('trades', 'NO-PAIR'))).toMatchObject(refused)
    expect(await client.ask('subscribe', subscribe('trades', 'NO-PAIR'))).toMatchObject(refused)
    expect(await client.ask('subscribe', subscribe('trades'))).toMatchObject({ status: 'success' })
  })

  it('comes back by itself after the socket was lost', async () => {
    await client.ask('subscribe', subscribe('trades'))
    upstream.cut()
    await waitFor(() => upstream.actions.length === 2, 'the subscription on the new socket')
    await client.waitForEvents('error', 1)
    await client.waitForEvents('info', 1)
    upstream.push(
      '{"type":"trades","subscription_id":"trades_binance_ETH-USDT","data":[{"timestamp":NaN}],"timestamp":1}',
    )
    const trade = { timestamp: 1.5, price: 1, amount: 2, side: 'buy' }
    upstream.push({ type: 'trades', subscription_id: 'trades_binance_ETH-USDT', data: [trade, trade] })
    const trades = await client.waitForEvents('trade', 2)
    expect(trades.map(({ trade_id: id }) => id)).toEqual(['1500-1-2-buy-1', '1500-1-2-buy-2'])
  })

  it('of an upstream that refuses the credentials is refused', async () => {
    upstream.welcome = { type: 'error', message: 'Authentication failed' }
    expect(await client.ask('subscribe', subscribe('trades'))).toMatchObject({ code: 'auth_failed' })
  })
})

describe('pages', () => {
  it('that never end are left after the first repetition', async () => {
    const row = { order_id: 'a', account_name: 'm', connector_name: 'b', trading_pair: 'ETH-USDT', trade_type: 'SELL' }
    const item = {
      ...row,
      order_type: 'LIMIT_MAKER',
      amount: 1,
      price: 2,
      status: 'STRANGE',
      created_at: '2026-01-01T00:00:00',
    }
    upstream.onCall = () => ({
      status: 200,
      reply: { data: [item], pagination: { has_more: true, next_cursor: 'same' } },
    })
    const { data } = await client.ask('get_open_orders', { exchange: 'binance', market: 'ETH-USDT' })
    expect(data).toHaveLength(2)
    expect((data as object[])[0]).toMatchObject({
      side: 'sell',
      type: 'limit',
      status: 'strange',
      created_at: 1767225600,
    })
    expect(upstream.calls.map(({ body }) => (body as { cursor?: string }).cursor)).toEqual([undefined, 'same'])
  })
})

describe('an old order', () => {
  it('is found page by page, by time, because the cursors of the search lead nowhere', async () => {
    const rowOf = (n: number): object => ({
      order_id: `x-${n}`,
      account_name: 'master_account',
      connector_name: 'binance',
      trading_pair: 'ETH-USDT',
      trade_type: 'BUY',
      order_type: 'LIMIT',
      amount: 1,
      price: 2,
      status: 'CANCELLED',
      created_at: new Date(1_767_225_600_000 + n * 1_000).toISOString(),
    })
    const newest = 2_499
    upstream.onCall = ({ path, body }) => {
      if (path === '/trading/orders/active') return empty
      const { end_time: endMs } = body as { end_time?: number }
      const from = endMs === undefined ? newest : (endMs - 1_767_225_600_000) / 1_000
      const data = Array.from({ length: Math.min(1_000, from + 1) }, (_, i) => rowOf(from - i))
      return { status: 200, reply: { data, pagination: { has_more: true, next_cursor: 'stuck' } } }
    }
    const ask = (id: string) => client.ask('get_order', { exchange: 'binance', market: 'ETH-USDT', order_id: id })
    expect(await ask('x-7')).toMatchObject({ data: { order_id: 'x-7', status: 'cancelled' } })
    expect(upstream.calls.filter(({ path }) => path === '/trading/orders/search')).toHaveLength(3)
    expect(await ask('x-none')).toMatchObject({ message: 'Order x-none not found' })
  })
})

const addressOf = async (): Promise<{ url: string }> => Promise.resolve({ url: client.socket.url })
