import { Decimal } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type GateioBench, startGateioBench } from '../../../testing/gateio-bench.js'
import { type Frame, StreamClient } from '../../../testing/stream-client.js'

const name = 'BTC/USDT:USDT'
let bench: GateioBench
let stream: StreamClient

beforeEach(async () => {
  bench = await startGateioBench()
  bench.venue.perpetuals!.steer(name, { markPrice: Decimal.of(60_000) })
  stream = await bench.client.connectFutures()
})

afterEach(async () => {
  stream.close()
  await bench.venue.close()
})

let requests = 0
/** Subscribes, and gives back the acknowledgement. */
async function subscribe(channel: string, payload: unknown, signed = false, event = 'subscribe'): Promise<Frame> {
  const id = ++requests
  stream.send(bench.client.subscription(channel, payload, signed, event, id))
  return stream.frame((frame) => frame['id'] === id, `the acknowledgement of ${channel}`)
}

/** The first item that a channel pushes and that fits. */
async function item(channel: string, fits: (item: Frame) => boolean = () => true): Promise<Frame> {
  const isPush = (frame: Frame): boolean =>
    frame['channel'] === channel && ['update', 'all'].includes(String(frame['event'])) && itemsOf(frame).some(fits)
  return itemsOf(await stream.frame(isPush, `a push of ${channel}`)).find(fits)!
}

const itemsOf = (frame: Frame): Frame[] => [frame['result']].flat() as Frame[]

const place = (side: 'buy' | 'sell', priceTicks: number, quantityLots: number, more: Frame = {}): void => {
  const input = { accountId: 'trader', symbol: name, side, kind: 'limit', timeInForce: 'gtc', priceTicks, quantityLots }
  const result = bench.venue.perpetuals!.core.place({ ...input, ...more } as never)
  if ('refusal' in result) throw new Error(result.refusal)
}

describe('the WebSocket of perpetuals', () => {
  it('answers pings, knows its own channels, and words its errors', async () => {
    stream.send({ time: 1, channel: 'futures.ping' })
    await stream.frame(({ channel }) => channel === 'futures.pong')
    expect((await subscribe('spot.trades', ['BTC_USDT']))['error']).toMatchObject({ code: 2 })
    expect((await subscribe('futures.trades', ['NOPE_USDT']))['error']).toEqual({
      code: 2,
      message: 'unknown contract NOPE_USDT',
    })
    stream.send('no json')
    await stream.frame(({ error }) => (error as Frame | undefined)?.['message'] === 'invalid argument struct')
  })

  it('publishes the book as changes that join a snapshot', async () => {
    bench.quoteContracts('sell', 600_000, 5)
    expect((await subscribe('futures.order_book_update', ['BTC_USDT', '100ms', '20']))['result']).toEqual({
      status: 'success',
    })
    bench.quoteContracts('buy', 599_000, 7)
    await bench.clock.advance(100)
    expect(await item('futures.order_book_update')).toMatchObject({
      s: 'BTC_USDT',
      U: 1_000_002,
      u: 1_000_002,
      b: [{ p: '59900', s: 7 }],
      a: [],
      l: '20',
    })
    expect((await subscribe('futures.order_book_update', ['BTC_USDT', '20ms', '100']))['error']).toBeDefined()
    expect((await subscribe('futures.order_book_update', ['BTC_USDT', '1s']))['error']).toBeDefined()
    expect((await subscribe('futures.order_book_update', ['NOPE_USDT', '100ms']))['error']).toMatchObject({
      message: 'unknown contract NOPE_USDT',
    })
  })

  it('publishes the second version of the book, which needs no snapshot', async () => {
    bench.quoteContracts('sell', 600_000, 5)
    await subscribe('futures.obu', ['ob.BTC_USDT.50'])
    expect(await item('futures.obu')).toMatchObject({ full: true, u: 1_000_001, a: [['60000', '5']] })
    bench.quoteContracts('sell', 600_000, 2)
    await bench.clock.advance(20)
    expect(await item('futures.obu', ({ full }) => full === undefined)).toMatchObject({
      U: 1_000_002,
      u: 1_000_002,
      a: [['60000', '7']],
    })
    expect((await subscribe('futures.obu', ['ob.NOPE_USDT.50']))['error']).toBeDefined()
    expect((await subscribe('futures.obu', ['ob.BTC_USDT.50']))['error']).toMatchObject({
      message: 'Alert sub ob.BTC_USDT.50',
    })
  })

  it.each([
    ['futures.order_book_update', ['BTC_USDT', '100ms', '100']],
    ['futures.order_book_update', ['BTC_USDT', '20ms', '20']],
    ['futures.obu', ['ob.BTC_USDT.50']],
  ] as const)('publishes a book that is the true one after a lively market: %s %o', async (channel, payload) => {
    stream.close()
    await bench.venue.close()
    bench = await startGateioBench({ market: { kind: 'synthetic', volatility: 5, tradesPerSecond: 10 }, seed: 11 })
    stream = await bench.client.connectFutures()
    await subscribe(channel, payload)
    const depth = payload[1] === '20ms' ? 20 : 100
    const path = `/futures/usdt/order_book?contract=BTC_USDT&limit=${depth}&with_id=true`
    const { body: snapshot } = await bench.client.call('GET', path)
    await bench.clock.advance(3_000)
    bench.venue.perpetuals!.hold(true)
    await bench.clock.advance(100)
    stream.send({ time: 1, channel: 'futures.ping' })
    await stream.frame((frame) => frame['channel'] === 'futures.pong')
    const frames = stream.frames
      .filter((frame) => frame['channel'] === channel && frame['event'] === 'update')
      .map((frame) => frame['result'] as Frame)
    expect(frames.length).toBeGreaterThan(20)
    const held = holdBook(channel === 'futures.obu' ? undefined : snapshot, frames)
    const truth = bench.venue.truth().perpetuals!.books[name]!
    expect(held.b.slice(0, depth)).toEqual(truth.bids.slice(0, depth))
    expect(held.a.slice(0, depth)).toEqual(truth.asks.slice(0, depth))
  })

  it('publishes whole books, best prices, trades, tickers and candles', async () => {
    bench.quoteContracts('sell', 600_000, 5)
    await subscribe('futures.order_book', ['BTC_USDT', '5', '0'])
    expect(await item('futures.order_book')).toMatchObject({
      contract: 'BTC_USDT',
      asks: [{ p: '60000', s: 5 }],
      l: '5',
    })
    await subscribe('futures.book_ticker', ['BTC_USDT'])
    await subscribe('futures.trades', ['BTC_USDT'])
    await subscribe('futures.candlesticks', ['1m', 'BTC_USDT'])
    await subscribe('futures.tickers', ['BTC_USDT'])
    expect(await item('futures.tickers')).toMatchObject({ contract: 'BTC_USDT', mark_price: '60000' })
    bench.quoteContracts('buy', 600_000, 2)
    expect(await item('futures.trades')).toMatchObject({ size: 2, price: '60000', contract: 'BTC_USDT' })
    await bench.clock.advance(2_000)
    expect(await item('futures.book_ticker')).toMatchObject({ s: 'BTC_USDT', b: '', B: 0, a: '60000', A: 3 })
    expect(await item('futures.candlesticks')).toMatchObject({ n: '1m_BTC_USDT', v: 2, a: '0.00020000', c: '60000' })
    expect(await item('futures.tickers', ({ last }) => last === '60000')).not.toHaveProperty('highest_bid')
    for (const channel of ['futures.book_ticker', 'futures.trades', 'futures.tickers'])
      await subscribe(channel, ['BTC_USDT'], false, 'unsubscribe')
    await subscribe('futures.candlesticks', ['1m', 'BTC_USDT'], false, 'unsubscribe')
    const heard = stream.frames.length
    bench.quoteContracts('buy', 600_000, 1)
    await bench.clock.advance(5_000)
    expect((await subscribe('futures.ping2', []))['error']).toBeDefined()
    expect(
      stream.frames.slice(heard).filter(({ event, channel }) => event === 'update' && channel !== 'futures.order_book'),
    ).toEqual([])
  })

  it('writes sizes as text for who asks so in the handshake', async () => {
    const text = await StreamClient.connect(bench.address.futuresWs!, { 'X-Gate-Size-Decimal': '1' })
    text.send(bench.client.subscription('futures.trades', ['BTC_USDT'], false, 'subscribe', 1))
    await text.frame(({ id }) => id === 1)
    await subscribe('futures.trades', ['BTC_USDT'])
    bench.quoteContracts('sell', 600_000, 5)
    bench.quoteContracts('buy', 600_000, 2)
    expect(itemsOf(await text.frame(({ event }) => event === 'update'))).toMatchObject([{ size: '2' }])
    expect(await item('futures.trades')).toMatchObject({ size: 2 })
    text.close()
  })

  it('tells its owner of orders, fills, positions and the wallet', async () => {
    for (const channel of ['orders', 'usertrades', 'positions'])
      expect((await subscribe(`futures.${channel}`, ['7001', '!all'], true))['result']).toEqual({ status: 'success' })
    await subscribe('futures.balances', ['7001'], true)
    place('buy', 600_000, 10, { clientOrderId: 't-own', attributes: { timeInForce: 'gtc' } })
    expect(await item('futures.orders')).toMatchObject({
      status: 'open',
      finish_as: '_new',
      size: 10,
      left: 10,
      price: 60_000,
      text: 't-own',
      user: '7001',
      id_string: bench.venue.perpetuals!.core.openOrders()[0]!.id,
    })
    bench.quoteContracts('sell', 600_000, 4)
    expect(await item('futures.usertrades')).toMatchObject({ size: 4, price: '60000', role: 'maker', close_size: '0' })
    expect(await item('futures.positions')).toMatchObject({ contract: 'BTC_USDT', size: 4, entry_price: 60_000 })
    expect(await item('futures.balances')).toMatchObject({ type: 'fee', change: -0.0048, currency: 'usdt' })
    expect(await item('futures.orders', ({ left }) => left === 6)).toMatchObject({ fill_price: 60_000, status: 'open' })
    bench.quoteContracts('sell', 600_000, 6)
    expect(await item('futures.orders', ({ status }) => status === 'finished')).toMatchObject({
      finish_as: 'filled',
      left: 0,
    })
    expect(stream.texts.some((text) => /"id":360\d+,/.test(text))).toBe(true)
  })

  it('keeps the data of others to itself', async () => {
    expect((await subscribe('futures.orders', ['7002', '!all'], true))['error']).toMatchObject({ code: 4 })
    expect((await subscribe('futures.balances', ['7002'], true))['error']).toMatchObject({ code: 4 })
    expect((await subscribe('futures.orders', ['7001'], true))['error']).toMatchObject({ code: 2 })
    expect((await subscribe('futures.orders', ['7001', 'NOPE_USDT'], true))['error']).toMatchObject({ code: 2 })
    expect((await subscribe('futures.orders', ['7001', 'BTC_USDT']))['error']).toMatchObject({ code: 4 })
    await subscribe('futures.orders', ['7001', 'ETH_USDT'], true)
    place('buy', 590_000, 1)
    await subscribe('futures.orders', ['7001', 'ETH_USDT'], true, 'unsubscribe')
    await subscribe('futures.balances', ['7001'], true, 'unsubscribe')
    expect(stream.frames.some(({ event }) => event === 'update')).toBe(false)
  })
})

type Level = readonly [string, string] | { readonly p: string; readonly s: number }

/** Applies frames to a snapshot (or to the first full frame), and insists that they join. */
function holdBook(snapshot: Frame | undefined, frames: readonly Frame[]): Record<'a' | 'b', [string, string][]> {
  const sides = { a: new Map<string, string>(), b: new Map<string, string>() }
  const apply = (side: 'a' | 'b', rows: unknown): void => {
    for (const row of (rows ?? []) as readonly Level[]) {
      const [price, size] = 'p' in row ? [row.p, String(row.s)] : row
      if (size === '0') sides[side].delete(price)
      else sides[side].set(price, size)
    }
  }
  apply('a', snapshot?.['asks'])
  apply('b', snapshot?.['bids'])
  let id = Number(snapshot?.['id'] ?? 0)
  for (const { U: first, a, b, full, u: last } of frames) {
    if (full !== true && Number(last) <= id) continue
    if (full !== true) expect(Number(first)).toBeLessThanOrEqual(id + 1)
    apply('a', a)
    apply('b', b)
    id = Number(last)
  }
  const sorted = (side: 'a' | 'b', sign: 1 | -1): [string, string][] =>
    [...sides[side]].toSorted(([x], [y]) => (Number(x) - Number(y)) * sign)
  return { a: sorted('a', 1), b: sorted('b', -1) }
}

describe('trading over the WebSocket of perpetuals', () => {
  const order = { contract: 'BTC_USDT', size: 10, price: '59000', text: 't-ws' }
  const ask = async (channel: string, reqId: string, param: unknown): Promise<Frame> => {
    stream.send(bench.client.request(`futures.${channel}`, reqId, param))
    return stream.frame((frame) => frame['request_id'] === reqId && frame['ack'] !== true, reqId)
  }
  const login = async (): Promise<void> => {
    stream.send(bench.client.login('login', 'futures'))
    expect(await stream.frame((frame) => frame['request_id'] === 'login')).toMatchObject({
      data: { result: { uid: '7001' } },
    })
  }

  it('acknowledges a placement, then tells what came of it', async () => {
    expect(await ask('order_place', 'early', order)).toMatchObject({
      header: { status: '400' },
      data: { errs: { label: 'AUTHENTICATION_FAILED', message: 'Not login' } },
    })
    await login()
    expect(await ask('order_place', 'place', order)).toMatchObject({
      ack: false,
      header: { status: '200', channel: 'futures.order_place', x_gate_ratelimit_limit: 100 },
      data: { result: { status: 'open', size: 10, text: 't-ws' } },
    })
    const kinds = stream.frames.filter((frame) => frame['request_id'] === 'place').map(({ ack }) => ack)
    expect(kinds).toEqual([true, false])
    expect(await ask('order_status', 'status', { order_id: 't-ws' })).toMatchObject({ data: { result: { left: 10 } } })
    expect(await ask('order_list', 'list', { contract: 'BTC_USDT', status: 'open' })).toMatchObject({
      data: { result: [{ text: 't-ws' }] },
    })
    expect(await ask('order_amend', 'amend', { order_id: 't-ws', price: '58000' })).toMatchObject({
      data: { result: { price: '58000' } },
    })
    expect(await ask('order_cancel', 'cancel', { order_id: 't-ws' })).toMatchObject({
      data: { result: { status: 'finished', finish_as: 'cancelled' } },
    })
  })

  it('takes batches and cancels many', async () => {
    await login()
    expect(await ask('order_batch_place', 'batch', [order, { ...order, size: 0 }])).toMatchObject({
      data: { result: [{ succeeded: true }, { succeeded: false, label: 'SIZE_TOO_SMALL' }] },
    })
    const { id } = bench.venue.perpetuals!.core.openOrders()[0]!
    expect(await ask('order_cancel_ids', 'ids', [id, '123'])).toMatchObject({
      data: {
        result: [
          { id, succeeded: true },
          { id: '123', message: 'ORDER_NOT_FOUND' },
        ],
      },
    })
    await ask('order_place', 'again', order)
    expect(await ask('order_cancel_cp', 'all', { contract: 'BTC_USDT', side: 'bid' })).toMatchObject({
      data: { result: [{ text: 't-ws' }] },
    })
  })

  it('refuses in its own words', async () => {
    await login()
    expect(await ask('order_cancel', 'unknown', { order_id: '9' })).toMatchObject({
      header: { status: '400' },
      data: { errs: { label: 'ORDER_NOT_FOUND', message: 'label: ORDER_NOT_FOUND, message: ' } },
    })
    expect(await ask('order_place', 'poor', { ...order, size: 50_000 })).toMatchObject({
      data: { errs: { label: 'INSUFFICIENT_AVAILABLE' } },
    })
    expect(await ask('nothing', 'nothing', {})).toMatchObject({ data: { errs: { label: 'INVALID_ARGUMENT' } } })
    bench.venue.faults.add({ kind: 'rate_limited', route: 'WS *', count: 1 })
    expect(await ask('order_place', 'much', order)).toMatchObject({
      header: { status: '429' },
      data: { errs: { message: 'Request Rate limit Exceeded (311)' } },
    })
  })
})

describe('faults on perpetuals', () => {
  const place = (more: Frame = {}): Promise<unknown> =>
    bench.client.call('POST', '/futures/usdt/orders', { contract: 'BTC_USDT', size: 10, price: '59000', ...more })
  const core = () => bench.venue.perpetuals!.core

  it('lose acknowledgements after the order was taken', async () => {
    bench.venue.faults.add({ kind: 'lost_acknowledgement', route: 'POST */futures/usdt/orders', count: 1 })
    await expect(place()).rejects.toThrow()
    expect(core().openOrders()).toHaveLength(1)
    bench.venue.faults.add({ kind: 'error_after', route: 'POST */futures/usdt/orders', count: 1 })
    expect(await place()).toMatchObject({ status: 503 })
    expect(core().openOrders()).toHaveLength(2)
    bench.venue.faults.add({ kind: 'error_before', route: 'POST */futures/usdt/orders', count: 1 })
    expect(await place()).toMatchObject({ status: 503 })
    expect(core().openOrders()).toHaveLength(2)
  })

  it('fill late, refuse late, and fill while they cancel, by the name of the perpetual', async () => {
    bench.quoteContracts('sell', 590_000, 50)
    bench.venue.faults.add({ kind: 'late_fill', symbol: name, delayMs: 300, count: 1 })
    bench.venue.faults.add({ kind: 'late_fill', symbol: 'BTC/USDT', delayMs: 300 })
    expect(await place({ text: 't-late' })).toMatchObject({ body: { status: 'open', left: 10 } })
    await bench.clock.advance(300)
    expect(core().orderByClientId('trader', 't-late')?.status).toBe('filled')
    bench.venue.faults.add({ kind: 'late_refusal', symbol: name, delayMs: 200, count: 1 })
    await place({ text: 't-refused' })
    await bench.clock.advance(200)
    expect(core().orderByClientId('trader', 't-refused')).toMatchObject({ status: 'cancelled', filledLots: 0 })
    await place({ text: 't-race', price: '58000' })
    bench.venue.faults.add({ kind: 'cancel_race', symbol: name, fraction: 0.5, count: 1 })
    await bench.client.call('DELETE', '/futures/usdt/orders/t-race')
    expect(core().orderByClientId('trader', 't-race')).toMatchObject({ filledLots: 5, status: 'cancelled' })
    expect(bench.venue.truth().perpetuals!.positions).toMatchObject([{ contracts: 15 }])
  })

  it('drop, repeat and reorder frames by channel', async () => {
    await subscribe('futures.trades', ['BTC_USDT'])
    bench.quoteContracts('sell', 600_000, 50)
    bench.venue.faults.add({ kind: 'drop', channel: 'futures.trades', count: 1 })
    bench.quoteContracts('buy', 600_000, 1)
    bench.venue.faults.add({ kind: 'duplicate', channel: 'futures.*', count: 1 })
    bench.quoteContracts('buy', 600_000, 2)
    bench.venue.faults.add({ kind: 'reorder', channel: 'futures.*', count: 1 })
    bench.quoteContracts('buy', 600_000, 3)
    bench.quoteContracts('buy', 600_000, 4)
    const pushes = await stream.framesOf(({ event }) => event === 'update', 4)
    expect(pushes.map((frame) => itemsOf(frame)[0]!['size'])).toEqual([2, 2, 4, 3])
  })

  it('stall, cut and announce maintenance on its socket too', async () => {
    await subscribe('futures.trades', ['BTC_USDT'])
    const stall = bench.venue.faults.add({ kind: 'stall', channel: 'futures.*' })
    bench.quoteContracts('sell', 600_000, 5)
    bench.quoteContracts('buy', 600_000, 1)
    stream.send({ time: 1, channel: 'futures.ping' })
    await stream.frame(({ channel }) => channel === 'futures.pong')
    expect(stream.frames.some(({ event }) => event === 'update')).toBe(false)
    bench.venue.faults.remove(stall)
    bench.venue.faults.add({ kind: 'maintenance' })
    await expect.poll(() => stream.isClosed).toBe(true)
    await expect(bench.client.connectFutures()).rejects.toThrow('503')
  })

  it('expire logins', async () => {
    stream.send(bench.client.login('login', 'futures'))
    await stream.frame((frame) => frame['request_id'] === 'login')
    bench.venue.faults.add({ kind: 'session_expiry' })
    stream.send(bench.client.request('futures.order_status', 'later', { order_id: '1' }))
    expect(await stream.frame((frame) => frame['request_id'] === 'later')).toMatchObject({
      data: { errs: { label: 'AUTHENTICATION_FAILED' } },
    })
  })
})
