import { request as httpRequest } from 'node:http'

import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { FaultRule } from '../faults/fault-rule.js'
import { type GateioBench, startGateioBench } from '../testing/gateio-bench.js'
import type { Frame, StreamClient } from '../testing/stream-client.js'

let bench: GateioBench
const streams: StreamClient[] = []

beforeEach(async () => {
  bench = await startGateioBench()
  bench.quote('sell', 600_000, 10_000)
  bench.quote('buy', 599_900, 10_000)
})

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close()
  await bench.venue.close()
})

const add = (rule: FaultRule): string => bench.venue.faults.add(rule)
const order = { text: 't-1', currency_pair: 'BTC_USDT', side: 'buy', amount: '0.01', price: '50000' }
const place = (more: Frame = {}) => bench.client.call('POST', '/spot/orders', { ...order, ...more })
const time = () => bench.client.call('GET', '/spot/time', undefined, {}, false)
const orders = () => bench.venue.truth().orders

async function connect(): Promise<StreamClient> {
  const stream = await bench.client.connect()
  streams.push(stream)
  return stream
}

async function watchTrades(): Promise<StreamClient> {
  const stream = await connect()
  stream.send(bench.client.subscription('spot.trades', ['BTC_USDT']))
  await stream.frame(({ event }) => event === 'subscribe')
  return stream
}

/** Makes one public trade. */
const trade = (): void => void bench.quote('buy', 600_000, 10)
const tradeIds = (stream: StreamClient): unknown[] =>
  stream.frames.filter(({ event }) => event === 'update').map(({ result }) => (result as Frame)['id'])

/** Everything sent so far has arrived when this resolves. */
async function settle(stream: StreamClient): Promise<void> {
  const before = stream.frames.filter(({ channel }) => channel === 'spot.pong').length
  stream.send({ time: 1, channel: 'spot.ping' })
  await stream.framesOf(({ channel }) => channel === 'spot.pong', before + 1)
}

describe('faults of requests', () => {
  it('refuse with 429 and Retry-After, for as long as the rule counts', async () => {
    const id = add({ kind: 'rate_limited', route: 'POST */spot/orders', count: 2, retryAfterS: 3 })
    const answer = await place()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
    expect((await time()).status).toBe(200)
    expect((await place()).status).toBe(429)
    expect((await place()).status).toBe(201)
    expect(bench.venue.faults.rules).toEqual([expect.objectContaining({ id, injected: 2, retired: true })])
    expect(bench.venue.truth().faults.injected).toEqual({ rate_limited: 2 })
  })

  it('answer 5xx before acting, or after', async () => {
    add({ kind: 'error_before', route: 'POST *', count: 1 })
    expect((await place()).body).toEqual({ label: 'TOO_BUSY', message: 'Service is busy' })
    expect(orders()).toHaveLength(0)
    add({ kind: 'error_after', route: 'POST *', count: 1, status: 500 })
    expect((await place()).body).toMatchObject({ label: 'SERVER_ERROR' })
    expect(orders()).toHaveLength(1)
    add({ kind: 'error_before', count: 1, status: 502, mode: 'html' })
    const page = await fetch(`${bench.address.rest}/spot/time`)
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html'])
  })

  it('lose an acknowledgement: cut after acting, or never answered', async () => {
    add({ kind: 'lost_acknowledgement', route: 'POST *', count: 1 })
    await expect(place()).rejects.toThrow('fetch failed')
    expect(orders()).toHaveLength(1)
    add({ kind: 'lost_acknowledgement', route: 'POST *', count: 1, mode: 'hang' })
    const hung = place()
    hung.catch(() => undefined)
    await waitFor(() => orders().length === 2, 'the second order')
    await bench.venue.close()
    await expect(hung).rejects.toThrow('fetch failed')
  })

  it('drop a request without acting, and truncate an answer', async () => {
    add({ kind: 'request_drop', route: 'POST *', count: 1 })
    await expect(place()).rejects.toThrow('fetch failed')
    expect(orders()).toHaveLength(0)
    add({ kind: 'response_truncate', count: 1 })
    await expect(time()).rejects.toThrow(/terminated/)
  })

  it.each([
    ['empty', 200, ''],
    ['no_content', 204, ''],
    ['html', 200, '<html><body>Please wait.</body></html>'],
    ['redirect', 302, ''],
    ['half', 200, '{"server_t'],
    ['null', 200, 'null'],
    ['object', 200, '{}'],
    ['list', 200, '[]'],
  ] as const)('answer %s in the place of what was done', async (mode, status, body) => {
    add({ kind: 'strange_answer', mode, count: 1 })
    const answer = await fetch(`${bench.address.rest}/spot/time`, { redirect: 'manual' })
    expect(answer.status).toBe(status)
    expect((await answer.text()).slice(0, 10)).toBe(body.slice(0, 10))
  })

  it('pack an answer though nobody asked for it', async () => {
    add({ kind: 'strange_answer', mode: 'gzip', count: 1 })
    const answer = await fetch(`${bench.address.rest}/spot/time`)
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(await answer.json()).toHaveProperty('server_time')
  })

  it('delay a request, or its answer', async () => {
    add({ kind: 'request_delay', route: 'POST *', count: 1, delayMs: 40 })
    add({ kind: 'response_delay', route: 'POST *', count: 1, delayMs: 60 })
    let answered = false
    const answer = place().then(({ status }) => {
      answered = true
      return status
    })
    await waitFor(() => bench.clock.pendingTimers > 1, 'the delay')
    expect(orders()).toHaveLength(0)
    await bench.clock.advance(40)
    await waitFor(() => orders().length === 1, 'the order')
    expect(answered).toBe(false)
    await bench.clock.advance(60)
    expect(await answer).toBe(201)
  })

  it('serve what was served before', async () => {
    const book = () =>
      bench.client.call('GET', '/spot/order_book?currency_pair=BTC_USDT&with_id=true', undefined, {}, false)
    const { body: before } = await book()
    trade()
    add({ kind: 'stale_response', route: 'GET */order_book', count: 1 })
    expect((await book()).body).toEqual(before)
    expect((await book()).body['id']).not.toBe(before['id'])
  })

  it('reach one key alone when told', async () => {
    add({ kind: 'rate_limited', apiKey: 'other-key' })
    expect((await place()).status).toBe(201)
    add({ kind: 'rate_limited', apiKey: 'trade-key' })
    expect((await place()).status).toBe(429)
  })

  it('put the venue ahead of the client', async () => {
    add({ kind: 'clock_skew', offsetMs: 61_000, durationMs: 5_000 })
    expect((await time()).body).toEqual({ server_time: bench.clock.nowMs() + 61_000 })
    expect((await place()).body).toMatchObject({ label: 'REQUEST_EXPIRED' })
    await bench.clock.advance(5_000)
    expect((await place()).status).toBe(201)
  })

  it('close the venue for maintenance', async () => {
    const id = add({ kind: 'maintenance' })
    expect((await time()).status).toBe(503)
    bench.venue.faults.remove(id)
    expect((await time()).status).toBe(200)
  })

  it('answer 413 to a body without end, and 500 to a bug', async () => {
    const big = await fetch(`${bench.address.rest}/spot/orders`, { method: 'POST', body: 'x'.repeat(1_100_000) }).catch(
      () => undefined,
    )
    expect(big?.status ?? 413).toBe(413)
    bench.venue.core.symbols.delete('ETH/USDT')
    bench.venue.core.engine = () => {
      throw new Error('a bug')
    }
    expect((await bench.client.call('GET', '/spot/tickers')).status).toBe(500)
  })
})

describe('faults of orders', () => {
  it('fill late: accepted, off the book, then matched', async () => {
    add({ kind: 'late_fill', symbol: 'BTC/USDT', count: 1, delayMs: 300 })
    expect((await place({ price: '60000' })).body).toMatchObject({ status: 'open', filled_amount: '0' })
    expect(orders()[0]).toMatchObject({ parked: true, locked: '600' })
    await bench.clock.advance(300)
    expect(orders()[0]).toMatchObject({ status: 'filled', parked: false, filledQuantity: '0.01' })
  })

  it('can be cancelled and amended while they are late', async () => {
    add({ kind: 'late_fill', delayMs: 300 })
    const { body } = await place({ price: '60000' })
    const path = `/spot/orders/${String(body['id'])}?currency_pair=BTC_USDT`
    expect((await bench.client.call('PATCH', path, { price: '60001' })).body).toMatchObject({ price: '60001' })
    expect((await bench.client.call('DELETE', path)).body).toMatchObject({ finish_as: 'cancelled' })
    await bench.clock.advance(300)
    expect(orders()[0]).toMatchObject({ status: 'cancelled', filledQuantity: '0', locked: '0' })
  })

  it('are refused after they were acknowledged', async () => {
    add({ kind: 'late_refusal', apiKey: 'trade-key', count: 1 })
    expect((await place({ price: '60000' })).body).toMatchObject({ status: 'open' })
    await bench.clock.advance(500)
    expect(orders()[0]).toMatchObject({ status: 'cancelled', endReason: 'refused_late', filledQuantity: '0' })
    expect(bench.venue.truth().accounts['trader']!['USDT']).toEqual({ free: '10000', locked: '0' })
  })

  it('fill in the moment in which they are cancelled, whole or in part', async () => {
    const cancel = async (fraction?: number) => {
      add({ kind: 'cancel_race', count: 1, ...(fraction !== undefined && { fraction }) })
      const { body } = await place()
      return bench.client.call('DELETE', `/spot/orders/${String(body['id'])}?currency_pair=BTC_USDT`)
    }
    expect((await cancel()).body).toMatchObject({ label: 'ORDER_CLOSED' })
    expect((await cancel(0.4)).body).toMatchObject({ status: 'cancelled', filled_amount: '0.004', left: '0.006' })
    expect(orders().map(({ status, filledQuantity }) => [status, filledQuantity])).toEqual([
      ['filled', '0.01'],
      ['cancelled', '0.004'],
    ])
    expect(Object.values(bench.venue.truth().sums)).toEqual(['0', '0', '0'])
  })
})

describe('faults of streams', () => {
  it('drop, repeat and cut single frames', async () => {
    const stream = await watchTrades()
    add({ kind: 'drop', channel: 'spot.trades', skip: 1, count: 1 })
    for (let i = 0; i < 3; i++) trade()
    await settle(stream)
    expect(tradeIds(stream)).toEqual([1_000_001, 1_000_003])
    add({ kind: 'duplicate', count: 1 })
    trade()
    await settle(stream)
    expect(tradeIds(stream).slice(2)).toEqual([1_000_004, 1_000_004])
    add({ kind: 'truncate', symbol: 'BTC/USDT', count: 1 })
    trade()
    await settle(stream)
    expect(stream.texts.some((text) => text.startsWith('{"time"') && !text.endsWith('}'))).toBe(true)
  })

  it('let a frame overtake the one before', async () => {
    const stream = await watchTrades()
    add({ kind: 'reorder', count: 1 })
    for (let i = 0; i < 3; i++) trade()
    await settle(stream)
    expect(tradeIds(stream)).toEqual([1_000_002, 1_000_001, 1_000_003])
  })

  it('delay a frame and what is behind it', async () => {
    const stream = await watchTrades()
    add({ kind: 'delay', count: 1, delayMs: 50 })
    trade()
    trade()
    expect(tradeIds(stream)).toEqual([])
    await bench.clock.advance(50)
    await stream.framesOf(({ event }) => event === 'update', 2)
    expect(tradeIds(stream)).toEqual([1_000_001, 1_000_002])
  })

  it('stall: nothing is pushed, pings are answered', async () => {
    const stream = await watchTrades()
    add({ kind: 'stall', scope: 'public', durationMs: 1_000 })
    trade()
    await settle(stream)
    expect(tradeIds(stream)).toEqual([])
    await bench.clock.advance(1_000)
    trade()
    await settle(stream)
    expect(tradeIds(stream)).toEqual([1_000_002])
  })

  it('leave a socket half-open: nothing is heard or said', async () => {
    const stream = await watchTrades()
    const id = add({ kind: 'half_open' })
    trade()
    stream.send({ time: 1, channel: 'spot.ping' })
    stream.socket.ping()
    await waitFor(() => bench.venue.sessions.size === 1, 'the session')
    await bench.client.call('GET', '/spot/time')
    bench.venue.faults.remove(id)
    await settle(stream)
    expect(tradeIds(stream)).toEqual([])
    expect(stream.pongs).toBe(0)
    expect(stream.isClosed).toBe(false)
  })

  it('touch the private streams alone when told', async () => {
    const [own, shared] = [await connect(), await watchTrades()]
    own.send(bench.client.subscription('spot.orders', ['!all'], true))
    await own.frame(({ event }) => event === 'subscribe')
    add({ kind: 'drop', scope: 'private' })
    await place({ price: '60000' })
    await Promise.all([settle(own), settle(shared)])
    expect(own.frames.some(({ event }) => event === 'update')).toBe(false)
    expect(tradeIds(shared)).toHaveLength(1)
  })

  it('cut connections now, later and again', async () => {
    const first = await watchTrades()
    add({ kind: 'disconnect', count: 1 })
    await waitFor(() => first.isClosed, 'the first cut')
    const second = await connect()
    add({ kind: 'disconnect', afterMs: 1_000, everyMs: 1_000, scope: 'public' })
    await bench.clock.advance(999)
    expect(second.isClosed).toBe(false)
    await bench.clock.advance(1)
    await waitFor(() => second.isClosed, 'the second cut')
    const third = await connect()
    await bench.clock.advance(1_000)
    await waitFor(() => third.isClosed, 'the third cut')
    bench.venue.faults.clear()
    const fourth = await connect()
    await bench.clock.advance(1_000)
    await settle(fourth)
    expect(bench.venue.truth().faults.injected['disconnect']).toBe(3)
  })

  it('refuse new connections', async () => {
    add({ kind: 'refuse_connection', count: 1 })
    await expect(bench.client.connect()).rejects.toThrow('503')
    await settle(await connect())
  })
})

describe('the admin routes', () => {
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: Frame }> => {
    const response = await fetch(`${bench.address.admin}${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Frame }
  }

  it('add, list and remove faults', async () => {
    const rules = [
      { kind: 'drop', scope: 'public' },
      { kind: 'rate_limited', count: 1 },
    ]
    expect((await call('POST', '/faults', rules)).body).toEqual({ ids: ['fault-1', 'fault-2'] })
    expect((await time()).status).toBe(429)
    expect((await call('GET', '/faults')).body).toMatchObject({ injected: { rate_limited: 1 } })
    expect((await call('DELETE', '/faults/fault-1')).body).toEqual({ removed: true })
    expect((await call('DELETE', '/faults/fault-1')).body).toEqual({ removed: false })
    expect((await call('DELETE', '/faults')).body).toEqual({ removed: true })
    expect(bench.venue.faults.rules).toEqual([])
  })

  it.each([
    ['{', /JSON/],
    ['1', /is an object/],
    ['{"kind":"explode"}', /'kind' of a fault rule is "explode"; allowed: request_delay/],
    ['{"kind":"drop","where":1}', /has no 'where'/],
    ['{"kind":"drop","scope":"all"}', /'scope'/],
    ['{"kind":"drop","mode":"x"}', /'mode'/],
    ['{"kind":"drop","route":1}', /'route'/],
    ['{"kind":"drop","count":-1}', /'count'/],
    ['{"kind":"drop","probability":2}', /'probability'/],
    ['{"kind":"drop","offsetMs":"1"}', /'offsetMs'/],
  ])('say what is wrong with the rule %s', async (body, message) => {
    const answer = await call('POST', '/faults', body)
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(message)
  })

  it('show the truth, pay in, and hold the market', async () => {
    await place()
    await call('POST', '/deposits', { account: 'trader', asset: 'SOL', amount: '2.5' })
    expect((await call('POST', '/deposits', { account: 'nobody', asset: 'SOL', amount: '1' })).status).toBe(400)
    expect((await call('POST', '/market', { running: false })).body).toEqual({ running: false })
    expect((await call('POST', '/market', { running: true })).body).toEqual({ running: true })
    const { body: truth } = await call('GET', '/truth')
    expect(truth).toEqual(JSON.parse(JSON.stringify(bench.venue.truth())))
    expect(truth).toMatchObject({
      exchange: 'gateio',
      accounts: { trader: { SOL: { free: '2.5', locked: '0' }, USDT: { free: '9500', locked: '500' } } },
      openOrderIds: ['640000000001'],
      orders: [{ clientOrderId: 't-1', status: 'open', price: '50000', quantity: '0.01', fills: [] }],
      books: { 'BTC/USDT': { sequence: 1_000_003, asks: [['60000', '0.1']] } },
      requests: { 'POST /spot/orders': 1 },
      sums: { BTC: '0', ETH: '0', SOL: '0', USDT: '0' },
    })
    expect((await call('GET', '/else')).status).toBe(404)
  })
})

describe('latency', () => {
  it('delays request, answer and pushes, in order', async () => {
    await bench.venue.close()
    bench = await startGateioBench({ latency: { requestMs: 10, ackMs: 20, fillMs: 30, streamMs: 5, jitter: 0.5 } })
    bench.quote('sell', 600_000, 10_000)
    const stream = await connect()
    stream.send(bench.client.subscription('spot.orders', ['!all'], true))
    stream.send(bench.client.subscription('spot.trades', ['BTC_USDT']))
    await stream.framesOf(({ event }) => event === 'subscribe', 2)
    const answer = place({ price: '60000' })
    await waitFor(() => bench.clock.pendingTimers > 1, 'the request')
    expect(orders()).toHaveLength(0)
    await bench.clock.advance(15)
    await waitFor(() => orders().length === 1, 'the order')
    await bench.clock.advance(30)
    expect((await answer).body).toMatchObject({ status: 'closed' })
    await bench.clock.advance(20)
    await stream.framesOf(({ event }) => event === 'update', 3)
    const channels = stream.frames.filter(({ event }) => event === 'update').map(({ channel }) => channel)
    expect(channels.filter((channel) => channel === 'spot.orders')).toHaveLength(2)
  })
})

describe('a venue', () => {
  it('leaves no timer and no socket behind, and starts again', async () => {
    await connect()
    await bench.venue.close()
    expect(bench.clock.pendingTimers).toBe(0)
    await waitFor(() => streams[0]!.isClosed, 'the end of the socket')
    const again = await bench.venue.start()
    expect((await fetch(`${again.rest}/spot/time`)).status).toBe(200)
  })

  it('does not start with a certificate that is none', async () => {
    await bench.venue.close()
    await expect(startGateioBench({ tls: { key: 'x', cert: 'y' } })).rejects.toThrow()
  })

  it('cannot take a port that is taken', async () => {
    await expect(startGateioBench({ port: bench.address.port })).rejects.toThrow('EADDRINUSE')
  })

  it('takes a path that does not decode as it is', async () => {
    const status = await new Promise((resolve, reject) => {
      const { port } = bench.address
      const sent = httpRequest({ port, host: '127.0.0.1', path: '/api/v4/spot/%E0%A4%A?x=%E0%A4%A' }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(400)
  })
})
