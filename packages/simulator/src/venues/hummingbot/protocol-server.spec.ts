import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type HummingbotBench, type HummingbotStream, startHummingbotBench } from '../../testing/hummingbot-bench.js'
import { type Frame, StreamClient } from '../../testing/stream-client.js'
import type { FaultRule } from '../../faults/fault-rule.js'
import type { HummingbotVenueOptions } from './settings.js'
import type { TrafficReport } from './protocol/traffic-meter.js'

let bench: HummingbotBench
let stream: HummingbotStream

async function start(options: HummingbotVenueOptions = {}): Promise<void> {
  bench = await startHummingbotBench(options)
  bench.quote('sell', 300_100, 10_000)
  bench.quote('buy', 300_000, 10_000)
  stream = await bench.connect()
}

async function restart(options: HummingbotVenueOptions): Promise<void> {
  await stop()
  await start(options)
}

async function stop(): Promise<void> {
  stream.client.close()
  await bench.venue.close()
}

beforeEach(() => start())
afterEach(stop)

const market = { exchange: 'binance', market: 'ETH-USDT' }
const limitBuy = { ...market, side: 'buy', order_type: 'limit', amount: '0.1', price: '2990' }
const dataOf = (frame: Frame): Frame => frame['data'] as Frame
const traffic = (): TrafficReport => (bench.venue.truth().venue as { traffic: TrafficReport }).traffic
const addFault = (rule: FaultRule): string => bench.venue.faults.add(rule)

describe('authentication', () => {
  it('answers with the capabilities', async () => {
    expect(stream.frames[0]).toEqual({
      id: '1',
      status: 'success',
      data: { capabilities: ['client_order_id', 'unsubscribe', 'channel:ticker', 'channel:orders'] },
    })
  })

  it('names no capability where the original protocol is served', async () => {
    await restart({ hummingbot: { capabilities: [] } })
    expect(stream.frames[0]).toEqual({ id: '1', status: 'success' })
    expect(await stream.ask('subscribe', { channel: 'ticker', ...market })).toMatchObject({ code: 'invalid_order' })
  })

  it('refuses a wrong key and closes', async () => {
    const other = await bench.connect('nobody')
    expect(other.frames[0]).toMatchObject({ status: 'error', code: 'auth_failed', message: 'Authentication failed' })
    await waitFor(() => other.client.isClosed, 'the close')
  })

  it('comes before everything else', async () => {
    const client = await StreamClient.connect(bench.address.ws)
    client.send({ id: 7, type: 'ping' })
    expect(await client.frame(({ id }) => id === '7')).toMatchObject({
      code: 'auth_failed',
      message: 'Authentication required',
    })
    expect(traffic().framesBeforeAuthentication).toBe(1)
    client.close()
  })

  it('ends with a session expiry', async () => {
    addFault({ kind: 'session_expiry' })
    expect(await stream.ask('ping')).toMatchObject({ code: 'auth_failed' })
  })

  it('with a key that may only read allows no orders', async () => {
    const reader = await bench.connect('read-key')
    expect(await reader.ask('create_order', limitBuy)).toMatchObject({ code: 'auth_failed' })
    expect(await reader.ask('get_balances', { exchange: 'binance' })).toMatchObject({ status: 'success' })
    reader.client.close()
  })
})

describe('orders', () => {
  it('rest, show up and are cancelled', async () => {
    const created = await stream.ask('create_order', { ...limitBuy, client_order_id: 'cid-1' })
    const order = dataOf(created)
    expect(order).toEqual({
      order_id: 'hb-00000001',
      symbol: 'ETH-USDT',
      exchange: 'binance',
      price: '2990',
      amount: '0.1',
      filled: '0',
      side: 'buy',
      type: 'limit',
      status: 'open',
      client_order_id: 'cid-1',
      created_at: bench.clock.nowMs() / 1000,
    })
    expect(dataOf(await stream.ask('get_open_orders', market))).toEqual([order])
    expect(dataOf(await stream.ask('get_order', { ...market, client_order_id: 'cid-1' }))).toEqual(order)
    expect(dataOf(await stream.ask('cancel_order', { ...market, order_id: 'hb-00000001' }))).toEqual({
      order_id: 'hb-00000001',
      cancelled: true,
    })
    expect(await stream.ask('cancel_order', { ...market, order_id: 'hb-00000001' })).toMatchObject({
      code: 'invalid_order',
      message: 'Order hb-00000001 not found',
    })
    expect(dataOf(await stream.ask('get_order', { ...market, order_id: 'hb-00000001' }))['status']).toBe('cancelled')
    expect(stream.eventsOf('order_update').map(({ status }) => status)).toEqual(['open', 'cancelled'])
  })

  it('may only be asked to cancel', async () => {
    await restart({ hummingbot: { confirmsCancels: false } })
    await stream.ask('create_order', limitBuy)
    expect(dataOf(await stream.ask('cancel_order', { ...market, order_id: 'hb-00000001' }))['cancelled']).toBe(false)
  })

  it('fill and tell their owner', async () => {
    const created = await stream.ask('create_order', { ...market, side: 'buy', order_type: 'market', amount: '0.25' })
    expect(dataOf(created)).toMatchObject({ price: null, status: 'filled', filled: '0.25', type: 'market' })
    expect(dataOf(created)['filled_at']).toBe(bench.clock.nowMs() / 1000)
    expect(stream.eventsOf('trade')).toEqual([
      expect.objectContaining({ own: true, order_id: 'hb-00000001', price: '3001', amount: '0.25', side: 'buy' }),
    ])
    const balances = dataOf(await stream.ask('get_balances', { exchange: 'binance' }))['binance']
    expect(balances).toMatchObject({ USDT: { total: '99249.75', available: '99249.75' } })
  })

  it('with the same client order id are one order', async () => {
    const first = await stream.ask('create_order', { ...limitBuy, client_order_id: 'twice' })
    const again = await stream.ask('create_order', { ...limitBuy, client_order_id: 'twice' })
    expect(again['data']).toEqual(first['data'])
    expect(bench.venue.truth().orders).toHaveLength(1)
    expect(await stream.ask('create_order', { ...limitBuy, amount: '0.2', client_order_id: 'twice' })).toMatchObject({
      code: 'invalid_order',
    })
  })

  it('are rounded down to the steps of the exchange', async () => {
    const created = await stream.ask('create_order', { ...limitBuy, amount: '0.10009', price: '2990.009' })
    expect(dataOf(created)).toMatchObject({ amount: '0.1', price: '2990' })
  })

  it.each([
    [{ exchange: 'nowhere' }, 'Exchange nowhere not supported', 'invalid_order'],
    [{ exchange: '' }, 'Exchange is required', 'invalid_order'],
    [{ market: 'DOGE-EUR' }, 'Market DOGE-EUR not supported on binance', 'invalid_order'],
    [{ side: 'long' }, 'Invalid order side: long', 'invalid_order'],
    [{ order_type: 'stop' }, 'Invalid order type: stop', 'invalid_order'],
    [{ amount: '1e-7' }, 'Invalid amount: 1e-7', 'invalid_order'],
    [{ amount: '0' }, 'Amount must be positive', 'invalid_order'],
    [{ price: undefined }, 'Price is required for limit orders', 'invalid_order'],
    [{ client_order_id: 'a b' }, 'Invalid client order id', 'invalid_order'],
    [{ amount: '0.00001' }, 'Order amount 0 is below minimum order size 0.0001 for ETH-USDT', 'invalid_order'],
    [{ amount: '40' }, 'Insufficient funds', 'insufficient_funds'],
  ])('with %j are refused', async (more, message, code) => {
    expect(await stream.ask('create_order', { ...limitBuy, ...more })).toMatchObject({ status: 'error', message, code })
  })

  it('below the minimum value are refused with the rule', async () => {
    const refused = await stream.ask('create_order', { ...limitBuy, amount: '0.001' })
    expect(refused['message']).toContain('below minimum notional size 3 for ETH-USDT')
  })

  it('on a halted market meet a closed market', async () => {
    bench.venue.core.symbols.get('ETH/USDT')!.tradable = false
    expect(await stream.ask('create_order', limitBuy)).toMatchObject({ code: 'market_closed' })
  })

  it('without anything to meet fail with a reason', async () => {
    const created = await stream.ask('create_order', {
      ...market,
      market: 'BTC-USDT',
      side: 'sell',
      order_type: 'market',
      amount: '1',
    })
    expect(created).toMatchObject({ code: 'invalid_order' })
    await stream.ask('create_order', { ...market, side: 'buy', order_type: 'market', amount: '1' })
    bench.quote('sell', 300_200, 5)
    const second = await stream.ask('create_order', { ...market, side: 'buy', order_type: 'market', amount: '1' })
    expect(dataOf(second)).toMatchObject({ status: 'cancelled', filled: '0.0005' })
  })

  it('refused late by the exchange end as failed', async () => {
    addFault({ kind: 'late_refusal', count: 1, delayMs: 50 })
    expect(dataOf(await stream.ask('create_order', limitBuy))['status']).toBe('open')
    await bench.clock.advance(50)
    await waitFor(() => stream.eventsOf('order_update').length === 2, 'the refusal')
    expect(stream.eventsOf('order_update')[1]).toMatchObject({
      status: 'failed',
      reason: 'Order rejected by the exchange',
    })
  })

  it('are listed newest first in the history', async () => {
    for (const price of ['2990', '2991', '2992']) await stream.ask('create_order', { ...limitBuy, price })
    const listed = dataOf(await stream.ask('get_order_history', { ...market, limit: 2 })) as unknown as Frame[]
    expect(listed.map(({ price }) => price)).toEqual(['2992', '2991'])
    expect(await stream.ask('get_order_history', { ...market, limit: 0 })).toMatchObject({
      message: 'Invalid limit: 0',
    })
  })

  it('that nobody knows are not found', async () => {
    expect(await stream.ask('get_order', { ...market, order_id: 'x' })).toMatchObject({ message: 'Order x not found' })
    expect(await stream.ask('get_order', { ...market, client_order_id: 'y' })).toMatchObject({
      message: 'Order y not found',
    })
    expect(await stream.ask('get_order', market)).toMatchObject({ message: 'Order id is required' })
  })
})

describe('market data', () => {
  it('is answered as decimal text', async () => {
    expect(dataOf(await stream.ask('get_order_book', { ...market, depth: 1 }))).toEqual({
      timestamp: bench.clock.nowMs() / 1000,
      bids: [['3000', '1']],
      asks: [['3001', '1']],
    })
    expect(dataOf(await stream.ask('get_ticker', { exchange: 'binance', market: 'eth/usdt' }))).toEqual({
      timestamp: bench.clock.nowMs() / 1000,
      symbol: 'eth/usdt',
      exchange: 'binance',
      bid: '3000',
      ask: '3001',
      last: '3000.5',
      volume: '0',
    })
    expect(dataOf(await stream.ask('get_ticker', { exchange: 'binance', market: 'BTC-USDT' }))).toMatchObject({
      bid: '0',
      ask: '0',
    })
  })

  it('is pushed to subscribers in their spelling, whole books on change', async () => {
    const answer = await stream.ask('subscribe', { channel: 'order_book', exchange: 'binance', market: 'ETH/USDT' })
    expect(answer).toMatchObject({ message: 'Subscribed to order book updates for ETH/USDT on binance' })
    await waitFor(() => stream.eventsOf('order_book_update').length === 1, 'the first book')
    bench.quote('buy', 300_050, 20_000)
    bench.quote('buy', 300_060, 20_000)
    await bench.clock.advance(100)
    await waitFor(() => stream.eventsOf('order_book_update').length === 2, 'the second book')
    expect(stream.eventsOf('order_book_update')[1]).toMatchObject({
      symbol: 'ETH/USDT',
      exchange: 'binance',
      bids: [
        ['3000.6', '2'],
        ['3000.5', '2'],
        ['3000', '1'],
      ],
    })
  })

  it("of trades is public and not the subscriber's own", async () => {
    expect(await stream.ask('subscribe', { channel: 'trades', ...market })).toMatchObject({
      message: 'Subscribed to trade updates for ETH-USDT on binance',
    })
    bench.quote('sell', 300_000, 100)
    await waitFor(() => stream.eventsOf('trade').length === 1, 'the trade')
    expect(stream.eventsOf('trade')[0]).toMatchObject({ own: false, price: '3000', amount: '0.01', side: 'sell' })
  })

  it('of tickers comes on change alone, until it is unsubscribed', async () => {
    await stream.ask('subscribe', { channel: 'ticker', ...market })
    await bench.clock.advance(3_000)
    await stream.ask('ping')
    expect(stream.eventsOf('ticker_update')).toHaveLength(1)
    bench.quote('buy', 300_010, 100)
    await bench.clock.advance(1_000)
    await waitFor(() => stream.eventsOf('ticker_update').length === 2, 'the change')
    expect(await stream.ask('unsubscribe', { channel: 'ticker', ...market })).toMatchObject({
      message: 'Unsubscribed from ticker updates for ETH-USDT on binance',
    })
    bench.quote('buy', 300_020, 100)
    await bench.clock.advance(1_000)
    await stream.ask('ping')
    expect(stream.eventsOf('ticker_update')).toHaveLength(2)
  })

  it('has no other channels', async () => {
    expect(await stream.ask('subscribe', { channel: 'funding', ...market })).toMatchObject({
      message: 'Channel funding not supported',
    })
  })

  it('of orders may need a subscription', async () => {
    await restart({ hummingbot: { pushesOrdersUnasked: false } })
    await stream.ask('create_order', limitBuy)
    expect(stream.eventsOf('order_update')).toHaveLength(0)
    expect(await stream.ask('subscribe', { channel: 'orders', exchange: 'binance' })).toMatchObject({
      message: 'Subscribed to order updates for all markets on binance',
    })
    await stream.ask('create_order', { ...limitBuy, price: '2991' })
    expect(stream.eventsOf('order_update')).toHaveLength(1)
  })
})

describe('frames that are no requests', () => {
  it('are answered without id and change nothing', async () => {
    stream.client.send('{')
    stream.client.send('[1]')
    await stream.client.framesOf(({ message }) => message === 'Invalid message', 2)
    stream.client.socket.send(Buffer.from('{}'))
    expect(await stream.ask('stare')).toMatchObject({ message: 'Unknown request type: stare' })
    expect(await stream.ask('ping')).toEqual({ id: '3', status: 'success' })
  })
})

describe('faults', () => {
  const create = (more: Frame = {}): string => stream.send('create_order', { ...limitBuy, ...more })

  it('lose an answer after the order is placed', async () => {
    addFault({ kind: 'lost_acknowledgement', route: 'WS create_order', count: 1, mode: 'hang' })
    const id = create()
    await stream.ask('ping')
    expect(stream.frames.some((frame) => frame['id'] === id)).toBe(false)
    expect(bench.venue.truth().orders).toHaveLength(1)
  })

  it('cut the connection after the order is placed, or before', async () => {
    addFault({ kind: 'lost_acknowledgement', route: 'WS create_order', count: 1 })
    create()
    await waitFor(() => stream.client.isClosed, 'the cut')
    stream = await bench.connect()
    addFault({ kind: 'request_drop', count: 1 })
    create()
    await waitFor(() => stream.client.isClosed, 'the second cut')
    expect(bench.venue.truth().orders).toHaveLength(1)
  })

  it('delay, double, reorder, drop and cut responses in half', async () => {
    addFault({ kind: 'duplicate', channel: 'response', count: 1 })
    const doubled = stream.send('ping')
    await stream.client.framesOf((frame) => frame['id'] === doubled, 2)
    addFault({ kind: 'reorder', channel: 'response', count: 1 })
    const [early, late] = [stream.send('ping'), stream.send('ping')]
    await stream.answer(early)
    const ids = stream.frames.map((frame) => frame['id'])
    expect(ids.indexOf(late)).toBeLessThan(ids.indexOf(early))
    addFault({ kind: 'delay', channel: 'response', count: 1, delayMs: 70 })
    const [slow, quick] = [stream.send('ping'), stream.send('ping')]
    await stream.answer(quick)
    await bench.clock.advance(70)
    await stream.answer(slow)
    addFault({ kind: 'truncate', channel: 'response', count: 1 })
    addFault({ kind: 'drop', channel: 'response', count: 1 })
    stream.send('ping')
    const lost = stream.send('ping')
    await stream.ask('ping')
    expect(stream.client.texts.some((text) => text === '{"id":"7","sta')).toBe(true)
    expect(stream.frames.some((frame) => frame['id'] === lost)).toBe(false)
  })

  it('release a held response when nothing follows it', async () => {
    addFault({ kind: 'reorder', channel: 'response', count: 1 })
    const id = stream.send('ping')
    await waitFor(() => bench.venue.truth().requests['WS ping'] === 1, 'the ping at the server')
    await bench.clock.advance(250)
    await stream.answer(id)
  })

  it('make the server slow', async () => {
    addFault({ kind: 'request_delay', delayMs: 500, count: 1 })
    const id = stream.send('subscribe', { channel: 'order_book', ...market })
    await waitFor(() => bench.venue.truth().requests['WS subscribe'] === 1, 'the request at the server')
    addFault({ kind: 'response_delay', delayMs: 500, count: 1 })
    await bench.clock.advance(500)
    expect(stream.frames.some((frame) => frame['id'] === id)).toBe(false)
    await bench.clock.advance(500)
    await stream.answer(id)
    await waitFor(() => stream.eventsOf('order_book_update').length === 1, 'the book after the answer')
    expect(stream.frames.findIndex((frame) => frame['id'] === id)).toBeLessThan(
      stream.frames.findIndex((frame) => frame['type'] === 'order_book_update'),
    )
  })

  it('refuse with a rate limit and with server errors, before or after acting', async () => {
    addFault({ kind: 'rate_limited', count: 1, retryAfterS: 2 })
    expect(await stream.answer(create())).toMatchObject({ code: 'rate_limit', data: { retry_after: 2 } })
    addFault({ kind: 'error_before', count: 1 })
    expect(await stream.answer(create())).toMatchObject({ code: 'server_error' })
    expect(bench.venue.truth().orders).toHaveLength(0)
    addFault({ kind: 'error_after', count: 1 })
    expect(await stream.answer(create())).toMatchObject({ code: 'server_error' })
    expect(bench.venue.truth().orders).toHaveLength(1)
  })

  it('close after a refused authentication once the late answer is out', async () => {
    addFault({ kind: 'response_delay', route: 'WS authenticate', delayMs: 20, count: 1 })
    const client = await StreamClient.connect(bench.address.ws)
    client.send({ id: '1', type: 'authenticate', api_key: 'wrong' })
    await waitFor(() => bench.venue.truth().requests['WS authenticate'] === 2, 'the request at the server')
    await bench.clock.advance(20)
    await waitFor(() => client.isClosed, 'the close')
    expect(client.frames).toHaveLength(1)
  })
})

describe('the measure of traffic', () => {
  it('counts frames per second, requests in flight and repeated ids', async () => {
    addFault({ kind: 'request_delay', route: 'WS get_balances', delayMs: 10, count: 3 })
    const ids = [1, 2, 3].map(() => stream.send('get_balances', { exchange: 'binance' }))
    await waitFor(() => bench.venue.truth().requests['WS get_balances'] === 3, 'the requests at the server')
    await bench.clock.advance(10)
    await Promise.all(ids.map((id) => stream.answer(id)))
    await bench.clock.advance(1_000)
    stream.client.send({ id: '1', type: 'ping' })
    await waitFor(() => traffic().repeatedIds === 1, 'the repeated id')
    expect(traffic()).toEqual({
      frames: 5,
      peakFramesPerSecond: 4,
      peakInFlight: 3,
      repeatedIds: 1,
      framesBeforeAuthentication: 0,
      connections: 1,
    })
  })

  it('can become a limit', async () => {
    await restart({ hummingbot: { maxFramesPerSecond: 2 } })
    await stream.ask('ping')
    expect(await stream.ask('ping')).toMatchObject({ code: 'rate_limit', data: { retry_after: 1 } })
    await bench.clock.advance(1_001)
    expect(await stream.ask('ping')).toMatchObject({ status: 'success' })
  })
})

it('serves nothing on other paths', async () => {
  const client = await StreamClient.connect(`${bench.address.ws}/nothing`)
  await waitFor(() => client.isClosed, 'the close')
})

it('counts a request as in flight until its answer is out', async () => {
  addFault({ kind: 'response_delay', route: 'WS get_balances', delayMs: 10, count: 2 })
  const ids = [1, 2].map(() => stream.send('get_balances', { exchange: 'binance' }))
  await waitFor(() => bench.venue.truth().requests['WS get_balances'] === 2, 'the requests at the server')
  await bench.clock.advance(10)
  await Promise.all(ids.map((id) => stream.answer(id)))
  expect(traffic().peakInFlight).toBe(2)
})
