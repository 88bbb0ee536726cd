import {
  asClientOrderId,
  asCorrelationId,
  AuthenticationException,
  Decimal,
  ExchangeConnectionException,
  ExchangeDataException,
  ExchangeRequestException,
  OrderOutcomeUnknownException,
  PermissionException,
  type Instrument,
  type LimitOrderRequest,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalGateio, type LocalAnswer } from '../../testing/local-gateio.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { readFixture } from '../../testing/read-fixture.js'
import { GateioAccountFeed } from './account-feed.js'
import { GateioPrivateExchange } from './private-exchange.js'
import { GateioRestClient } from './rest-client.js'

const instrument: Instrument = createTestInstrument({ exchangeSymbol: 'BTC_USDT', tickSize: Decimal.parse('0.1') })
const order: LimitOrderRequest = {
  instrument,
  clientOrderId: asClientOrderId('abc123'),
  correlationId: asCorrelationId('c'),
  type: 'limit',
  side: 'buy',
  priceTicks: 650_000,
  quantityLots: 100_000,
  execution: { timeInForce: 'gtc', postOnly: false },
}
const options = { ackTimeoutMs: 1_000, purpose: 'open' } as const
const acknowledged = readFixture<object>(import.meta.url, './fixtures/rest-order.json')

let venue: LocalGateio
let rest: GateioRestClient
let exchange: GateioPrivateExchange
beforeEach(async () => {
  venue = await LocalGateio.start()
})
afterEach(async () => {
  await exchange.close()
  await rest.close()
  await venue.close()
})

function build(connectorOptions: Readonly<Record<string, unknown>> = { orderEntry: 'rest' }, withKey = true): void {
  const { credentials, ...context } = venue.context(connectorOptions)
  const full = withKey && credentials !== undefined ? { ...context, credentials } : context
  rest = new GateioRestClient(full)
  exchange = new GateioPrivateExchange(full, { rest, webSocket: new GateioAccountFeed(full, rest) })
}

const answer = (value: LocalAnswer) => venue.routes.set('POST /spot/orders', () => value)
const submit = () => exchange.orders.submitOrder(order as never, options)

/** Answers logins and leaves the rest to `onCall`. */
function serveApi(
  onCall: (id: string, channel: string, send: (frame: object) => void) => void,
  loginStatus = '200',
): void {
  venue.onRequest = (request, client) => {
    if (request.event !== 'api') {
      venue.acknowledge(request, client)
      return
    }
    const { channel } = request
    const id = request.payload!.req_id
    const send = (frame: object): void =>
      client.socket.send(JSON.stringify({ request_id: id, header: { status: '200', channel }, ...frame }))
    if (channel !== 'spot.login') onCall(id, channel, send)
    else if (loginStatus === '200') send({ data: { result: { api_key: 'key', uid: '1' } } })
    else send({ header: { status: loginStatus, channel }, data: { errs: { label: 'INVALID_KEY', message: 'no' } } })
  }
}

describe('an order over REST', () => {
  it('carries the venue’s prefix and an expiry on the venue’s clock, and is acknowledged', async () => {
    build()
    answer({ status: 201, body: JSON.stringify({ ...acknowledged, status: 'open' }) })
    expect(await submit()).toEqual({
      clientOrderId: 'abc123',
      exchangeOrderId: '1852454420',
      exchangeTimeMs: 1_710_488_334_073,
    })
    const [seen] = venue.seen('POST', '/spot/orders')
    expect(JSON.parse(seen!.body)).toMatchObject({ text: 't-abc123', amount: '0.001' })
    expect(Number(seen!.headers['x-gate-exptime'])).toBeGreaterThan(1_600_000_000_000)
    expect(seen!.headers['key']).toBe('key')
    expect(JSON.stringify(seen)).not.toContain('very-secret')
  })

  it.each([
    ['an unreadable success', { status: 201, body: '<html>' }],
    ['a success without an id', { status: 201, body: '{"text":"t-abc123"}' }],
    ['an answer about another order', { status: 201, body: JSON.stringify({ ...acknowledged, text: 't-other' }) }],
    ['a 502 page', { status: 502, body: '<html>' }],
    ['a busy venue', { status: 503, body: '{"label":"TOO_BUSY","message":"busy"}' }],
    ['a 5xx with a label that refuses', { status: 500, body: '{"label":"BALANCE_NOT_ENOUGH","message":"x"}' }],
    ['a 400 without a reason', { status: 400, body: 'Bad Request' }],
    ['a 404 without a reason', { status: 404, body: 'not here' }],
    ['an order that exists already', { status: 400, body: '{"label":"ORDER_EXISTS","message":"do not resubmit"}' }],
  ])('is unknown after %s, and is sent once', async (_, value) => {
    build()
    answer(value)
    await expect(submit()).rejects.toBeInstanceOf(OrderOutcomeUnknownException)
    expect(venue.seen('POST', '/spot/orders')).toHaveLength(1)
  })

  it.each([
    ['no right', { status: 403, body: 'Forbidden' }, PermissionException],
    ['an unknown key', { status: 401, body: '{"label":"INVALID_KEY","message":"x"}' }, AuthenticationException],
  ])('is refused on positive evidence: %s', async (_, value, kind) => {
    build()
    answer(value)
    await expect(submit()).rejects.toBeInstanceOf(kind)
  })

  it('is not sent while the venue’s clock cannot be read', async () => {
    build()
    venue.routes.set('GET /spot/time', () => ({ status: 400, body: '{"label":"BAD_REQUEST"}' }))
    await expect(submit()).rejects.toBeInstanceOf(ExchangeConnectionException)
    expect(venue.seen('POST', '/spot/orders')).toHaveLength(0)
  })

  it('needs a key', async () => {
    build({}, false)
    await expect(submit()).rejects.toBeInstanceOf(AuthenticationException)
  })
})

describe('an order over the WebSocket API', () => {
  const open = async (): Promise<void> => {
    await exchange.orders.prepare()
    await waitFor(() => venue.requests.some((each) => each.channel === 'spot.login'), 'the login')
  }

  it('takes the result, not the receipt', async () => {
    build({ orderEntry: 'websocket' })
    serveApi((id, channel, send) => {
      send({ ack: true, data: { result: { req_id: id } } })
      send({
        header: { status: '200', channel, x_gate_ratelimit_requests_remain: 9, x_gate_ratelimit_limit: 10 },
        data: { result: acknowledged },
      })
    })
    await open()
    expect(await submit()).toMatchObject({ exchangeOrderId: '1852454420' })
    expect(venue.seen('POST', '/spot/orders')).toHaveLength(0)
    expect(JSON.stringify(venue.requests)).not.toContain('very-secret')
  })

  it.each([
    ['a 5xx', { header: { status: '500', channel: 'spot.order_place' }, data: { errs: { label: 'INTERNAL' } } }],
    ['a status that is none', { header: { status: 'odd', channel: 'spot.order_place' }, data: {} }],
    ['a result without an id', { data: { result: { text: 't-abc123' } } }],
  ])('is unknown after %s', async (_, frame) => {
    build({ orderEntry: 'websocket' })
    serveApi((_id, _channel, send) => send(frame))
    await open()
    await expect(submit()).rejects.toBeInstanceOf(OrderOutcomeUnknownException)
  })

  it('is refused with the fitting exception, and waits as long as the venue says', async () => {
    build({ orderEntry: 'websocket' })
    serveApi((_id, channel, send) =>
      send({
        header: {
          status: '429',
          channel,
          x_gate_ratelimit_limit: 10,
          x_gat_ratelimit_reset_timestamp: 4_000_000_000_000,
        },
        data: { errs: { label: 'TOO_MANY_REQUESTS', message: 'Request Rate limit Exceeded (211)' } },
      }),
    )
    await open()
    await expect(submit()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('cancels over the same connection', async () => {
    build({ orderEntry: 'websocket' })
    serveApi((_id, _channel, send) => send({ data: { result: acknowledged } }))
    await open()
    await exchange.orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId })
    expect(venue.requests.at(-1)).toMatchObject({
      channel: 'spot.order_cancel',
      payload: { req_param: { order_id: 't-abc123', currency_pair: 'BTC_USDT' } },
    })
  })

  it('moves to another socket when an upgrade is announced, and passes over what is no answer', async () => {
    build({ orderEntry: 'websocket' })
    serveApi((_id, channel, send) =>
      send({ header: { status: '200', channel, x_gate_ratelimit_limit: 10 }, data: { result: acknowledged } }),
    )
    await open()
    venue.push('not json')
    venue.push({ channel: 'spot.pong', event: '', result: null })
    venue.push(readFixture(import.meta.url, './fixtures/ws-system-upgrade.json'))
    await waitFor(() => venue.requests.filter((each) => each.channel === 'spot.login').length === 2, 'another login')
    expect(await submit()).toMatchObject({ exchangeOrderId: '1852454420' })
  })

  it('says that nothing was done when the login has expired, goes over REST, and logs in again', async () => {
    build({ orderEntry: 'websocket' })
    let expired = true
    serveApi((_id, channel, send) => {
      if (!expired) return send({ data: { result: acknowledged } })
      send({ header: { status: '401', channel }, data: { errs: { label: 'INVALID_KEY', message: 'Not login' } } })
    })
    await open()
    await expect(submit()).rejects.toMatchObject({ code: 'EXCHANGE_CONNECTION_FAILED', recovery: 'retry' })
    answer({ status: 201, body: JSON.stringify(acknowledged) })
    expect(await submit()).toMatchObject({ exchangeOrderId: '1852454420' })
    expired = false
    await waitFor(() => venue.requests.filter((each) => each.channel === 'spot.login').length === 2, 'another login')
    await waitFor(async () => {
      const before = venue.seen('POST', '/spot/orders').length
      await submit()
      return venue.seen('POST', '/spot/orders').length === before
    }, 'an order over the socket')
  })

  it('goes over REST while the login is refused', async () => {
    build({ orderEntry: 'websocket' })
    serveApi(() => undefined, '401')
    await exchange.orders.prepare()
    answer({ status: 201, body: JSON.stringify(acknowledged) })
    expect(await submit()).toMatchObject({ exchangeOrderId: '1852454420' })
    expect(venue.seen('POST', '/spot/orders')).toHaveLength(1)
  })
})

describe('the account over REST', () => {
  it('reads all pages of open orders and own trades', async () => {
    build()
    venue.routes.set('GET /spot/orders', (query) => ({
      json: Array.from({ length: query.get('page') === '1' ? 100 : 3 }, (_, i) => ({
        ...acknowledged,
        id: `${query.get('page')}${i}`,
        status: 'open',
      })),
    }))
    expect(await exchange.orders.fetchOpenOrders(instrument)).toHaveLength(103)
    const trade = readFixture<object>(import.meta.url, './fixtures/rest-my-trade.json')
    venue.routes.set('GET /spot/my_trades', (query) => ({
      json:
        query.get('from') === '1548000000'
          ? [
              { ...trade, id: '2' },
              { ...trade, id: '1', create_time_ms: '1548000000000' },
            ]
          : [],
    }))
    const fills = await exchange.orders.fetchFills({ instrument, fromMs: 1_548_000_000_100 })
    expect(fills.map((fill) => fill.fillId)).toEqual(['2-4128442423'])
  })

  it('tells of an order that could not be cancelled with the others', async () => {
    build()
    venue.routes.set('DELETE /spot/orders', () => ({
      json: [
        { id: '1', succeeded: true },
        { id: '2', succeeded: false, label: 'ORDER_CLOSED' },
      ],
    }))
    await exchange.orders.cancelAllOrders(instrument)
    venue.routes.set('DELETE /spot/orders', () => ({
      json: [{ id: '2', succeeded: false, label: 'CANCEL_FAIL', message: 'x' }],
    }))
    await expect(exchange.orders.cancelAllOrders(instrument)).rejects.toBeInstanceOf(ExchangeRequestException)
    venue.routes.set('DELETE /spot/orders', () => ({ json: [{ succeeded: false }] }))
    await expect(exchange.orders.cancelAllOrders(instrument)).rejects.toThrow('without id')
  })

  it('takes no countdown that is too short', async () => {
    build()
    await expect(exchange.orders.renewDeadManSwitch(1_000)).rejects.toBeInstanceOf(ExchangeRequestException)
  })

  it('passes on what is no missing order', async () => {
    build()
    venue.routes.set('GET /spot/orders/t-abc123', () => ({ status: 400, body: '{"label":"BAD_REQUEST","detail":"d"}' }))
    await expect(exchange.orders.fetchOrder({ instrument, clientOrderId: order.clientOrderId })).rejects.toBeInstanceOf(
      ExchangeRequestException,
    )
  })

  it('reads a unified account', async () => {
    build({ account: 'unified' })
    venue.routes.set('GET /unified/accounts', () => ({
      json: { balances: { USDT: { available: '5', freeze: '1' }, BTC: { available: '2' } } },
    }))
    const balances = await exchange.fetchBalances()
    expect(balances.map(({ asset, free, locked }) => `${asset} ${String(free)} ${String(locked)}`)).toEqual([
      'USDT 5 1',
      'BTC 2 0',
    ])
  })

  it('calls an answer of another shape unreadable', async () => {
    build()
    venue.routes.set('GET /spot/accounts', () => ({ json: { surprise: true } }))
    await expect(exchange.fetchBalances()).rejects.toBeInstanceOf(ExchangeDataException)
  })
})

describe('the account feed', () => {
  const events: string[] = []
  const listener = {
    onOrder: (update: { readonly exchangeOrderId: string }) => void events.push(`order ${update.exchangeOrderId}`),
    onFill: (fill: { readonly fillId: string }) => void events.push(`fill ${fill.fillId}`),
    onBalance: (balance: { readonly asset: string }) => void events.push(`balance ${balance.asset}`),
    onConnected: () => void events.push('connected'),
    onDisconnected: () => void events.push('disconnected'),
  }
  beforeEach(() => events.splice(0))

  it('signs for each channel and maps what it tells, leaving out pairs that nobody asked for', async () => {
    build()
    await exchange.account.open([instrument], listener)
    await exchange.account.open([instrument], listener)
    expect(exchange.account.connected).toBe(true)
    const channels = venue.requests.filter((each) => each.event === 'subscribe').map((each) => each.channel)
    expect(channels).toEqual(['spot.orders', 'spot.usertrades', 'spot.balances'])
    venue.push(readFixture(import.meta.url, './fixtures/ws-order.json'))
    const trade = readFixture<object>(import.meta.url, './fixtures/ws-user-trade.json')
    venue.push({ channel: 'spot.usertrades', event: 'update', result: [trade, { ...trade, currency_pair: 'X_Y' }] })
    venue.push({
      channel: 'spot.balances',
      event: 'update',
      result: [readFixture(import.meta.url, './fixtures/ws-balance.json')],
    })
    venue.push({ channel: 'spot.pong', event: '', result: null })
    await waitFor(() => events.length === 4, 'three events')
    expect(events).toEqual(['connected', 'order 399123456', 'fill 5736713-30784428', 'balance USDT'])
  })

  it('comes anew after a push that it cannot read, and after an announced upgrade without a break', async () => {
    build()
    await exchange.account.open([instrument], listener)
    venue.push({ channel: 'spot.orders', event: 'update', result: [{ odd: true }] })
    await waitFor(() => events.filter((each) => each === 'connected').length === 2, 'the stream to stand again')
    expect(events).toEqual(['connected', 'disconnected', 'connected'])
    expect(exchange.account.unreadableFrames).toBe(1)
    venue.push(readFixture(import.meta.url, './fixtures/ws-system-upgrade.json'))
    await waitFor(() => venue.streams.handshakes === 3, 'the next socket')
    expect(events).toHaveLength(3)
  })

  it('does not open with a key that is refused', async () => {
    build()
    venue.onRequest = (request, client) =>
      venue.refuse(request, client, 4, '{"label":"INVALID_KEY","message":"Invalid key provided"}\n')
    await expect(exchange.account.open([instrument], listener)).rejects.toBeInstanceOf(AuthenticationException)
    expect(exchange.account.connected).toBe(false)
    expect(events).toEqual([])
  })
})
