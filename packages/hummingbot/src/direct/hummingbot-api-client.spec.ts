import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { TestHttpServer, TestWebSocketServer, type SeenRequest } from '@cex-arbitrage/networking/testing'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { watch } from '../testing/create-test-client.js'
import { createRecordingLogger, type LogRecord } from '../testing/recording.js'
import { HummingbotApiClient } from './hummingbot-api-client.js'
import { HummingbotApiStream, type HummingbotApiStreamFrame } from './hummingbot-api-stream.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Answer = { readonly status?: number; readonly body: unknown; readonly raw?: string }

/** A server that answers by route, and a client of it. */
async function setUp(routes: Record<string, (request: SeenRequest) => Answer | undefined>, options: object = {}) {
  const server = await TestHttpServer.start((request, response) => {
    const [path] = request.url.split('?')
    const answer = routes[`${request.method} ${path}`]?.(request)
    if (answer === undefined) {
      response.destroy()
      return
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
    response.end(answer.raw ?? JSON.stringify(answer.body))
  })
  closers.push(() => server.close())
  const records: LogRecord[] = []
  const api = new HummingbotApiClient({
    baseUrl: server.origin,
    username: 'trader',
    password: 'very-secret',
    clock: systemClock,
    logger: createRecordingLogger(records),
    retries: 0,
    ...options,
  })
  closers.push(() => api.close())
  return { server, api, records }
}

const orderRow = {
  order_id: 'x-1',
  account_name: 'master_account',
  connector_name: 'binance',
  trading_pair: 'ETH-USDT',
  trade_type: 'BUY',
  order_type: 'LIMIT',
  amount: 0.5,
  price: 3000.0,
  status: 'OPEN',
  filled_amount: 1e-8,
  average_fill_price: null,
  fee_paid: null,
  fee_currency: null,
  created_at: '2026-01-01T00:00:00',
  updated_at: '2026-01-01T00:00:01+00:00',
  exchange_order_id: '991',
  error_message: null,
}
const order = {
  account_name: 'master_account',
  connector_name: 'binance',
  trading_pair: 'ETH-USDT',
  trade_type: 'BUY',
  amount: '0.5',
  order_type: 'LIMIT',
  price: '3000',
} as const
const page = (data: unknown[], next_cursor: string | null = null) => ({
  data,
  pagination: { limit: 100, has_more: next_cursor !== null, next_cursor, total_count: data.length },
})

describe('placing orders', () => {
  it('sends decimal text and the credentials, and reads the answer', async () => {
    const { server, api } = await setUp({
      'POST /trading/orders': () => ({
        status: 201,
        body: { ...order, amount: '5E-1', order_id: 'x-1', status: 'submitted' },
      }),
    })
    const placed = await api.trading.placeOrder({ ...order, amount: 5e-1 })
    expect(placed).toMatchObject({ order_id: 'x-1', amount: '0.5', price: '3000' })
    const [seen] = server.seen
    expect(JSON.parse(seen!.body)).toMatchObject({ amount: '0.5', price: '3000', trade_type: 'BUY' })
    expect(seen!.headers.authorization).toBe(`Basic ${Buffer.from('trader:very-secret').toString('base64')}`)
  })

  it.each([
    [400, 'Price is required for LIMIT and LIMIT_MAKER orders', 'invalid_order', false, 'reject'],
    [400, 'Insufficient balance', 'insufficient_funds', false, 'reject'],
    [404, "Account 'a' not found", 'invalid_order', false, 'reject'],
    [401, 'Incorrect username or password', 'auth_failed', false, 'reject'],
    [429, 'Slow down', 'rate_limit', false, 'retry'],
    [503, 'Trading rules not yet loaded for binance. Please try again in a moment.', 'server_error', false, 'retry'],
    [500, 'Failed to place trade: odd', 'server_error', true, 'reconcile'],
    [502, 'Bad gateway', 'server_error', true, 'reconcile'],
  ])('reads HTTP %s %s', async (status, detail, category, orderStateUnknown, recovery) => {
    const { server, api } = await setUp(
      { 'POST /trading/orders': () => ({ status, body: { detail } }) },
      { retries: 3 },
    )
    const outcome = await api.trading.placeOrder(order).catch((error: unknown) => error)
    expect(outcome).toMatchObject({ category, orderStateUnknown, recovery, httpStatus: status, message: detail })
    expect(server.seen).toHaveLength(1)
  })

  it('never repeats an order whose answer is lost, and calls it unknown', async () => {
    const { server, api } = await setUp({}, { retries: 3 })
    await expect(api.trading.placeOrder(order)).rejects.toMatchObject({
      category: 'connection_error',
      orderStateUnknown: true,
    })
    expect(server.seen).toHaveLength(1)
  })

  it('flattens every problem of a 422', async () => {
    const detail = [
      { loc: ['body', 'amount'], msg: 'Input should be greater than 0' },
      { loc: ['body', 'x'], msg: 'Field required' },
    ]
    const { api } = await setUp({ 'POST /trading/orders': () => ({ status: 422, body: { detail } }) })
    await expect(api.trading.placeOrder(order)).rejects.toThrow(
      'body.amount: Input should be greater than 0; body.x: Field required',
    )
  })

  it('refuses before sending what breaks R5 or, on request, the rules of the connector', async () => {
    const { server, api } = await setUp({})
    await expect(api.trading.placeOrder({ ...order, price: '0' })).rejects.toThrow('Price must be positive')
    await expect(api.trading.placeOrder({ ...order, trade_type: 'HOLD' as never })).rejects.toThrow(
      'Invalid order side',
    )
    await expect(api.trading.placeOrder({ ...order, order_type: 'STOP' as never })).rejects.toThrow(
      'Invalid order type',
    )
    const rules = {
      min_order_size: '0.1',
      max_order_size: '10',
      min_price_increment: '0.01',
      min_base_amount_increment: '0.001',
      min_notional_size: '5',
    }
    const bad = [
      [{ amount: '0.01' }, 'below minimum order size 0.1'],
      [{ amount: '11' }, 'above maximum order size 10'],
      [{ amount: '0.5001' }, 'no multiple of 0.001'],
      [{ price: '3000.001' }, 'no multiple of 0.01'],
      [{ price: '1' }, 'below minimum notional size 5'],
    ] as const
    for (const [change, text] of bad)
      await expect(api.trading.placeOrder({ ...order, ...change }, { rules })).rejects.toThrow(text)
    expect(server.seen).toEqual([])
  })
})

describe('awaiting the verdict of the exchange', () => {
  const at = { account_name: 'master_account', connector_name: 'binance' }

  it('looks until the order is open, or failed with its reason', async () => {
    let looks = 0
    const { api } = await setUp({
      'POST /trading/orders/active': () => ({
        body: page(++looks < 3 ? [{ ...orderRow, status: 'SUBMITTED' }] : []),
      }),
      'POST /trading/orders/search': () => ({
        body: page([
          {
            ...orderRow,
            status: 'FAILED',
            trading_pair: 'UNKNOWN',
            trade_type: 'UNKNOWN',
            amount: 0,
            error_message: 'no funds',
          },
        ]),
      }),
    })
    const verdict = await api.trading.awaitAcknowledged('x-1', { ...at, pollIntervalMs: 1 })
    expect(verdict).toMatchObject({ status: 'FAILED', error_message: 'no funds', amount: '0' })
    expect(looks).toBe(3)
  })

  it('calls an order without a verdict unknown', async () => {
    const { api } = await setUp({
      'POST /trading/orders/active': () => ({ body: page([]) }),
      'POST /trading/orders/search': () => ({ status: 503, body: { detail: 'busy' } }),
    })
    await expect(
      api.trading.awaitAcknowledged('x-1', { ...at, pollIntervalMs: 1, timeoutMs: 20 }),
    ).rejects.toMatchObject({ orderStateUnknown: true, code: 'ORDER_OUTCOME_UNKNOWN' })
  })
})

describe('reading', () => {
  it('makes exact decimals and milliseconds of what the server writes', async () => {
    const { api } = await setUp({ 'POST /trading/orders/active': () => ({ body: page([orderRow]) }) })
    const { data } = await api.trading.fetchActiveOrders()
    expect(data[0]).toMatchObject({
      filled_amount: '0.00000001',
      price: '3000',
      created_at: Date.UTC(2026, 0, 1),
      updated_at: Date.UTC(2026, 0, 1, 0, 0, 1),
    })
  })

  it('repeats reads by the schedule, and gives up with the server text', async () => {
    const clock = new ManualClock()
    const pauses: number[] = []
    const watching = {
      nowMs: () => clock.nowMs(),
      nowUs: () => clock.nowUs(),
      setTimer: (callback: () => void, delayMs: number) => {
        if (delayMs === 500 || delayMs === 1_000) pauses.push(delayMs)
        return clock.setTimer(callback, delayMs)
      },
    }
    const { server, api } = await setUp(
      { 'GET /accounts/': () => ({ status: 500, body: { detail: 'broken' } }) },
      { retries: 2, clock: watching },
    )
    const outcome = watch(api.accounts.fetchAccounts())
    for (const [i, delayMs] of [500, 1_000].entries()) {
      await waitFor(() => pauses.length === i + 1, `pause ${i + 1}`)
      expect(pauses[i]).toBe(delayMs)
      await clock.advance(delayMs)
      await waitFor(() => server.seen.length === i + 2, `attempt ${i + 2}`)
    }
    await waitFor(() => outcome.isSettled, 'the outcome')
    expect(outcome.error).toMatchObject({ category: 'server_error', message: 'broken', httpStatus: 500 })
  })

  it('takes bare NaN for null, in answers too', async () => {
    const { api } = await setUp({
      'POST /market-data/prices': () => ({
        body: undefined,
        raw: '{"connector":"a NaN","prices":{"ETH-USDT":NaN,"BTC-USDT":-Infinity,"A-B":1e-08},"timestamp":1}',
      }),
    })
    expect(await api.marketData.fetchPrices('a', ['ETH-USDT'])).toEqual({
      connector: 'a NaN',
      prices: { 'ETH-USDT': null, 'BTC-USDT': null, 'A-B': '0.00000001' },
      timestamp: 1,
    })
  })

  it('stops on a cursor that stands still, and pages a search by its time', async () => {
    const rows = Array.from({ length: 5 }, (_, i) => ({
      ...orderRow,
      order_id: `x-${i}`,
      created_at: new Date(Date.UTC(2026, 0, 1) - i * 1_000).toISOString(),
    }))
    const { server, api } = await setUp({
      'POST /trading/orders/search': ({ body }) => {
        const { end_time = Infinity } = JSON.parse(body) as { end_time?: number }
        return { body: page(rows.filter((row) => Date.parse(row.created_at) <= end_time).slice(0, 2), 'stuck') }
      },
    })
    const ids: string[] = []
    for await (const { order_id } of api.trading.iterateOrders()) ids.push(order_id)
    expect(ids).toEqual(['x-0', 'x-1', 'x-2', 'x-3', 'x-4'])
    expect(server.seen.length).toBeLessThan(20)
  })

  it('knows the other routes', async () => {
    const candle = { timestamp: 1, open: 1, high: 2, low: 0.5, close: 1.5, volume: 10, quote_asset_volume: 15 }
    const query = { trading_pair: 'A-B', is_buy: true, query_volume: 1, result_price: 2, timestamp: 1 }
    const { api, server } = await setUp({
      'GET /': () => ({ body: { name: 'Hummingbot API', version: '1.0.1', status: 'running' } }),
      'GET /openapi.json': () => ({ body: { paths: { '/market-data/tickers': {} } } }),
      'GET /accounts/': () => ({ body: ['master_account'] }),
      'GET /accounts/a/credentials': () => ({ body: ['binance'] }),
      'POST /accounts/add-account': () => ({ status: 201, body: { message: 'ok' } }),
      'POST /accounts/delete-account': () => ({ body: { message: 'ok' } }),
      'POST /accounts/add-credential/a/binance': () => ({ status: 201, body: { message: 'ok' } }),
      'POST /accounts/delete-credential/a/binance': () => ({ body: { message: 'ok' } }),
      'GET /connectors/': () => ({ body: ['binance'] }),
      'GET /connectors/binance/config-map': () => ({ body: ['binance_api_key'] }),
      'GET /connectors/binance/trading-rules': () => ({
        body: { 'A-B': { min_order_size: 1e-5 }, 'X-Y': { error: 'no' } },
      }),
      'GET /connectors/binance/order-types': () => ({
        body: { connector: 'binance', supported_order_types: ['LIMIT'] },
      }),
      'POST /market-data/order-book': () => ({
        body: { trading_pair: 'A-B', bids: [{ price: 1, amount: 2 }], asks: [], timestamp: 1 },
      }),
      'POST /market-data/candles': () => ({ body: [candle] }),
      'POST /market-data/historical-candles': () => ({ body: [candle] }),
      'POST /market-data/funding-info': () => ({ body: { trading_pair: 'A-B', funding_rate: 0.0001 } }),
      'POST /market-data/order-book/price-for-volume': () => ({ body: query }),
      'POST /market-data/order-book/volume-for-price': () => ({ body: query }),
      'POST /market-data/order-book/vwap-for-volume': () => ({ body: query }),
      'POST /market-data/trading-pair/add': () => ({ body: { success: true, message: 'ok' } }),
      'POST /market-data/trading-pair/remove': () => ({ body: { success: false, message: 'Pair not found' } }),
      'POST /portfolio/state': () => ({
        body: { a: { binance: [{ token: 'ETH', units: 1.5, price: 0, value: 0, available_units: 1 }] } },
      }),
      'POST /portfolio/distribution': () => ({ body: {} }),
      'POST /portfolio/history': () => ({ body: page([]) }),
      'POST /trading/trades': () => ({
        body: page([{ ...orderRow, trade_id: 't', price: 1, timestamp: '2026-01-01T00:00:00Z' }]),
      }),
      'POST /trading/positions': () => ({
        body: page([{ ...orderRow, side: 'LONG', entry_price: 1, unrealized_pnl: 0, leverage: 3 }]),
      }),
      'POST /trading/funding-payments': () => ({ body: page([]) }),
      'POST /trading/a/binance/orders/x%2F1/cancel': () => ({
        body: { message: 'Order cancellation initiated for x/1' },
      }),
      'GET /trading/a/binance/position-mode': () => ({
        body: { position_mode: 'HEDGE', connector: 'b', account: 'a' },
      }),
      'POST /trading/a/binance/position-mode': () => ({ body: {} }),
      'POST /trading/a/binance/leverage': () => ({ body: { status: 'ok', message: '' } }),
      'GET /bot-orchestration/status': () => ({ body: { status: 'success', data: { bot: {} } } }),
      'GET /bot-orchestration/bot/status': () => ({ body: { status: 'success', data: { status: 'not_found' } } }),
      'GET /bot-orchestration/bot/history': () => ({
        body: { status: 'success', response: { success: true, data: 1 } },
      }),
      'POST /bot-orchestration/start-bot': () => ({ body: { status: 'success', response: { success: true } } }),
      'POST /bot-orchestration/stop-bot': () => ({
        body: { status: 'success', response: { success: false, message: 'Bot not found' } },
      }),
      'POST /executors/': () => ({ status: 201, body: { executor_id: 'e', status: 'RUNNING' } }),
      'GET /executors/e': () => ({ body: { executor_id: 'e', status: 'RUNNING' } }),
      'POST /executors/search': () => ({ body: page([]) }),
      'POST /executors/e/stop': () => ({ body: { executor_id: 'e', status: 'stopping', keep_position: true } }),
    })
    expect((await api.fetchHealth()).status).toBe('running')
    expect([...(await api.fetchPaths())]).toEqual(['/market-data/tickers'])
    await api.fetchPaths()
    expect(server.seen.filter(({ url }) => url === '/openapi.json')).toHaveLength(1)
    const { accounts, marketData, portfolio, trading, bots, executors } = api
    expect(await accounts.fetchAccounts()).toEqual(['master_account'])
    expect(await accounts.fetchCredentials('a')).toEqual(['binance'])
    await accounts.addAccount('a')
    await accounts.deleteAccount('a')
    await accounts.addCredential('a', 'binance', { binance_api_key: 'k' })
    await accounts.deleteCredential('a', 'binance')
    expect(await accounts.fetchConnectors()).toEqual(['binance'])
    expect(await accounts.fetchConfigMap('binance')).toEqual({ binance_api_key: { type: null, required: null } })
    expect(await accounts.fetchTradingRules('binance', ['A-B', 'X-Y'])).toMatchObject({
      'A-B': { min_order_size: '0.00001' },
      'X-Y': { error: 'no' },
    })
    expect(await accounts.fetchOrderTypes('binance')).toEqual(['LIMIT'])
    expect((await marketData.fetchOrderBook('binance', 'A-B')).bids).toEqual([{ price: '1', amount: '2' }])
    expect((await marketData.fetchCandles('binance', 'A-B'))[0]!.high).toBe('2')
    await marketData.fetchHistoricalCandles('binance', 'A-B', '1m', { start_time: 1, end_time: 2 })
    expect((await marketData.fetchFundingInfo('binance', 'A-B')).funding_rate).toBe('0.0001')
    const book = { connector_name: 'binance', trading_pair: 'A-B', is_buy: true }
    expect((await marketData.fetchPriceForVolume(book, '1')).result_price).toBe('2')
    await marketData.fetchVolumeForPrice(book, '1')
    await marketData.fetchVwapForVolume(book, '1')
    await marketData.addTradingPair('binance', 'A-B', 'a')
    await expect(marketData.removeTradingPair('binance', 'A-B')).rejects.toMatchObject({ category: 'invalid_order' })
    const filter = { account_names: ['a'], connector_names: ['binance'] }
    expect((await portfolio.fetchState(filter, { refresh: true }))['a']!['binance']![0]!.units).toBe('1.5')
    await portfolio.fetchDistribution(filter)
    await portfolio.fetchHistory(filter)
    for await (const trade of trading.iterateTrades()) expect(trade.timestamp).toBe(Date.UTC(2026, 0, 1))
    expect((await trading.fetchPositions()).data[0]!.leverage).toBe('3')
    await trading.fetchFundingPayments()
    await trading.cancelOrder('a', 'binance', 'x/1')
    expect(await trading.fetchPositionMode('a', 'binance')).toBe('HEDGE')
    await trading.setPositionMode('a', 'binance', 'ONEWAY')
    await trading.setLeverage('a', 'binance', 'A-B', 3)
    await bots.fetchStatuses()
    await expect(bots.fetchStatus('bot')).rejects.toThrow('Bot bot not found')
    expect(await bots.fetchHistory('bot', { days: 1 })).toBe(1)
    await bots.startBot({ bot_name: 'bot' })
    await expect(bots.stopBot({ bot_name: 'bot' })).rejects.toThrow('Bot not found')
    expect((await executors.createExecutor({ type: 'order_executor', id: 'e' })).executor_id).toBe('e')
    await executors.fetchExecutor('e')
    await executors.searchExecutors()
    expect((await executors.stopExecutor('e', true)).status).toBe('stopping')
  })

  it('names the member of an answer that cannot be read', async () => {
    const { api } = await setUp({
      'POST /trading/orders/active': () => ({ body: page([{ ...orderRow, amount: 'x' }]) }),
    })
    await expect(api.trading.fetchActiveOrders()).rejects.toThrow('data.0.amount: is no decimal')
  })
})

describe('secrets and addresses', () => {
  it('shows the password nowhere', async () => {
    const { api, records } = await setUp({
      'GET /accounts/': () => ({ status: 400, body: { detail: 'very-secret is wrong' } }),
    })
    const error: unknown = await api.accounts.fetchAccounts().catch((thrown: unknown) => thrown)
    const token = Buffer.from('trader:very-secret').toString('base64')
    for (const text of [inspect(error, { depth: 9 }), JSON.stringify(api), JSON.stringify(records)]) {
      expect(text).not.toContain('very-secret')
      expect(text).not.toContain(token)
    }
  })

  it('refuses default credentials for another host, and addresses that are none', () => {
    const build = (baseUrl: string, more: object = {}) =>
      new HummingbotApiClient({
        baseUrl,
        username: 'admin',
        password: 'admin',
        clock: new ManualClock(),
        logger: silentLogger,
        ...more,
      })
    expect(() => build('http://bot.example:8000')).toThrow('Default credentials are refused')
    expect(() => build('http://bot.example:8000', { allowDefaultCredentials: true })).not.toThrow()
    expect(() => build('http://localhost:8000')).not.toThrow()
    for (const bad of ['localhost:8000', 'ws://localhost', 'http://a:b@localhost'])
      expect(() => build(bad)).toThrow('URL')
    expect(() => build('http://localhost', { password: '' })).toThrow('cannot be empty')
  })
})

describe('the stream', () => {
  async function setUpStream() {
    const server = await TestWebSocketServer.start()
    closers.push(() => server.close())
    const clock = new ManualClock()
    const frames: HummingbotApiStreamFrame[] = []
    const refused: string[] = []
    let connects = 0
    let greeting: object = { type: 'connected', connection_id: 'c', timestamp: 1 }
    server.onClient = ({ socket }) => socket.send(JSON.stringify(greeting))
    const stream = new HummingbotApiStream({
      baseUrl: server.url,
      authorization: 'Basic abc',
      route: '/ws/market-data',
      onFrame: (frame) => void frames.push(frame),
      onConnected: () => void connects++,
      onRefused: (subscription) => void refused.push(subscription.type),
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      actionTimeoutMs: 1_000,
    })
    closers.push(() => stream.close())
    const setGreeting = (next: object): void => {
      greeting = next
    }
    return { server, clock, frames, refused, stream, setGreeting, connects: () => connects }
  }
  const book = { type: 'order_book', connector: 'binance', trading_pair: 'ETH-USDT' }

  it('keeps one action outstanding, matches answers in order, and passes data on', async () => {
    const { server, stream, frames } = await setUpStream()
    await expect(stream.subscribe(book)).rejects.toThrow('Not connected')
    await stream.connect()
    expect(server.last.headers.authorization).toBe('Basic abc')
    const first = watch(stream.subscribe(book))
    const second = watch(stream.subscribe({ ...book, type: 'trades' }))
    const pinged = watch(stream.ping())
    await waitFor(() => server.last.received.length === 1, 'the first action')
    const { socket } = server.last
    socket.send('{"type":"order_book","subscription_id":"x","data":{"bids":[[NaN,1]],"asks":[]},"timestamp":1}')
    socket.send('{"type":"heartbeat","timestamp":1}')
    socket.send('nonsense')
    socket.send('{"type":"subscribed","subscription_id":"order_book_binance_ETH-USDT"}')
    await waitFor(() => server.last.received.length === 2, 'the second action')
    expect(first.value).toBe('order_book_binance_ETH-USDT')
    socket.send('{"type":"error","message":"Invalid subscription type: trades"}')
    await waitFor(() => server.last.received.length === 3, 'the ping')
    expect((second.error as Error).message).toBe('Invalid subscription type: trades')
    socket.send('{"type":"pong","timestamp":1}')
    await waitFor(() => pinged.isSettled, 'the pong')
    expect(frames).toEqual([
      { type: 'order_book', subscription_id: 'x', data: { bids: [[null, 1]], asks: [] }, timestamp: 1 },
    ])
    expect(stream.corrupt).toBe(1)
  })

  it('subscribes again after a loss, and drops what is refused then', async () => {
    const { server, stream, refused, connects } = await setUpStream()
    server.onMessage = (text, { socket }) => {
      const { action, type } = JSON.parse(text) as { action: string; type: string }
      if (action === 'unsubscribe') socket.send('{"type":"unsubscribed","subscription_id":"c"}')
      else if (server.clients.length > 1 && type === 'trades') socket.send('{"type":"error","message":"no"}')
      else socket.send(JSON.stringify({ type: 'subscribed', subscription_id: type }))
    }
    await stream.connect()
    await stream.subscribe(book)
    await stream.subscribe({ ...book, type: 'trades' })
    await stream.subscribe({ ...book, type: 'candles' })
    await stream.unsubscribe('candles')
    server.last.socket.terminate()
    await waitFor(() => connects() === 2, 'the second life')
    expect(server.last.received).toHaveLength(2)
    expect(refused).toEqual(['trades'])
  })

  it('takes silence of 70 s and an action without an answer for a dead socket', async () => {
    const { server, clock, stream } = await setUpStream()
    await stream.connect()
    await clock.advance(70_000)
    await waitFor(() => server.clients.length === 2 && stream.connected, 'the second socket')
    const action = watch(stream.ping())
    await waitFor(() => server.last.received.length === 1, 'the ping')
    await clock.advance(1_000)
    expect((action.error as Error).message).toContain('timed out after 1 seconds')
    const lost = watch(stream.ping())
    await clock.advance(6_000)
    await waitFor(() => server.clients.length === 3, 'the third socket')
    expect(lost.isSettled).toBe(true)
  })

  it('tells a wrong password from other refusals', async () => {
    const wrong = await setUpStream()
    wrong.setGreeting({ type: 'error', message: 'Authentication failed' })
    await expect(wrong.stream.connect()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    const busy = await setUpStream()
    busy.setGreeting({ type: 'error', message: 'Busy' })
    await expect(busy.stream.connect()).rejects.toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
  })

  it('is made by the client with its credentials', async () => {
    const { api, server } = await setUp({})
    const stream = api.createStream({ route: '/ws/executors', onFrame: () => undefined, random: new SeededRandom(1) })
    await expect(stream.connect()).rejects.toBeDefined()
    expect(server.seen).toMatchObject([{ url: '/ws/executors', headers: { upgrade: 'websocket' } }])
    await stream.close()
  })
})
