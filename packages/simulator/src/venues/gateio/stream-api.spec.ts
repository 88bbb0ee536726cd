import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type GateioBench, startGateioBench } from '../../testing/gateio-bench.js'
import { GateioClient } from '../../testing/gateio-client.js'
import type { Frame, StreamClient } from '../../testing/stream-client.js'
import type { GateioVenueOptions } from './create-gateio-venue.js'

let bench: GateioBench
let stream: StreamClient

async function start(options: GateioVenueOptions = {}): Promise<void> {
  bench = await startGateioBench(options)
  bench.quote('sell', 600_000, 10_000)
  bench.quote('buy', 599_900, 10_000)
  stream = await bench.client.connect()
}

beforeEach(() => start())

afterEach(async () => {
  stream.close()
  await bench.venue.close()
})

const ackOf =
  (channel: string, event = 'subscribe') =>
  (frame: Frame) =>
    frame['channel'] === channel && frame['event'] === event
const updateOf = (channel: string) => ackOf(channel, 'update')
const resultOf = (frame: Frame): Frame => frame['result'] as Frame
const itemOf = (frame: Frame): Frame => (frame['result'] as Frame[])[0]!

/** Subscribes and waits for the answer. */
async function subscribe(channel: string, payload: unknown, signed = false): Promise<Frame> {
  const before = stream.frames.length
  stream.send(bench.client.subscription(channel, payload, signed, 'subscribe', before + 1))
  return stream.frame((frame) => frame['id'] === before + 1, `the answer to ${channel}`)
}

const place = (more: Frame = {}) =>
  bench.client.call('POST', '/spot/orders', {
    text: 't-1',
    currency_pair: 'BTC_USDT',
    side: 'buy',
    amount: '0.01',
    price: '50000',
    ...more,
  })

describe('subscriptions', () => {
  it('are acknowledged with their id and payload', async () => {
    expect(await subscribe('spot.trades', ['BTC_USDT', 'ETH_USDT'])).toMatchObject({
      time: bench.clock.nowMs() / 1000,
      time_ms: bench.clock.nowMs(),
      event: 'subscribe',
      payload: ['BTC_USDT', 'ETH_USDT'],
      result: { status: 'success' },
    })
  })

  it('fail as a whole for one pair that is not listed', async () => {
    const answer = await subscribe('spot.trades', ['LUNARLENS_USDT', 'ETH_USDT'])
    expect(answer).toMatchObject({
      error: { code: 2, message: 'unknown currency pair: LUNARLENS_USDT' },
      result: { status: 'fail' },
    })
    expect(answer['requestId']).toBe(answer['trace_id'])
  })

  it.each([
    ['spot.nothing', ['BTC_USDT'], 'unknown channel spot.nothing'],
    ['spot.tickers', 'BTC_USDT', 'invalid payload: currency pairs expected'],
    ['spot.order_book_update', ['BTC_USDT', '1s'], 'invalid interval: 1s'],
    ['spot.order_book_update', ['NOPE_USDT', '20ms'], 'unknown currency pair: NOPE_USDT'],
    ['spot.order_book', ['BTC_USDT', '7', '100ms'], 'invalid level: 7'],
    ['spot.order_book', ['BTC_USDT', '5', '5ms'], 'invalid interval: 5ms'],
    ['spot.order_book', ['NOPE', '5', '100ms'], 'unknown currency pair: NOPE'],
    ['spot.obu', ['ob.BTC_USDT.7'], 'invalid order book: ob.BTC_USDT.7'],
    ['spot.obu', ['ob.NOPE_USDT.50'], 'unknown currency pair: NOPE_USDT'],
    ['spot.obu', [], 'invalid payload: order books expected'],
    ['spot.candlesticks', ['1s', 'BTC_USDT'], 'invalid interval: 1s'],
    ['spot.candlesticks', ['1m', 'NOPE_USDT'], 'unknown currency pair: NOPE_USDT'],
  ])('of %s with %o are refused', async (channel, payload, message) => {
    expect((await subscribe(channel, payload))['error']).toEqual({ code: 2, message })
    stream.send(bench.client.subscription(channel, payload, false, 'unsubscribe', 99))
    expect((await stream.frame(({ id }) => id === 99))['error']).toEqual({ code: 2, message })
  })

  it('are refused when the frame is no request', async () => {
    for (const text of ['{', '[]', '{"event":"subscribe"}']) stream.send(text)
    const answers = await stream.framesOf(({ result }) => result !== undefined, 3)
    expect(answers[0]).toMatchObject({ error: { code: 1, message: 'Invalid request body format' } })
    stream.send({ time: 1, channel: 'spot.trades', event: 'stare', id: 5 })
    expect((await stream.frame(({ id }) => id === 5))['error']).toEqual({ code: 2, message: 'unknown event stare' })
  })

  it('to private channels need a good signature', async () => {
    const frame = bench.client.subscription('spot.orders', ['!all'], true, 'subscribe', 1)
    const send = async (changed: Frame, id: number): Promise<unknown> => {
      stream.send({ ...frame, id, ...changed })
      return (await stream.frame((answer) => answer['id'] === id))['error']
    }
    expect(await send({ auth: { ...(frame['auth'] as Frame), KEY: 'x' } }, 11)).toEqual({
      code: 4,
      message: '{"label":"INVALID_KEY","message":"Invalid key provided"}\n',
    })
    expect(await send({ auth: undefined }, 12)).toMatchObject({ code: 4 })
    expect(await send({ time: 5 }, 13)).toMatchObject({ message: expect.stringContaining('REQUEST_EXPIRED') as string })
    expect(await send({ event: 'unsubscribe' }, 14)).toMatchObject({
      message: expect.stringContaining('INVALID_SIGNATURE') as string,
    })
    expect(await send({ payload: ['NOPE_USDT'] }, 15)).toEqual({ code: 2, message: 'unknown currency pair: NOPE_USDT' })
    expect(await send({}, 16)).toBeUndefined()
  })

  it('end when they are cancelled, each by its own', async () => {
    const cases: [string, unknown, boolean][] = [
      ['spot.trades', ['BTC_USDT'], false],
      ['spot.order_book_update', ['BTC_USDT', '20ms'], false],
      ['spot.candlesticks', ['10s', 'BTC_USDT'], false],
      ['spot.orders', ['BTC_USDT'], true],
      ['spot.usertrades', ['!all'], true],
      ['spot.balances', undefined, true],
      ['spot.cross_loan', undefined, true],
    ]
    for (const [channel, payload, signed] of cases) {
      expect(resultOf(await subscribe(channel, payload, signed))).toEqual({ status: 'success' })
      stream.send(bench.client.subscription(channel, payload, signed, 'unsubscribe'))
      expect(resultOf(await stream.frame(ackOf(channel, 'unsubscribe')))).toEqual({ status: 'success' })
    }
    await place({ price: '60000' })
    await bench.clock.advance(10_000)
    stream.send({ time: 1, channel: 'spot.ping' })
    await stream.frame(ackOf('spot.pong', ''))
    expect(stream.frames.filter(({ event }) => event === 'update')).toEqual([])
  })
})

describe('pings', () => {
  it('are answered, in the application and in the protocol', async () => {
    stream.send({ time: 1, channel: 'spot.ping' })
    expect(await stream.frame(ackOf('spot.pong', ''))).toEqual({
      time: bench.clock.nowMs() / 1000,
      time_ms: bench.clock.nowMs(),
      channel: 'spot.pong',
      event: '',
      error: null,
      result: null,
    })
    stream.socket.ping()
    await waitFor(() => stream.pongs === 1, 'a pong')
  })

  it('come from the venue too, and a client that stays silent is cut', async () => {
    await bench.clock.advance(20_000)
    await waitFor(() => stream.pings === 1, 'a ping')
    stream.socket.pause()
    await bench.clock.advance(80_000)
    await waitFor(() => bench.venue.sessions.size === 0, 'the end of the session')
  })
})

describe('order books', () => {
  it('change in frames that join each other and end in what REST shows', async () => {
    await subscribe('spot.order_book_update', ['BTC_USDT', '100ms'])
    const { body: snapshot } = await bench.client.call(
      'GET',
      '/spot/order_book?currency_pair=BTC_USDT&limit=100&with_id=true',
    )
    const orders = [bench.quote('sell', 600_100, 500), bench.quote('sell', 600_200, 600)]
    await bench.clock.advance(100)
    bench.venue.core.cancel(orders[0]!)
    bench.quote('buy', 599_950, 700)
    bench.quote('buy', 600_000, 4_000)
    await bench.clock.advance(250)
    const frames = (await stream.framesOf(updateOf('spot.order_book_update'), 2)).map(resultOf)
    expect(frames[0]).toMatchObject({
      U: Number(snapshot['id']) + 1,
      u: Number(snapshot['id']) + 2,
      l: '100',
      s: 'BTC_USDT',
      e: 'depthUpdate',
      b: [],
      a: [
        ['60010', '0.005'],
        ['60020', '0.006'],
      ],
    })
    expect(frames[0]).not.toHaveProperty('full')
    expect(frames[1]).toMatchObject({ U: Number(frames[0]!['u']) + 1, b: [['59995', '0.007']] })
    expect(frames[1]!['a']).toEqual([
      ['60000', '0.06'],
      ['60010', '0'],
    ])
    expect(frames[1]!['u']).toBe(bench.venue.truth().books['BTC/USDT']!.sequence)
    expect(frames).toHaveLength(2)
  })

  it('carry only the levels of their window, with those that enter and leave', async () => {
    for (let i = 1; i <= 19; i++) bench.quote('sell', 600_000 + i, 100)
    await subscribe('spot.order_book_update', ['BTC_USDT', '20ms'])
    bench.quote('sell', 600_050, 100)
    await bench.clock.advance(40)
    bench.quote('sell', 599_995, 100)
    await bench.clock.advance(20)
    const frame = resultOf(await stream.frame(updateOf('spot.order_book_update')))
    expect(frame['a']).toEqual([
      ['59999.5', '0.001'],
      ['60001.9', '0'],
    ])
    expect(Number(frame['u']) - Number(frame['U'])).toBe(1)
  })

  it('begin with a flagged whole window where that is chosen', async () => {
    stream.close()
    await bench.venue.close()
    await start({ firstBookFrame: 'full' })
    await subscribe('spot.order_book_update', ['BTC_USDT', '20ms'])
    const frame = resultOf(await stream.frame(updateOf('spot.order_book_update')))
    expect(frame).toMatchObject({
      full: true,
      U: 1_000_002,
      u: 1_000_002,
      a: [['60000', '0.1']],
      b: [['59990', '0.1']],
    })
  })

  it('come as one snapshot and exactly joining changes on obu', async () => {
    await subscribe('spot.obu', ['ob.BTC_USDT.50'])
    bench.quote('buy', 599_990, 100)
    await bench.clock.advance(20)
    const [full, change] = await stream.framesOf(
      (frame) => frame['channel'] === 'spot.obu' && frame['event'] === 'update',
      2,
    )
    expect(full).not.toHaveProperty('time')
    expect(full!['result']).toMatchObject({
      full: true,
      s: 'ob.BTC_USDT.50',
      u: 1_000_002,
      b: [['59990', '0.1']],
      a: [['60000', '0.1']],
    })
    expect(change!['result']).toEqual({
      t: expect.any(Number) as number,
      s: 'ob.BTC_USDT.50',
      U: 1_000_003,
      u: 1_000_003,
      b: [['59999', '0.001']],
    })
    expect((await subscribe('spot.obu', ['ob.BTC_USDT.50']))['error']).toEqual({
      code: 2,
      message: 'Alert sub ob.BTC_USDT.50',
    })
  })

  it('send the obu snapshot before the acknowledgement where that is chosen', async () => {
    stream.close()
    await bench.venue.close()
    await start({ obuSnapshotFirst: true })
    await subscribe('spot.obu', ['ob.BTC_USDT.400'])
    expect(stream.frames.map(({ event }) => event)).toEqual(['update', 'subscribe'])
  })

  it('come whole on order_book', async () => {
    await subscribe('spot.order_book', ['BTC_USDT', '5', '100ms'])
    bench.quote('sell', 600_100, 500)
    await bench.clock.advance(100)
    expect(resultOf(await stream.frame(updateOf('spot.order_book')))).toMatchObject({
      lastUpdateId: 1_000_003,
      l: '5',
      bids: [['59990', '0.1']],
      asks: [
        ['60000', '0.1'],
        ['60010', '0.005'],
      ],
    })
  })

  it('show their best prices on book_ticker, only when those change', async () => {
    await subscribe('spot.book_ticker', ['BTC_USDT'])
    bench.quote('sell', 600_100, 500)
    await bench.clock.advance(10)
    bench.quote('buy', 599_950, 300)
    await bench.clock.advance(10)
    bench.quote('buy', 590_000, 300)
    await bench.clock.advance(10)
    bench.quote('buy', 600_000, 10_000)
    bench.quote('buy', 600_100, 500)
    await bench.clock.advance(10)
    const frames = (await stream.framesOf(updateOf('spot.book_ticker'), 3)).map(resultOf)
    expect(frames[1]).toMatchObject({ s: 'BTC_USDT', u: 1_000_004, b: '59995', B: '0.003', a: '60000', A: '0.1' })
    expect(frames[2]).toMatchObject({ a: '', A: '' })
    expect(frames).toHaveLength(3)
  })
})

describe('a book that is held by the documented procedure', () => {
  it.each([
    ['spot.order_book_update', ['BTC_USDT', '100ms']],
    ['spot.order_book_update', ['BTC_USDT', '20ms']],
    ['spot.obu', ['ob.BTC_USDT.400']],
    ['spot.obu', ['ob.BTC_USDT.50']],
  ] as const)('is the true one after a lively market: %s %o', async (channel, payload) => {
    stream.close()
    await bench.venue.close()
    bench = await startGateioBench({ market: { kind: 'synthetic', volatility: 5, tradesPerSecond: 10 }, seed: 11 })
    stream = await bench.client.connect()
    await subscribe(channel, payload)
    await bench.clock.advance(60)
    const depth = channel === 'spot.obu' ? 400 : payload[1] === '20ms' ? 20 : 100
    const { body: snapshot } = await bench.client.call(
      'GET',
      `/spot/order_book?currency_pair=BTC_USDT&limit=${depth}&with_id=true`,
    )
    await bench.clock.advance(3_000)
    bench.venue.market.stop()
    await bench.clock.advance(100)
    stream.send({ time: 1, channel: 'spot.ping' })
    await stream.frame(ackOf('spot.pong', ''))
    const frames = stream.frames.filter(updateOf(channel)).map(resultOf)
    expect(frames.length).toBeGreaterThan(20)
    const held = channel === 'spot.obu' ? holdBook(undefined, frames) : holdBook(snapshot, frames)
    const truth = bench.venue.truth().books['BTC/USDT']!
    expect(held.bids.slice(0, depth)).toEqual(truth.bids.slice(0, depth))
    expect(held.asks.slice(0, depth)).toEqual(truth.asks.slice(0, depth))
    expect(Math.max(held.bids.length, held.asks.length)).toBeLessThanOrEqual(depth)
  })

  /** Applies frames to a snapshot (or to the first full frame) and insists that they join. */
  function holdBook(snapshot: Frame | undefined, frames: readonly Frame[]) {
    let id = snapshot === undefined ? 0 : Number(snapshot['id'])
    const sides = { b: new Map<string, string>(), a: new Map<string, string>() }
    const apply = (side: 'a' | 'b', rows: unknown): void => {
      for (const [price, amount] of (rows ?? []) as [string, string][])
        if (amount === '0') sides[side].delete(price)
        else sides[side].set(price, amount)
    }
    apply('b', snapshot?.['bids'])
    apply('a', snapshot?.['asks'])
    let isFirst = true
    for (const frame of frames) {
      const [first, last] = [Number(frame['U']), Number(frame['u'])]
      if (frame['full'] !== true && last <= id) continue
      if (frame['full'] !== true && isFirst && snapshot !== undefined) expect(first).toBeLessThanOrEqual(id + 1)
      else if (frame['full'] !== true) expect(first).toBe(id + 1)
      isFirst = false
      apply('b', frame['b'])
      apply('a', frame['a'])
      id = last
    }
    const sorted = (side: 'a' | 'b', sign: number): [string, string][] =>
      [...sides[side]].toSorted(([x], [y]) => (Number(x) - Number(y)) * sign)
    return { bids: sorted('b', -1), asks: sorted('a', 1) }
  }
})

describe('trades, tickers and candles', () => {
  it('follow each trade', async () => {
    await subscribe('spot.trades', ['BTC_USDT'])
    await subscribe('spot.tickers', ['BTC_USDT'])
    await subscribe('spot.candlesticks', ['10s', 'BTC_USDT'])
    bench.quote('buy', 600_000, 2_000)
    expect(resultOf(await stream.frame(updateOf('spot.trades')))).toEqual({
      id: 1_000_001,
      id_market: 1,
      create_time: bench.clock.nowMs() / 1000,
      create_time_ms: `${bench.clock.nowMs()}.000`,
      side: 'buy',
      currency_pair: 'BTC_USDT',
      amount: '0.02',
      price: '60000',
      range: '1-1',
    })
    const openS = String(Math.floor(bench.clock.nowMs() / 10_000) * 10)
    await bench.clock.advance(2_000)
    expect(resultOf(await stream.frame(updateOf('spot.tickers')))).toMatchObject({
      last: '60000',
      lowest_ask: '60000',
      highest_bid: '59990',
      base_volume: '0.02000',
    })
    expect(resultOf(await stream.frame(updateOf('spot.candlesticks')))).toEqual({
      t: openS,
      v: '1200.00000000',
      c: '60000',
      h: '60000',
      l: '60000',
      o: '60000',
      n: '10s_BTC_USDT',
      a: '0.02000',
      w: false,
    })
    await bench.clock.advance(10_000)
    bench.quote('buy', 600_000, 2_000)
    await bench.clock.advance(2_000)
    const candles = (await stream.framesOf(updateOf('spot.candlesticks'), 3)).map(resultOf)
    expect(candles.map(({ w }) => w)).toEqual([false, true, false])
  })
})

describe('private channels', () => {
  it('tell of an order: its fill first, then the stages of the order', async () => {
    for (const channel of ['spot.orders', 'spot.usertrades']) await subscribe(channel, ['BTC_USDT'], true)
    for (const channel of ['spot.orders_v2', 'spot.usertrades_v2']) await subscribe(channel, ['!all'], true)
    await subscribe('spot.priceorders', ['!all'], true)
    await place({ price: '60000', amount: '0.15' })
    const orders = (await stream.framesOf(updateOf('spot.orders'), 2)).map(itemOf)
    expect(orders.map(({ event, left, finish_as }) => [event, left, finish_as])).toEqual([
      ['put', '0.15', 'open'],
      ['update', '0.05', 'open'],
    ])
    expect(orders[1]).toMatchObject({
      user: 7001,
      filled_amount: '0.1',
      fee: '0.0001',
      fee_currency: 'BTC',
      text: 't-1',
    })
    expect(orders[1]).not.toHaveProperty('status')
    expect(typeof orders[1]!['create_time_ms']).toBe('string')
    expect(itemOf(await stream.frame(updateOf('spot.orders_v2')))).not.toHaveProperty('fee')
    expect(itemOf(await stream.frame(updateOf('spot.usertrades')))).toMatchObject({
      id: 1_000_001,
      user_id: 7001,
      side: 'buy',
      role: 'taker',
      amount: '0.1',
      price: '60000',
      fee: '0.0001',
      fee_currency: 'BTC',
    })
    expect(itemOf(await stream.frame(updateOf('spot.usertrades_v2')))).not.toHaveProperty('fee')
    const order = orders.at(-1)!
    await bench.client.call('DELETE', `/spot/orders/${String(order['id'])}?currency_pair=BTC_USDT`)
    const last = (await stream.framesOf(updateOf('spot.orders'), 3)).map(itemOf).at(-1)
    expect(last).toMatchObject({ event: 'finish', finish_as: 'cancelled', left: '0.05' })
    const fillAt = stream.frames.findIndex(updateOf('spot.usertrades'))
    const updateAt = stream.frames.findIndex(
      (frame) => frame['channel'] === 'spot.orders' && itemOf2(frame) === 'update',
    )
    expect(fillAt).toBeLessThan(updateAt)
  })

  const itemOf2 = (frame: Frame): unknown => (Array.isArray(frame['result']) ? itemOf(frame)['event'] : undefined)

  it('tell of every change of a balance, with the values after it', async () => {
    await subscribe('spot.balances', ['BTC_USDT'], true)
    await place()
    expect(itemOf(await stream.frame(updateOf('spot.balances')))).toEqual({
      timestamp: String(bench.clock.nowMs() / 1000),
      timestamp_ms: String(bench.clock.nowMs()),
      user: '7001',
      currency: 'USDT',
      change: '0',
      total: '10000',
      available: '9500',
      freeze: '500',
      freeze_change: '500',
      change_type: 'order-create',
    })
  })

  it('tell an account nothing of another', async () => {
    await subscribe('spot.orders', ['!all'], true)
    const keys = { apiKey: 'other-key', secret: 'other-secret', nowMs: () => bench.clock.nowMs() }
    const other = new GateioClient({ ...bench.address, ...keys })
    const order = { currency_pair: 'BTC_USDT', side: 'buy', amount: '0.001', price: '50000' }
    expect((await other.call('POST', '/spot/orders', order)).status).toBe(201)
    await place()
    const frames = await stream.framesOf(updateOf('spot.orders'), 1)
    expect(frames.map(itemOf).map(({ user }) => user)).toEqual([7001])
  })
})

describe('the WebSocket API', () => {
  const answerTo = (reqId: string, ack = false): Promise<Frame> =>
    stream.frame((frame) => frame['request_id'] === reqId && (frame['ack'] === true) === ack, `the answer to ${reqId}`)
  const headerOf = (frame: Frame): Frame => frame['header'] as Frame
  const dataOf = (frame: Frame): Frame => frame['data'] as Frame
  const order = { text: 't-ws', currency_pair: 'BTC_USDT', type: 'limit', side: 'buy', amount: '0.01', price: '50000' }
  let requests = 0

  async function ask(channel: string, param: unknown, header?: unknown): Promise<Frame> {
    const reqId = `r-${++requests}`
    stream.send(bench.client.request(channel, reqId, param, header))
    return answerTo(reqId)
  }

  async function login(): Promise<void> {
    stream.send(bench.client.login())
    await answerTo('login')
  }

  it('lets a key in, and refuses what comes before', async () => {
    const early = await ask('spot.order_place', order)
    expect(headerOf(early)).toMatchObject({ status: '400', channel: 'spot.order_place', event: 'api' })
    expect(dataOf(early)).toEqual({ errs: { label: 'AUTHENTICATION_FAILED', message: 'Not login' } })
    await login()
    expect(dataOf(await answerTo('login'))).toEqual({ result: { api_key: 'trade-key', uid: '7001' } })
    const bad = bench.client.login('bad')
    stream.send({ ...bad, payload: { ...(bad['payload'] as Frame), api_key: 'x' } })
    const refused = await answerTo('bad')
    expect([headerOf(refused)['status'], dataOf(refused)]).toEqual([
      '401',
      { errs: { label: 'INVALID_KEY', message: 'Invalid key provided' } },
    ])
    bench.venue.faults.add({ kind: 'session_expiry', scope: 'private' })
    expect(dataOf(await ask('spot.order_list', {}))).toMatchObject({ errs: { label: 'AUTHENTICATION_FAILED' } })
  })

  it('acknowledges a placement first, then answers it', async () => {
    await login()
    const answer = await ask('spot.order_place', order)
    const ack = await answerTo(`r-${requests}`, true)
    expect(dataOf(ack)).toEqual({
      result: {
        req_id: `r-${requests}`,
        req_header: null,
        req_param: order,
        api_key: '',
        timestamp: '',
        signature: '',
      },
    })
    expect(headerOf(ack)).toMatchObject({
      status: '200',
      x_gate_ratelimit_requests_remain: 9,
      x_gate_ratelimit_limit: 10,
      x_gat_ratelimit_reset_timestamp: bench.clock.nowMs(),
    })
    expect(dataOf(answer)['result']).toMatchObject({
      status: 'open',
      text: 't-ws',
      create_time_ms: bench.clock.nowMs(),
    })
    expect(stream.frames.indexOf(ack)).toBeLessThan(stream.frames.indexOf(answer))
    expect(dataOf(await ask('spot.order_place', { ...order, text: undefined }))['result']).toMatchObject({
      text: 'apiv4-ws',
    })
  })

  it('answers an order that is refused early without acknowledgement', async () => {
    await login()
    const small = await ask('spot.order_place', { ...order, amount: '0.00001' })
    expect(dataOf(small)).toEqual({
      errs: {
        label: 'INVALID_PARAM_VALUE',
        message: 'label: INVALID_PARAM_VALUE, message: Your order size 0.5 USDT is too small. The minimum is 3 USDT',
      },
    })
    expect(dataOf(await ask('spot.order_place', {}))).toEqual({
      errs: { label: 'INVALID_ARGUMENT', message: 'OrderPlace request params error' },
    })
    expect(dataOf(await ask('spot.order_place', undefined))).toMatchObject({ errs: { label: 'INVALID_ARGUMENT' } })
    expect(stream.frames.some(({ ack }) => ack === true)).toBe(false)
  })

  it('queries, amends, lists and cancels', async () => {
    await login()
    const placed = dataOf(await ask('spot.order_place', order))['result'] as Frame
    const reference = { order_id: placed['id'], currency_pair: 'BTC_USDT' }
    expect(dataOf(await ask('spot.order_status', reference))['result']).toMatchObject({ id: placed['id'] })
    expect(dataOf(await ask('spot.order_amend', { ...reference, price: '51000' }))['result']).toMatchObject({
      price: '51000',
    })
    const listing = { currency_pair: 'BTC_USDT', status: 'open' }
    expect(dataOf(await ask('spot.order_list', listing))['result']).toHaveLength(1)
    expect(dataOf(await ask('spot.order_cancel', reference))['result']).toMatchObject({ finish_as: 'cancelled' })
    const unknown = await ask('spot.order_amend', { order_id: '9', currency_pair: 'BTC_USDT', price: '1' })
    expect([headerOf(unknown)['status'], dataOf(unknown)]).toEqual([
      '404',
      { errs: { label: 'ORDER_NOT_FOUND', message: 'label: ORDER_NOT_FOUND, message: Order not found' } },
    ])
    const ids = [{ currency_pair: 'BTC_USDT', id: '9' }]
    expect(dataOf(await ask('spot.order_cancel_ids', ids))['result']).toMatchObject([{ succeeded: false }])
    const batch = [order, { ...order, text: 't-ws-2' }]
    expect(dataOf(await ask('spot.order_place', batch))['result']).toMatchObject([
      { succeeded: true },
      { succeeded: true },
    ])
    expect(dataOf(await ask('spot.order_cancel_cp', { currency_pair: 'BTC_USDT' }))['result']).toHaveLength(2)
    expect(dataOf(await ask('spot.order_fly', {}))).toMatchObject({ errs: { label: 'INVALID_ARGUMENT' } })
  })

  it('keeps its own limit, and hides what is zero', async () => {
    await login()
    for (let i = 0; i < 10; i++) await ask('spot.order_place', { ...order, amount: '0.001' })
    const refused = await ask('spot.order_place', order)
    expect(headerOf(refused)).toMatchObject({
      status: '429',
      x_gate_ratelimit_limit: 10,
      x_gate_ratelimit_reset_timestamp: bench.clock.nowMs() + 1_000,
    })
    expect(headerOf(refused)).not.toHaveProperty('x_gate_ratelimit_requests_remain')
    expect(dataOf(refused)).toEqual({
      errs: { label: 'TOO_MANY_REQUESTS', message: 'Request Rate limit Exceeded (211)' },
    })
    expect((await place()).status).toBe(201)
  })

  it('refuses what comes after its expiry', async () => {
    await login()
    const late = await ask('spot.order_place', order, { 'x-gate-exptime': String(bench.clock.nowMs() - 1) })
    expect(dataOf(late)).toMatchObject({ errs: { label: 'REQUEST_EXPIRED' } })
    const inTime = await ask('spot.order_place', order, { 'x-gate-exptime': String(bench.clock.nowMs()) })
    expect(headerOf(inTime)['status']).toBe('200')
  })

  it('takes faults by its own routes', async () => {
    await login()
    const { faults } = bench.venue
    faults.add({ kind: 'rate_limited', route: 'WS spot.order_place', count: 1 })
    expect(headerOf(await ask('spot.order_place', order))['status']).toBe('429')
    faults.add({ kind: 'error_before', route: 'WS spot.*', count: 1, status: 503 })
    expect(headerOf(await ask('spot.order_place', order))['status']).toBe('503')
    expect(bench.venue.truth().orders).toEqual([])
    faults.add({ kind: 'error_after', route: 'WS spot.*', count: 1 })
    expect(headerOf(await ask('spot.order_place', order))['status']).toBe('500')
    expect(bench.venue.truth().orders).toHaveLength(1)
    faults.add({ kind: 'lost_acknowledgement', route: 'WS spot.*', count: 1, mode: 'hang' })
    stream.send(bench.client.request('spot.order_place', 'hung', order))
    faults.add({ kind: 'request_delay', route: 'WS spot.*', count: 1, delayMs: 50, skip: 1 })
    faults.add({ kind: 'response_delay', route: 'WS spot.*', count: 1, delayMs: 50, skip: 1 })
    await waitFor(() => bench.venue.truth().orders.length === 2, 'the hung order')
    stream.send(bench.client.request('spot.order_place', 'slow', order))
    await waitFor(() => bench.venue.truth().requests['WS spot.order_place'] === 5, 'the slow request')
    expect(bench.venue.truth().orders).toHaveLength(2)
    await bench.clock.advance(50)
    expect(bench.venue.truth().orders).toHaveLength(3)
    await bench.clock.advance(50)
    await answerTo('slow')
    expect(stream.frames.some((frame) => frame['request_id'] === 'hung')).toBe(false)
    faults.add({ kind: 'lost_acknowledgement', route: 'WS spot.*', count: 1 })
    stream.send(bench.client.request('spot.order_place', 'cut', order))
    await waitFor(() => stream.isClosed, 'the cut')
    expect(bench.venue.truth().orders).toHaveLength(4)
    stream = await bench.client.connect()
    faults.add({ kind: 'request_drop', route: 'WS spot.*', count: 1 })
    stream.send(bench.client.login())
    await waitFor(() => stream.isClosed, 'the drop')
  })
})

describe('an upgrade', () => {
  it('is announced before the connections are closed', async () => {
    bench.venue.faults.add({ kind: 'maintenance' })
    await waitFor(() => stream.isClosed, 'the end of the connection')
    expect(resultOf(await stream.frame(updateOf('spot.system')))).toMatchObject({ type: 'upgrade' })
    await expect(bench.client.connect()).rejects.toThrow('503')
  })
})
