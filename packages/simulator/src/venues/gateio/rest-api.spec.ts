import { Decimal } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type GateioBench, startGateioBench } from '../../testing/gateio-bench.js'
import { type GateioAnswer, GateioClient } from '../../testing/gateio-client.js'
import type { Frame } from '../../testing/stream-client.js'

let bench: GateioBench

beforeEach(async () => {
  bench = await startGateioBench()
  bench.quote('sell', 600_100, 50_000)
  bench.quote('sell', 600_000, 10_000)
  bench.quote('buy', 599_900, 10_000)
  bench.quote('buy', 599_800, 50_000)
})

afterEach(() => bench.venue.close())

const limit = (more: Frame = {}): Frame => ({
  text: 't-1',
  currency_pair: 'BTC_USDT',
  type: 'limit',
  account: 'spot',
  side: 'buy',
  amount: '0.1',
  price: '50000',
  time_in_force: 'gtc',
  ...more,
})

const place = (more: Frame = {}): Promise<GateioAnswer> => bench.client.call('POST', '/spot/orders', limit(more))
const get = (path: string): Promise<GateioAnswer> => bench.client.call('GET', path)
const open = (path: string): Promise<GateioAnswer> => bench.client.call('GET', path, undefined, {}, false)
const rows = (answer: GateioAnswer): Frame[] => answer.body as unknown as Frame[]

describe('public calls', () => {
  it('show book, ticker, pairs, currencies, trades, candles and time', async () => {
    await place({ type: 'market', amount: '600', time_in_force: 'ioc' })
    expect((await open('/spot/time')).body).toEqual({ server_time: bench.clock.nowMs() })
    const book = await open('/spot/order_book?currency_pair=BTC_USDT&limit=1&with_id=true')
    expect(book.body).toMatchObject({ id: 1_000_005, asks: [['60000', '0.09']], bids: [['59990', '0.1']] })
    const wide = await open('/spot/order_book?currency_pair=BTC_USDT&interval=100')
    expect(wide.body).toMatchObject({
      asks: [
        ['60000', '0.09'],
        ['60100', '0.5'],
      ],
      bids: [['59900', '0.6']],
    })
    expect(wide.body).not.toHaveProperty('id')
    const [ticker] = rows(await open('/spot/tickers?currency_pair=BTC_USDT'))
    expect(ticker).toMatchObject({ last: '60000', lowest_ask: '60000', highest_bid: '59990', lowest_size: '0.09' })
    expect(rows(await open('/spot/tickers'))).toHaveLength(6)
    expect(rows(await open('/spot/currency_pairs'))).toHaveLength(6)
    expect((await open('/spot/currency_pairs/LUNC_USDT')).body).toMatchObject({
      precision: 8,
      amount_precision: 0,
      min_quote_amount: '3',
      trade_status: 'tradable',
    })
    expect(rows(await open('/spot/currencies')).map(({ currency }) => currency)).toContain('USDT')
    expect((await open('/spot/currencies/BTC')).body).toMatchObject({ chains: [{ name: 'BTC' }] })
    expect(rows(await open('/spot/trades?currency_pair=BTC_USDT'))).toMatchObject([
      { id: '1000001', side: 'buy', amount: '0.01', price: '60000', sequence_id: '1' },
    ])
    expect(rows(await open('/spot/trades?currency_pair=BTC_USDT&last_id=1000001'))).toEqual([])
    expect(rows(await open('/spot/trades?currency_pair=BTC_USDT&last_id=1000002&reverse=true'))).toHaveLength(1)
    const candles = await open('/spot/candlesticks?currency_pair=BTC_USDT&interval=1m&limit=5')
    const openS = String(Math.floor(bench.clock.nowMs() / 60_000) * 60)
    expect(candles.body).toEqual([[openS, '600.00000000', '60000', '60000', '60000', '60000', '0.01000', 'false']])
  })

  it('list other products as empty, so that whole-exchange clients load', async () => {
    for (const path of ['/margin/currency_pairs', '/futures/btc/contracts', '/options/underlyings'])
      expect((await open(path)).body).toEqual([])
  })

  it.each([
    ['/spot/order_book?currency_pair=NOPE_USDT', 'INVALID_CURRENCY', 'Invalid currency NOPE'],
    ['/spot/order_book?currency_pair=BTCUSD', 'INVALID_CURRENCY_PAIR', 'Invalid currency pair BTCUSD'],
    ['/spot/order_book', 'MISSING_REQUIRED_PARAM', 'Missing required parameter: currency_pair'],
    [
      '/spot/trades?currency_pair=BTC_USDT&limit=0',
      'INVALID_PARAM_VALUE',
      'Invalid request parameter `limit` value: 0',
    ],
    ['/spot/nothing', 'MISSING_REQUIRED_HEADER', 'Missing required header: Timestamp'],
    ['/spot/currencies/NOPE', 'INVALID_CURRENCY', 'Invalid currency NOPE'],
    ['/spot/currency_pairs/BTC_NOPE', 'INVALID_CURRENCY', 'Invalid currency NOPE'],
  ])('refuse %s as the venue does', async (path, label, message) => {
    const answer = await open(path)
    expect([answer.status, answer.body]).toEqual([400, { label, message }])
  })

  it('refuse candles that reach too far or mix limit and range', async () => {
    const path = '/spot/candlesticks?currency_pair=BTC_USDT&interval=1m'
    const nowS = Math.floor(bench.clock.nowMs() / 1000)
    expect((await open(`${path}&limit=5&from=${nowS}`)).body).toMatchObject({ label: 'INVALID_PARAM_VALUE' })
    expect((await open(`${path}&from=1`)).body['message']).toMatch(/^Candlestick too long ago/)
    expect((await open(`${path}&from=${nowS - 70_000}`)).body['message']).toMatch(/^Too many data points/)
    expect((await open(`${path}&from=${nowS}&to=${nowS - 1}`)).status).toBe(400)
    expect((await open(`${path}&interval=2m`)).status).toBe(400)
    expect((await open('/spot/order_book?currency_pair=BTC_USDT&interval=-1')).status).toBe(400)
  })

  it('say how much of the limit is left, and answer 429 beyond it', async () => {
    const first = await open('/spot/time')
    expect(first.headers.get('x-gate-ratelimit-limit')).toBe('200')
    expect(first.headers.get('x-gate-ratelimit-requests-remain')).toBe('199')
    expect(first.headers.get('x-gate-trace-id')).toMatch(/^[0-9a-f]{24,}$/)
    expect(Number(first.headers.get('x-in-time'))).toBe(bench.clock.nowMs() * 1000)
    for (let i = 0; i < 199; i++)
      bench.venue.limiter.take('ip:127.0.0.1:GET /spot/time', { limit: 200, windowMs: 10_000 })
    const last = await open('/spot/time')
    expect([last.status, last.body]).toEqual([
      429,
      { label: 'TOO_MANY_REQUESTS', message: 'Request rate limit exceeded' },
    ])
    expect(Number(last.headers.get('x-gate-ratelimit-reset-timestamp'))).toBe(bench.clock.nowMs() / 1000 + 10)
    expect((await open('/spot/tickers')).status).toBe(200)
    await bench.clock.advance(10_000)
    expect((await open('/spot/time')).status).toBe(200)
  })
})

describe('a new order', () => {
  it('is answered with 201 and everything about it', async () => {
    const { status, body } = await place()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      id: '640000000001',
      text: 't-1',
      amend_text: '-',
      status: 'open',
      finish_as: 'open',
      left: '0.1',
      filled_amount: '0',
      filled_total: '0',
      fee: '0',
      fee_currency: 'BTC',
      create_time_ms: bench.clock.nowMs(),
      create_time: String(bench.clock.nowMs() / 1000),
      stp_id: 0,
      stp_act: '-',
    })
    expect(rows(await get('/spot/accounts?currency=USDT'))).toEqual([
      { currency: 'USDT', available: '5000', locked: '5000', update_id: 2 },
    ])
  })

  it('is shortened as action_mode says', async () => {
    expect((await place({ action_mode: 'ACK' })).body).toEqual({ id: '640000000001', text: 't-1', amend_text: '-' })
    const result = (await place({ action_mode: 'RESULT' })).body
    expect(result).toHaveProperty('left')
    expect(result).not.toHaveProperty('fee')
  })

  it('takes its fee from what it receives', async () => {
    const { body } = await place({ price: '60000', amount: '0.15', time_in_force: 'ioc' })
    expect(body).toMatchObject({
      status: 'cancelled',
      finish_as: 'ioc',
      left: '0.05',
      filled_amount: '0.1',
      filled_total: '6000',
      fill_price: '6000',
      avg_deal_price: '60000',
      fee: '0.0001',
      fee_currency: 'BTC',
    })
  })

  it('spends quote money on a market buy and leaves what buys no more', async () => {
    const { body } = await place({ type: 'market', amount: '100.5', price: undefined, time_in_force: undefined })
    expect(body).toMatchObject({
      status: 'closed',
      finish_as: 'filled',
      amount: '100.5',
      price: '0',
      left: '0.3',
      filled_amount: '0.00167',
      time_in_force: 'ioc',
    })
    const { body: sold } = await place({ type: 'market', side: 'sell', amount: '0.5', time_in_force: 'fok' })
    expect(sold).toMatchObject({ status: 'closed', filled_amount: '0.5', fee_currency: 'USDT' })
  })

  it('ends a market order by slippage, a thin book or none', async () => {
    const market = { type: 'market', side: 'sell', time_in_force: 'ioc' }
    expect((await place({ ...market, amount: '0.5', slippage: '0.0001' })).body).toMatchObject({
      status: 'closed',
      finish_as: 'price_protect_cancelled',
      left: '0.4',
    })
    expect((await place({ ...market, amount: '0.6' })).body).toMatchObject({ finish_as: 'depth_not_enough' })
    expect((await place({ ...market, amount: '0.1' })).body).toMatchObject({
      status: 'cancelled',
      finish_as: 'trader_not_enough',
    })
  })

  it.each([
    [{ currency_pair: undefined }, 'MISSING_REQUIRED_PARAM', 'Missing required parameter: currency_pair'],
    [{ currency_pair: 'NOPE_USDT' }, 'INVALID_CURRENCY', 'Invalid currency NOPE'],
    [{ side: undefined }, 'MISSING_REQUIRED_PARAM', 'Missing required parameter: side'],
    [{ side: 'hold' }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `side` value: hold'],
    [{ amount: undefined }, 'MISSING_REQUIRED_PARAM', 'Missing required parameter: amount'],
    [{ price: '0' }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `price` value: 0'],
    [{ amount: '1e-2' }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `amount` value: 1e-2'],
    [{ amount: 1 }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `amount` value: 1'],
    [{ price: '50000.01' }, 'INVALID_PRECISION', 'Invalid price precision: at most 1 decimals'],
    [{ amount: '0.000001' }, 'INVALID_PRECISION', 'Invalid amount precision: at most 5 decimals'],
    [{ amount: '0.00001' }, 'INVALID_PARAM_VALUE', 'Your order size 0.5 USDT is too small. The minimum is 3 USDT'],
    [{ amount: '1000' }, 'AMOUNT_TOO_MUCH', 'The maximum is 5000000 USDT'],
    [{ amount: '1' }, 'BALANCE_NOT_ENOUGH', 'Not enough balance'],
    [{ price: '60000', time_in_force: 'poc' }, 'POC_FILL_IMMEDIATELY', 'POC order would be filled immediately'],
    [{ type: 'market' }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `time_in_force` value: gtc'],
    [{ text: 'mine' }, 'INVALID_CLIENT_ORDER_ID', 'Invalid text: mine'],
    [{ text: `t-${'x'.repeat(29)}` }, 'INVALID_CLIENT_ORDER_ID', `Invalid text: t-${'x'.repeat(29)}`],
    [{ account: 'margin' }, 'MARGIN_NOT_SUPPORTED', 'Account margin is not enabled'],
    [{ stp_act: 'cn' }, 'INVALID_PARAM_VALUE', 'stp_act needs a self-trade prevention group'],
    [{ iceberg: '0.01' }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `iceberg` value: 0.01'],
    [{ auto_borrow: true }, 'MARGIN_NOT_SUPPORTED', 'Borrowing is not enabled for this account'],
    [{ stop_loss: {} }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `stop_loss` value: {}'],
    [{ stop_profit: {} }, 'INVALID_PARAM_VALUE', 'Invalid request parameter `stop_profit` value: {}'],
    [
      { type: 'market', time_in_force: 'ioc', amount: '100', slippage: '2' },
      'INVALID_PARAM_VALUE',
      'Invalid request parameter `slippage` value: 2',
    ],
  ])('is refused when %o', async (more, label, message) => {
    const { status, body } = await place(more as Frame)
    expect([status, body]).toEqual([400, { label, message }])
    expect(bench.venue.truth().orders).toEqual([])
  })

  it('is refused when the body is no object, the pair is closed or the key only reads', async () => {
    for (const body of ['{', '[]', '1'])
      expect((await bench.client.call('POST', '/spot/orders', body)).body).toMatchObject({
        label: 'INVALID_REQUEST_BODY',
      })
    const reader = new GateioClient({
      ...bench.address,
      apiKey: 'read-key',
      secret: 'read-secret',
      nowMs: () => bench.clock.nowMs(),
    })
    expect((await reader.call('POST', '/spot/orders', limit())).body).toMatchObject({ label: 'READ_ONLY' })
    expect((await reader.call('GET', '/spot/open_orders')).status).toBe(200)
    bench.venue.core.symbols.get('BTC/USDT')!.tradable = false
    expect((await place()).body).toMatchObject({ label: 'INVALID_CURRENCY_PAIR' })
  })

  it('is refused when it comes after its expiry', async () => {
    const send = (expiry: string): Promise<GateioAnswer> =>
      bench.client.call('POST', '/spot/orders', limit(), { 'X-Gate-Exptime': expiry })
    const nowMs = bench.clock.nowMs()
    expect((await send(String(nowMs - 1))).body).toMatchObject({ label: 'REQUEST_EXPIRED' })
    expect((await send('soon')).status).toBe(400)
    expect((await send(String(nowMs))).status).toBe(201)
  })

  it('is limited to ten a second and pair', async () => {
    for (let i = 0; i < 10; i++) expect((await place({ amount: '0.001' })).status).toBe(201)
    expect((await place({ amount: '0.001' })).status).toBe(429)
    expect((await place({ currency_pair: 'ETH_USDT', amount: '0.01', price: '3000' })).status).toBe(201)
    expect(bench.venue.truth().rateWindows['uid:7001:place:BTC_USDT']).toEqual({ used: 10, limit: 10, refused: 1 })
    await bench.clock.advance(1_000)
    expect((await place({ amount: '0.001' })).status).toBe(201)
  })
})

describe('finding, amending and cancelling', () => {
  it('finds an order by id and by text, and nobody else does', async () => {
    const { body: order } = await place()
    const id = String(order['id'])
    expect((await get(`/spot/orders/${id}?currency_pair=BTC_USDT`)).body).toMatchObject({ id })
    expect((await get('/spot/orders/t-1?currency_pair=BTC_USDT')).body).toMatchObject({ id })
    expect((await get(`/spot/orders/${id}`)).body).toMatchObject({ label: 'MISSING_REQUIRED_PARAM' })
    expect((await get(`/spot/orders/${id}?currency_pair=ETH_USDT`)).status).toBe(404)
    expect((await get('/spot/orders/1?currency_pair=BTC_USDT')).body).toEqual({
      label: 'ORDER_NOT_FOUND',
      message: 'Order not found',
    })
    expect((await get('/spot/orders/t-2?currency_pair=BTC_USDT')).body).toEqual({
      label: 'CLIENT_ID_NOT_FOUND',
      message: 'Order with client ID t-2 not found',
    })
    const keys = { apiKey: 'other-key', secret: 'other-secret', nowMs: () => bench.clock.nowMs() }
    const other = new GateioClient({ ...bench.address, ...keys })
    expect((await other.call('GET', `/spot/orders/${id}?currency_pair=BTC_USDT`)).status).toBe(404)
  })

  it('forgets an unfilled cancelled order after a minute, and a text an hour after the end', async () => {
    const { body: order } = await place()
    await bench.client.call('DELETE', `/spot/orders/${String(order['id'])}?currency_pair=BTC_USDT`)
    expect((await get(`/spot/orders/${String(order['id'])}`)).body).toMatchObject({ status: 'cancelled' })
    await place({ text: 't-2', price: '60000' })
    await bench.clock.advance(61_000)
    expect((await get(`/spot/orders/${String(order['id'])}`)).status).toBe(404)
    expect((await get('/spot/orders/t-2')).status).toBe(200)
    await bench.clock.advance(3_600_000)
    expect((await get('/spot/orders/t-2')).status).toBe(404)
  })

  it('amends by id or text, by body or query', async () => {
    const { body: order } = await place()
    const path = `/spot/orders/${String(order['id'])}`
    const patch = (to: string, body?: Frame): Promise<GateioAnswer> => bench.client.call('PATCH', to, body)
    expect(
      (await patch(`${path}?currency_pair=BTC_USDT&account=spot`, { amount: '0.05', amend_text: 'less' })).body,
    ).toMatchObject({
      amount: '0.05',
      left: '0.05',
      amend_text: 'less',
    })
    expect((await patch('/spot/orders/t-1', { currency_pair: 'BTC_USDT', price: '51000' })).body).toMatchObject({
      price: '51000',
    })
    expect((await patch(`${path}?currency_pair=BTC_USDT`, { price: '51000' })).body).toMatchObject({
      label: 'NO_CHANGE',
    })
    expect((await patch(`${path}?currency_pair=BTC_USDT`)).body).toMatchObject({ label: 'MISSING_REQUIRED_PARAM' })
    expect((await patch(`${path}?currency_pair=ETH_USDT`, { price: '1' })).status).toBe(404)
    expect((await patch(`${path}?currency_pair=BTC_USDT`, { amount: '10' })).body).toMatchObject({
      label: 'BALANCE_NOT_ENOUGH',
    })
    const filled = await patch(`${path}?currency_pair=BTC_USDT`, { price: '60000' })
    expect(filled.body).toMatchObject({ status: 'closed', filled_total: '3000' })
    expect((await patch(`${path}?currency_pair=BTC_USDT`, { price: '1' })).body).toMatchObject({
      label: 'ORDER_CLOSED',
    })
    const { body: poc } = await place({ text: 't-3', time_in_force: 'poc' })
    const crossing = await patch(`/spot/orders/${String(poc['id'])}?currency_pair=BTC_USDT`, { price: '60000' })
    expect(crossing.body).toMatchObject({ label: 'POC_FILL_IMMEDIATELY' })
  })

  it('cancels once, and says how the order ended afterwards', async () => {
    const { body: order } = await place()
    const path = `/spot/orders/${String(order['id'])}?currency_pair=BTC_USDT`
    expect((await bench.client.call('DELETE', path)).body).toMatchObject({
      status: 'cancelled',
      finish_as: 'cancelled',
    })
    expect((await bench.client.call('DELETE', path)).body).toMatchObject({ label: 'ORDER_CANCELLED' })
    expect((await bench.client.call('DELETE', '/spot/orders/9?currency_pair=BTC_USDT')).status).toBe(404)
    expect(bench.venue.truth().accounts['trader']!['USDT']).toEqual({ free: '10000', locked: '0' })
  })

  it('cancels all, of one pair or side when told', async () => {
    await place({ text: 't-1', amount: '0.01' })
    await place({ text: 't-2', amount: '0.01', side: 'sell', price: '70000' })
    await place({ text: 't-3', currency_pair: 'ETH_USDT', amount: '0.1', price: '3000' })
    const cancel = async (query: string): Promise<unknown[]> =>
      rows(await bench.client.call('DELETE', `/spot/orders${query}`)).map(({ text }) => text)
    expect(await cancel('?currency_pair=BTC_USDT&side=sell')).toEqual(['t-2'])
    expect(await cancel('?currency_pair=BTC_USDT')).toEqual(['t-1'])
    expect(await cancel('')).toEqual(['t-3'])
    expect(await cancel('')).toEqual([])
  })

  it('places, amends and cancels in batches, item by item', async () => {
    const batch = await bench.client.call('POST', '/spot/batch_orders', [
      limit({ text: 't-1', amount: '0.01' }),
      limit({ text: 't-2', amount: '100' }),
    ])
    expect(batch.status).toBe(200)
    const [first, second] = rows(batch)
    expect(first).toMatchObject({ succeeded: true, label: '', order_id: first!['id'], status: 'open' })
    expect(second).toEqual({
      text: 't-2',
      succeeded: false,
      label: 'BALANCE_NOT_ENOUGH',
      message: 'Not enough balance',
    })
    const id = String(first!['id'])
    const pair = { currency_pair: 'BTC_USDT' }
    const amended = await bench.client.call('POST', '/spot/amend_batch_orders', [
      { ...pair, order_id: '9', price: '1' },
      { ...pair, order_id: id, price: '51000' },
    ])
    expect(rows(amended)).toMatchObject([
      { order_id: '9', succeeded: false, label: 'ORDER_NOT_FOUND' },
      { order_id: id, succeeded: true, price: '51000' },
    ])
    const cancelled = await bench.client.call('POST', '/spot/cancel_batch_orders', [
      { ...pair, id: '123' },
      { ...pair, id: 't-1' },
    ])
    expect(cancelled.body).toEqual([
      { ...pair, id: '123', succeeded: false, label: 'ORDER_NOT_FOUND', message: 'Order not found' },
      { ...pair, id, text: 't-1', succeeded: true, label: null, message: null },
    ])
  })

  it('refuses whole batches that break a rule', async () => {
    const label = async (path: string, body: unknown): Promise<unknown> =>
      (await bench.client.call('POST', path, body)).body['label']
    const many = (count: number, more: (i: number) => Frame): Frame[] =>
      Array.from({ length: count }, (_, i) => limit({ text: `t-${i}`, ...more(i) }))
    const path = '/spot/batch_orders'
    expect(
      await label(
        path,
        many(1, () => ({ text: undefined })),
      ),
    ).toBe('MISSING_REQUIRED_PARAM')
    expect(
      await label(
        path,
        many(11, () => ({})),
      ),
    ).toBe('TOO_MANY_ORDERS')
    expect(
      await label(
        path,
        many(5, (i) => ({ currency_pair: `P${i}_USDT` })),
      ),
    ).toBe('TOO_MANY_CURRENCY_PAIRS')
    expect(
      await label(
        path,
        many(2, (i) => (i === 0 ? {} : { account: 'margin' })),
      ),
    ).toBe('MIXED_ACCOUNT_TYPE')
    expect(await label(path, { no: 'list' })).toBe('INVALID_REQUEST_BODY')
    expect(
      await label(
        '/spot/amend_batch_orders',
        many(6, () => ({})),
      ),
    ).toBe('TOO_MANY_ORDERS')
    const cancels = many(21, () => ({ id: '1' }))
    expect(await label('/spot/cancel_batch_orders', cancels)).toBe('TOO_MANY_ORDERS')
    expect(await label('/spot/cancel_batch_orders', [{ currency_pair: 'BTC_USDT' }])).toBe('MISSING_REQUIRED_PARAM')
  })

  it('limits the items of a batch one by one', async () => {
    const orders = Array.from({ length: 6 }, (_, i) => limit({ text: `t-${i}`, amount: '0.001' }))
    await bench.client.call('POST', '/spot/batch_orders', orders)
    const again = rows(await bench.client.call('POST', '/spot/batch_orders', orders))
    expect(again.map(({ succeeded }) => succeeded)).toEqual([true, true, true, true, false, false])
    expect(again[5]).toMatchObject({ label: 'TOO_MANY_REQUESTS' })
  })

  it('lists open and finished orders, newest first, page by page', async () => {
    for (const text of ['t-1', 't-2', 't-3']) await place({ text, amount: '0.01' })
    await place({ text: 't-4', price: '60000', amount: '0.01' })
    const texts = async (query: string): Promise<unknown[]> =>
      rows(await get(`/spot/orders?${query}`)).map(({ text }) => text)
    expect(await texts('currency_pair=BTC_USDT&status=open')).toEqual(['t-3', 't-2', 't-1'])
    expect(await texts('currency_pair=BTC_USDT&status=open&limit=2&page=2')).toEqual(['t-1'])
    expect(await texts('status=finished&side=buy')).toEqual(['t-4'])
    expect(await texts('status=finished&side=sell')).toEqual([])
    const nowS = bench.clock.nowMs() / 1000
    expect(await texts(`status=finished&from=${nowS}&to=${nowS}`)).toEqual(['t-4'])
    expect(await texts(`status=finished&from=${nowS + 1}`)).toEqual([])
    expect((await get('/spot/orders?status=open')).body).toMatchObject({ label: 'MISSING_REQUIRED_PARAM' })
    expect((await get('/spot/orders?status=some')).body).toMatchObject({ label: 'INVALID_PARAM_VALUE' })
    expect((await get('/spot/orders?status=finished&page=9999')).status).toBe(400)
    expect(rows(await get('/spot/open_orders'))).toMatchObject([{ currency_pair: 'BTC_USDT', total: 3 }])
    expect(rows(await get('/spot/open_orders?page=2'))).toEqual([])
  })
})

describe('account calls', () => {
  it('list own fills with every number as text', async () => {
    const { body: order } = await place({ price: '60000', amount: '0.1' })
    const id = String(order['id'])
    const [fill] = rows(await get('/spot/my_trades?currency_pair=BTC_USDT'))
    expect(fill).toMatchObject({
      order_id: id,
      role: 'taker',
      amount: '0.1',
      price: '60000',
      fee: '0.0001',
      fee_currency: 'BTC',
      deal: '6000',
      text: 't-1',
    })
    expect(Object.values(fill!).every((value) => typeof value === 'string')).toBe(true)
    expect(rows(await get(`/spot/my_trades?currency_pair=BTC_USDT&order_id=${id}`))).toHaveLength(1)
    expect(rows(await get('/spot/my_trades?currency_pair=BTC_USDT&order_id=1'))).toEqual([])
    expect((await get(`/spot/my_trades?order_id=${id}`)).body).toMatchObject({ label: 'MISSING_REQUIRED_PARAM' })
    expect((await get('/spot/my_trades?from=1')).body).toMatchObject({ label: 'INVALID_PARAM_VALUE' })
  })

  it('keep a book of every change of a total', async () => {
    const { accounts } = bench.venue.core
    accounts.deposit(accounts.get('trader'), 'BTC', Decimal.one)
    await place({ price: '60000', amount: '0.1' })
    const entries = rows(await get('/spot/account_book?currency=BTC'))
    expect(entries.map(({ change, balance, type }) => [change, balance, type])).toEqual([
      ['-0.0001', '2.0999', 'order_fee'],
      ['0.1', '2.1', 'order_match'],
      ['1', '2', 'deposit'],
    ])
    expect(rows(await get('/spot/account_book?currency=BTC&type=deposit'))).toHaveLength(1)
  })

  it('show fees, account and keys', async () => {
    expect((await get('/wallet/fee')).body).toMatchObject({ user_id: 7001, taker_fee: '0.001', maker_fee: '0.001' })
    expect((await get('/spot/fee?currency_pair=ETH_USDT')).body).toMatchObject({ taker_fee: '0.001' })
    expect(Object.keys((await get('/spot/batch_fee?currency_pairs=BTC_USDT,ETH_USDT')).body)).toEqual([
      'BTC_USDT',
      'ETH_USDT',
    ])
    expect((await get('/spot/batch_fee')).body).toMatchObject({ label: 'MISSING_REQUIRED_PARAM' })
    const many = Array.from({ length: 51 }, () => 'BTC_USDT').join(',')
    expect((await get(`/spot/batch_fee?currency_pairs=${many}`)).status).toBe(400)
    expect((await get('/account/detail')).body).toMatchObject({ user_id: 7001, key: { mode: 1 } })
    expect(rows(await get('/spot/accounts'))).toHaveLength(3)
  })

  it('know no other paths and methods', async () => {
    expect((await get('/spot/nothing')).body).toMatchObject({ label: 'NOT_FOUND' })
    expect((await bench.client.call('POST', '/spot/time')).status).toBe(405)
    const outside = await fetch(`${bench.address.origin}/elsewhere`)
    expect(outside.status).toBe(404)
  })

  it('cancel everything when the countdown is not wound up again', async () => {
    const wind = (body: Frame): Promise<GateioAnswer> => bench.client.call('POST', '/spot/countdown_cancel_all', body)
    await place({ text: 't-1', amount: '0.01' })
    await place({ text: 't-2', amount: '0.01', currency_pair: 'ETH_USDT', price: '3000' })
    const { body } = await wind({ timeout: 5, currency_pair: 'BTC_USDT' })
    expect(body).toEqual({ triggerTime: String(bench.clock.nowMs() + 5_000) })
    await bench.clock.advance(4_000)
    await wind({ timeout: 5, currency_pair: 'BTC_USDT' })
    await bench.clock.advance(4_000)
    expect(bench.venue.truth().openOrderIds).toHaveLength(2)
    await bench.clock.advance(1_000)
    expect(bench.venue.truth().openOrderIds).toHaveLength(1)
    await wind({ timeout: 5 })
    expect((await wind({ timeout: 0 })).body).toEqual({ triggerTime: '0' })
    await bench.clock.advance(10_000)
    expect(bench.venue.truth().openOrderIds).toHaveLength(1)
    expect((await wind({ timeout: 3 })).body).toMatchObject({ label: 'INVALID_PARAM_VALUE' })
    expect((await wind({})).body).toMatchObject({ label: 'MISSING_REQUIRED_PARAM' })
  })
})

describe('price-triggered orders', () => {
  const trigger = (more: Frame = {}): Frame => ({
    market: 'BTC_USDT',
    trigger: { price: '60000', rule: '>=', expiration: 60 },
    put: { type: 'limit', side: 'buy', price: '50000', amount: '0.01', account: 'normal', time_in_force: 'gtc' },
    ...more,
  })
  const create = (more?: Frame): Promise<GateioAnswer> => bench.client.call('POST', '/spot/price_orders', trigger(more))

  it('send their order when the price is reached', async () => {
    const created = await create()
    expect([created.status, created.body]).toEqual([201, { id: 1 }])
    expect((await get('/spot/price_orders?status=open')).body).toMatchObject([{ id: 1, status: 'open' }])
    await place({ price: '60000', amount: '0.001' })
    await bench.clock.advance(1)
    const { body } = await get('/spot/price_orders/1')
    expect(body).toMatchObject({ status: 'finish', put: { account: 'normal', price: '50000' } })
    expect(bench.venue.truth().openOrderIds).toEqual([String(body['fired_order_id'])])
  })

  it('fail, expire and cancel', async () => {
    await create({ put: { type: 'limit', side: 'buy', price: '50000', amount: '5' } })
    await create({ trigger: { price: '1', rule: '<=' } })
    await create()
    expect((await bench.client.call('DELETE', '/spot/price_orders/3')).body).toMatchObject({ status: 'cancelled' })
    expect((await bench.client.call('DELETE', '/spot/price_orders/3')).body).toMatchObject({ label: 'ORDER_FINISHED' })
    await place({ price: '60000', amount: '0.001' })
    await bench.clock.advance(1)
    expect((await get('/spot/price_orders/1')).body).toMatchObject({ status: 'failed', reason: 'Not enough balance' })
    expect(rows(await bench.client.call('DELETE', '/spot/price_orders?market=BTC_USDT'))).toMatchObject([{ id: 2 }])
    await create()
    await bench.clock.advance(61_000)
    await place({ price: '60000', amount: '0.001' })
    expect((await get('/spot/price_orders/4')).body).toMatchObject({ status: 'expired' })
    expect((await get('/spot/price_orders?status=finished&limit=2')).body).toMatchObject([{ id: 4 }, { id: 3 }])
    expect((await get('/spot/price_orders?status=x')).status).toBe(400)
    expect((await get('/spot/price_orders/9')).status).toBe(404)
    expect((await create({ trigger: undefined })).status).toBe(400)
    expect((await create({ put: { account: 'margin' } })).status).toBe(400)
  })
})

describe('self-trade prevention', () => {
  it.each([
    ['cn', 'cancelled', 'stp', 'open'],
    ['co', 'open', 'open', 'stp'],
    ['cb', 'cancelled', 'stp', 'stp'],
    ['-', 'closed', 'filled', 'filled'],
  ])('does what stp_act %s says inside a group', async (action, status, finish, resting) => {
    await bench.venue.close()
    bench = await startGateioBench({ stpGroup: 4 })
    await place({ side: 'sell', price: '60000', amount: '0.1' })
    const { body } = await place({ price: '60000', amount: '0.1', stp_act: action })
    expect(body).toMatchObject({ status, finish_as: finish, stp_id: 4, stp_act: action })
    expect((await get('/spot/orders/640000000001?currency_pair=BTC_USDT')).body).toMatchObject({ finish_as: resting })
  })
})
