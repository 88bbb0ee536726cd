import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { basic, type HummingbotBench, startHummingbotBench } from '../../testing/hummingbot-bench.js'
import { type Frame, StreamClient } from '../../testing/stream-client.js'
import type { HummingbotVenueOptions } from './settings.js'

let bench: HummingbotBench

async function start(options: HummingbotVenueOptions = {}): Promise<void> {
  bench = await startHummingbotBench(options)
  bench.quote('sell', 300_100, 10_000)
  bench.quote('buy', 300_000, 10_000)
}

beforeEach(() => start())
afterEach(() => bench.venue.close())

const place = { account_name: 'master_account', connector_name: 'binance', trading_pair: 'ETH-USDT' }
const order = { ...place, trade_type: 'BUY', amount: '0.1', order_type: 'LIMIT', price: '2990' }
const filters = { account_names: ['master_account'], connector_names: ['binance'] }

async function list(path: string, more: Frame = {}): Promise<Frame[]> {
  const { body } = await bench.call('POST', path, { ...filters, ...more })
  return body['data'] as Frame[]
}

async function submit(more: Frame = {}): Promise<string> {
  const { body, status } = await bench.call('POST', '/trading/orders', { ...order, ...more })
  expect(status).toBe(201)
  await bench.clock.advance(10)
  return body['order_id'] as string
}

describe('the door', () => {
  it('tells health and routes to everybody', async () => {
    expect((await bench.call('GET', '/', undefined, '')).body['status']).toBe('running')
    const { body } = await bench.call('GET', '/openapi.json', undefined, '')
    expect(Object.keys(body['paths'] as object)).toContain('/trading/{account}/{connector}/orders/{id}/cancel')
  })

  it('needs user and password for the rest', async () => {
    const none = await bench.call('GET', '/accounts/', undefined, '')
    expect([none.status, none.body['detail'], none.headers.get('www-authenticate')]).toEqual([
      401,
      'Not authenticated',
      'Basic',
    ])
    for (const wrong of [basic('trade-key:no'), basic('nobody'), 'Bearer x'])
      expect((await bench.call('GET', '/accounts/', undefined, wrong)).body['detail']).toBe(
        'Incorrect username or password',
      )
    expect((await bench.call('GET', '/accounts/')).body).toEqual(['master_account'])
    expect((await bench.call('GET', '/accounts')).status).toBe(404)
    expect((await bench.call('POST', '/accounts/')).status).toBe(405)
  })

  it('lists every problem of a body', async () => {
    const { status, body } = await bench.call('POST', '/trading/orders', {
      account_name: 7,
      trade_type: 'buy',
      amount: -1,
      price: true,
    })
    expect(status).toBe(422)
    const problems = body['detail'] as { loc: string[]; msg: string }[]
    expect(problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`)).toEqual([
      'body.account_name: Input should be a valid string',
      'body.connector_name: Field required',
      'body.trading_pair: Field required',
      "body.trade_type: Input should be 'BUY' or 'SELL'",
      'body.amount: Input should be greater than 0',
      'body.price: Input should be a valid decimal',
    ])
    for (const text of ['{', '[]']) expect((await bench.call('POST', '/trading/orders', text)).status).toBe(422)
    const bad = { limit: 1_001, cursor: 5, trading_pairs: 'x', start_time: 'y' }
    expect((await bench.call('POST', '/trading/orders/search', bad)).body['detail']).toHaveLength(4)
    expect((await bench.call('POST', '/trading/positions', { limit: 0 })).status).toBe(422)
    expect((await bench.call('POST', '/trading/positions', { limit: 1.5 })).status).toBe(422)
    expect((await bench.call('POST', '/portfolio/state', { refresh: 'x' })).status).toBe(422)
    expect((await bench.call('POST', '/trading/orders', { ...order, amount: undefined })).status).toBe(422)
    expect((await bench.call('POST', '/trading/orders', { ...order, amount: 'NaN' })).status).toBe(422)
  })
})

describe('orders', () => {
  it('are taken at once and reach the exchange later', async () => {
    const { status, body } = await bench.call('POST', '/trading/orders', order)
    expect([status, body]).toEqual([201, { ...order, order_id: 'hbapi-00000001', price: '2990', status: 'submitted' }])
    expect(await list('/trading/orders/active')).toMatchObject([{ status: 'SUBMITTED', exchange_order_id: null }])
    expect(await list('/trading/orders/search')).toEqual([])
    await bench.clock.advance(10)
    expect(await list('/trading/orders/active', { trading_pairs: ['ETH-USDT'] })).toMatchObject([
      { status: 'OPEN', exchange_order_id: 'hb-00000001', amount: 0.1, price: 2990, filled_amount: 0 },
    ])
    expect(await list('/trading/orders/search')).toMatchObject([{ order_id: 'hbapi-00000001', status: 'OPEN' }])
    expect(await list('/trading/orders/active', { trading_pairs: ['BTC-USDT'] })).toEqual([])
    expect(await list('/trading/orders/active', { account_names: ['other'] })).toEqual([])
  })

  it('have no idempotency', async () => {
    await submit()
    await submit()
    expect(bench.venue.truth().orders).toHaveLength(2)
  })

  it('that the exchange refuses show up as failed, with unknown members', async () => {
    await submit({ amount: 40 })
    expect(await list('/trading/orders/active')).toEqual([])
    expect(await list('/trading/orders/search')).toMatchObject([
      {
        order_id: 'hbapi-00000001',
        trading_pair: 'UNKNOWN',
        trade_type: 'UNKNOWN',
        amount: 0,
        status: 'FAILED',
        error_message: 'Order failed: insufficient funds',
      },
    ])
    expect(await list('/trading/orders/search', { trading_pairs: ['ETH-USDT'] })).toEqual([])
  })

  it('refused after acceptance keep their members', async () => {
    bench.venue.faults.add({ kind: 'late_refusal', delayMs: 20 })
    await submit()
    await bench.clock.advance(20)
    expect(await list('/trading/orders/search')).toMatchObject([
      { status: 'FAILED', trading_pair: 'ETH-USDT', error_message: 'Order failed: MarketOrderFailureEvent' },
    ])
  })

  it('are only asked to cancel, and the cancellation comes later', async () => {
    const id = await submit()
    const path = `/trading/master_account/binance/orders/${id}/cancel`
    expect((await bench.call('POST', path)).body).toEqual({ message: `Order cancellation initiated for ${id}` })
    expect(await list('/trading/orders/active')).toMatchObject([{ status: 'PENDING_CANCEL' }])
    await bench.clock.advance(10)
    expect(await list('/trading/orders/search')).toMatchObject([{ status: 'CANCELLED' }])
    expect((await bench.call('POST', path)).body).toEqual({ detail: `Order '${id}' not found in active orders` })
    expect((await bench.call('POST', path.replace('master_account', 'x'))).body).toEqual({
      detail: "Account 'x' not found",
    })
  })

  it('cancelled before they reach the exchange end there', async () => {
    const { body } = await bench.call('POST', '/trading/orders', order)
    await bench.call('POST', `/trading/master_account/binance/orders/${String(body['order_id'])}/cancel`)
    expect(await list('/trading/orders/active')).toMatchObject([{ status: 'PENDING_CANCEL' }])
    await bench.clock.advance(10)
    expect(await list('/trading/orders/search')).toMatchObject([{ status: 'CANCELLED' }])
  })

  it('fill, with fees and trades', async () => {
    const id = await submit({ order_type: 'MARKET', price: undefined })
    expect(await list('/trading/orders/search', { status: 'FILLED' })).toMatchObject([
      { order_id: id, filled_amount: 0.1, average_fill_price: 3001, fee_currency: 'ETH', price: null },
    ])
    expect(await list('/trading/trades', { trade_types: ['BUY'] })).toMatchObject([
      { order_id: id, amount: 0.1, price: 3001, trade_type: 'BUY', fee_currency: 'ETH' },
    ])
    expect(await list('/trading/trades', { trade_types: ['SELL'] })).toEqual([])
    await submit({ price: '3001', order_type: 'LIMIT_MAKER' })
    expect((await list('/trading/orders/search'))[0]).toMatchObject({ status: 'CANCELLED' })
  })

  it.each([
    [{ account_name: 'x' }, 404, "Account 'x' not found"],
    [{ connector_name: 'x' }, 404, "Connector 'x' not found"],
    [{ price: null }, 400, 'Price is required for LIMIT and LIMIT_MAKER orders'],
    [{ amount: '0.00001' }, 400, 'Order amount 0 is below minimum order size 0.0001 for ETH-USDT'],
  ])('with %j are refused at once', async (more, status, detail) => {
    expect(await bench.call('POST', '/trading/orders', { ...order, ...more })).toMatchObject({
      status,
      body: { detail },
    })
  })

  it('of an unknown pair are told the known ones', async () => {
    const { body } = await bench.call('POST', '/trading/orders', { ...order, trading_pair: 'X-Y' })
    expect(body['detail']).toContain("Available pairs: ['BTC-USDT', 'ETH-USDT'")
  })

  it('are paged, and the search never gets past its first page', async () => {
    for (let i = 0; i < 3; i++) await submit()
    const active = async (cursor?: string) =>
      (await bench.call('POST', '/trading/orders/active', { limit: 2, ...(cursor && { cursor }) })).body
    const first = await active()
    expect(first['pagination']).toEqual({ limit: 2, has_more: true, next_cursor: '2', total_count: 3 })
    expect((await active('2'))['pagination']).toMatchObject({ has_more: false, next_cursor: null })
    const search = async (cursor?: string) =>
      (await bench.call('POST', '/trading/orders/search', { limit: 2, ...(cursor && { cursor }) })).body
    const stuck = await search()
    expect(stuck['pagination']).toMatchObject({ has_more: true, next_cursor: 'next' })
    expect((await search('next'))['data']).toEqual(stuck['data'])
  })

  it('of a newer server page to the end', async () => {
    await bench.venue.close()
    await start({ hummingbot: { hasStuckCursor: false, hidesRefusedOrders: false } })
    for (let i = 0; i < 2; i++) await submit({ amount: 40 })
    const { body } = await bench.call('POST', '/trading/orders/search', { limit: 1, cursor: '1' })
    expect(body['data']).toMatchObject([{ order_id: 'hbapi-00000001', trading_pair: 'ETH-USDT', amount: 40 }])
  })

  it('meet the words of hummingbot-api in faults', async () => {
    const refuse = async (rule: Frame) => {
      bench.venue.faults.add({ kind: 'error_before', count: 1, ...rule })
      const response = await fetch(`${bench.address.rest}/trading/orders`, { method: 'POST' })
      return [response.status, await response.text()]
    }
    expect(await refuse({})).toEqual([
      503,
      '{"detail":"Trading rules not yet loaded for binance. Please try again in a moment."}',
    ])
    expect(await refuse({ status: 500 })).toEqual([500, '{"detail":"Unexpected error placing trade: internal error"}'])
    expect(await refuse({ mode: 'html', status: 502 })).toEqual([502, '<html><title>502</title></html>'])
    expect(await refuse({ kind: 'rate_limited', retryAfterS: 3 })).toEqual([429, '{"detail":"Too Many Requests"}'])
  })
})

describe('accounts and market data', () => {
  it('show balances from a cache unless asked to refresh', async () => {
    const state = async (more: Frame = {}) => (await bench.call('POST', '/portfolio/state', more)).body
    const rows = ((await state())['master_account'] as Frame)['binance'] as Frame[]
    expect(rows).toEqual([
      { token: 'USDT', units: 100000, price: 1, value: 100000, available_units: 100000 },
      { token: 'ETH', units: 50, price: 3000.5, value: 150025, available_units: 50 },
    ])
    await submit()
    expect(await state()).toMatchObject({ master_account: { binance: [{ available_units: 100000 }, {}] } })
    expect(await state({ refresh: true, skip_gateway: true })).toMatchObject({
      master_account: { binance: [{ available_units: 99701 }, {}] },
    })
    expect(await state({ account_names: ['x'] })).toEqual({})
    expect(await state({ connector_names: ['x'] })).toEqual({ master_account: {} })
  })

  it('show connectors, rules and order types', async () => {
    expect((await bench.call('GET', '/connectors/')).body).toEqual(['binance'])
    const { body } = await bench.call(
      'GET',
      '/connectors/binance/trading-rules?trading_pairs=ETH-USDT&trading_pairs=X-Y',
    )
    expect(body).toMatchObject({
      'ETH-USDT': { min_price_increment: 0.01, min_base_amount_increment: 0.0001, min_notional_size: 3 },
      'X-Y': { error: 'Trading pair X-Y not found' },
    })
    expect(Object.keys((await bench.call('GET', '/connectors/binance/trading-rules')).body)).toContain('BTC-USDT')
    expect((await bench.call('GET', '/connectors/x/order-types')).status).toBe(404)
    expect((await bench.call('GET', '/connectors/binance/order-types')).body['supported_order_types']).toContain(
      'LIMIT',
    )
    expect((await bench.call('GET', '/accounts/master_account/credentials')).body).toEqual(['binance'])
  })

  it('show books, prices and candles as numbers', async () => {
    const at = { connector_name: 'binance', trading_pair: 'ETH-USDT' }
    expect((await bench.call('POST', '/market-data/order-book', { ...at, depth: 1 })).body).toMatchObject({
      bids: [{ price: 3000, amount: 1 }],
      asks: [{ price: 3001, amount: 1 }],
    })
    const prices = { connector_name: 'binance', trading_pairs: ['ETH-USDT', 'X-Y'] }
    expect((await bench.call('POST', '/market-data/prices', prices)).body['prices']).toEqual({ 'ETH-USDT': 3000.5 })
    expect((await bench.call('POST', '/market-data/candles', { ...at, interval: '1h' })).status).toBe(404)
    await submit({ order_type: 'MARKET' })
    expect(
      (await bench.call('POST', '/market-data/candles', { ...at, interval: '1h', max_records: 24 })).body,
    ).toMatchObject([{ volume: 0.1, close: 3001 }])
    expect((await bench.call('POST', '/market-data/candles', { ...at, interval: '7h' })).status).toBe(400)
    expect((await bench.call('POST', '/market-data/candles', { ...at, trading_pair: 'X-Y' })).status).toBe(400)
    expect((await bench.call('POST', '/market-data/order-book', { ...at, trading_pair: 'X-Y' })).status).toBe(500)
    expect((await bench.call('POST', '/market-data/trading-pair/add', at)).body['success']).toBe(true)
    expect((await bench.call('GET', '/market-data/available-candle-connectors')).body).toEqual(['binance'])
  })
})

describe('the market data socket', () => {
  const open = (query: string) => StreamClient.connect(`${bench.address.ws}/market-data${query}`)
  const at = { action: 'subscribe', connector: 'binance', trading_pair: 'ETH-USDT' }

  it('refuses strangers after the handshake', async () => {
    const client = await open('?username=trade-key&password=no')
    expect(await client.frame(() => true)).toEqual({ type: 'error', message: 'Authentication failed' })
    await waitFor(() => client.isClosed, 'the close')
  })

  it('takes user and password, or a token', async () => {
    const token = encodeURIComponent(Buffer.from('trade-key:trade-secret').toString('base64'))
    for (const query of ['?username=trade-key&password=trade-secret', `?token=${token}`]) {
      const client = await open(query)
      expect((await client.frame(() => true))['type']).toBe('connected')
      client.close()
    }
  })

  it('answers every action once, in order, and pushes what changed', async () => {
    const client = await open('?username=trade-key&password=trade-secret')
    const actions = [
      { ...at, type: 'order_book', depth: 1 },
      { ...at, type: 'trades' },
      { ...at, type: 'candles', interval: '1m', update_interval: 0.1 },
      { ...at, type: 'nothing' },
      { ...at, type: 'trades', connector: 'x' },
      { action: 'subscribe', type: 'trades' },
      { action: 'stare' },
      { action: 'ping' },
      { action: 'unsubscribe', subscription_id: 'x' },
    ]
    for (const action of actions) client.send(action)
    await client.framesOf(() => true, 10)
    expect(
      client.frames.slice(1).map((frame) => frame['subscription_id'] ?? frame['message'] ?? frame['type']),
    ).toEqual([
      'order_book_binance_ETH-USDT',
      'trades_binance_ETH-USDT',
      'candles_binance_ETH-USDT_1m',
      'Invalid subscription type: nothing',
      "Failed to start feed: connector 'x' not found",
      'connector and trading_pair are required',
      'Unknown action: stare. Valid actions: subscribe, unsubscribe, ping',
      'pong',
      'Subscription not found: x',
    ])
    await submit({ order_type: 'MARKET' })
    await bench.clock.advance(1_000)
    const book = await client.frame(({ type }) => type === 'order_book')
    expect(book['data']).toEqual({ bids: [[3000, 1]], asks: [[3001, 0.9]] })
    const trades = await client.frame(({ type }) => type === 'trades')
    expect(trades['data']).toMatchObject([{ price: 3001, amount: 0.1, side: 'buy' }])
    await client.frame(({ type }) => type === 'candles')
    await client.frame(({ type }) => type === 'candle_update')
    client.send({ action: 'unsubscribe', subscription_id: 'order_book_binance_ETH-USDT' })
    await client.frame(({ type }) => type === 'unsubscribed')
    await bench.clock.advance(30_000)
    await client.frame(({ type }) => type === 'heartbeat')
    expect(client.frames.filter(({ type }) => type === 'order_book')).toHaveLength(1)
    client.close()
  })

  it('ends the connection for a frame that it cannot read', async () => {
    for (const text of ['{', '[]', { ...at, update_interval: 'soon' }]) {
      const client = await open('?username=trade-key&password=trade-secret')
      client.send(text)
      await waitFor(() => client.isClosed, 'the close')
    }
  })
})
