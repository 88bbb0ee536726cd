import {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  Decimal,
  ExchangeCapabilityException,
  ExchangeRequestException,
  InsufficientFundsException,
  OrderOutcomeUnknownException,
  OrderRejectedException,
  OrderWouldTakeException,
  SymbolException,
  type Instrument,
  type LimitOrderRequest,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Position } from '../../../structs/position.js'
import { LocalGateio, type LocalAnswer } from '../../../testing/local-gateio.js'
import { createTestInstrument } from '../../../testing/test-instrument.js'
import { GateioFuturesAccountFeed } from './account-feed.js'
import { GateioFuturesPrivateExchange } from './private-exchange.js'
import { GateioFuturesRestClient } from './rest-client.js'

const textOf = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8').trim()
const fixture = (name: string) => JSON.parse(textOf(name)) as Record<string, unknown>
const instrument: Instrument = createTestInstrument({
  marketType: 'futures',
  exchangeSymbol: 'BTC_USDT',
  tickSize: Decimal.parse('0.1'),
  lotSize: Decimal.one,
  contractSize: Decimal.parse('0.0001'),
})
const order: LimitOrderRequest = {
  instrument,
  clientOrderId: asClientOrderId('my-custom-id'),
  correlationId: asCorrelationId('c'),
  type: 'limit',
  side: 'buy',
  priceTicks: 650_000,
  quantityLots: 10,
  execution: { timeInForce: 'gtc', postOnly: false },
}
const options = { ackTimeoutMs: 1_000, purpose: 'open' } as const

let venue: LocalGateio
let rest: GateioFuturesRestClient
let exchange: GateioFuturesPrivateExchange
beforeEach(async () => {
  venue = await LocalGateio.start()
  serve('GET /futures/usdt/accounts', { status: 200, body: textOf('rest-futures-account') })
  build()
})
afterEach(async () => {
  await exchange.close()
  await rest.close()
  await venue.close()
})

function build(connectorOptions: Readonly<Record<string, unknown>> = { orderEntry: 'rest' }): void {
  const context = venue.context(connectorOptions)
  rest = new GateioFuturesRestClient(context)
  exchange = new GateioFuturesPrivateExchange(context, { rest, webSocket: new GateioFuturesAccountFeed(context, rest) })
}
const serve = (route: string, answer: LocalAnswer): void => void venue.routes.set(route, () => answer)
const submit = () => exchange.orders.submitOrder(order as never, options)

describe('an order for contracts over REST', () => {
  it('is acknowledged with an id beyond 2^53', async () => {
    serve('POST /futures/usdt/orders', { status: 201, body: textOf('rest-futures-order') })
    expect(await submit()).toEqual({
      clientOrderId: 'my-custom-id',
      exchangeOrderId: '36028813724316572',
      exchangeTimeMs: 1_764_590_400_123,
    })
    const [seen] = venue.seen('POST', '/futures/usdt/orders')
    expect(JSON.parse(seen!.body)).toEqual({
      text: 't-my-custom-id',
      contract: 'BTC_USDT',
      size: '10',
      price: '65000',
      tif: 'gtc',
    })
    expect(seen!.headers).toMatchObject({ key: 'key', 'x-gate-size-decimal': '1' })
    expect(Number(seen!.headers['x-gate-exptime'])).toBeGreaterThan(1_600_000_000_000)
  })

  it.each([
    ['too little margin', 'INSUFFICIENT_AVAILABLE', InsufficientFundsException],
    ['a post-only order that would take', 'ORDER_POC_IMMEDIATE', OrderWouldTakeException],
    ['a reduce-only order that would increase', 'INCREASE_POSITION', OrderRejectedException],
    ['an empty position', 'POSITION_EMPTY', OrderRejectedException],
    ['an unknown contract', 'CONTRACT_NOT_FOUND', SymbolException],
  ])('is refused for %s, which the detail tells', async (_, label, kind) => {
    serve('POST /futures/usdt/orders', { status: 400, body: JSON.stringify({ label, detail: 'why it was' }) })
    await expect(submit()).rejects.toBeInstanceOf(kind)
    await expect(submit()).rejects.toThrow('why it was')
  })

  it('is unknown after a 5xx and after an answer about another order', async () => {
    serve('POST /futures/usdt/orders', { status: 503, body: '{"label":"TOO_BUSY"}' })
    await expect(submit()).rejects.toBeInstanceOf(OrderOutcomeUnknownException)
    const other = JSON.stringify({ ...fixture('rest-futures-order'), text: 't-other' })
    serve('POST /futures/usdt/orders', { status: 201, body: other })
    await expect(submit()).rejects.toBeInstanceOf(OrderOutcomeUnknownException)
  })

  it('is cancelled, found and asked for by our id', async () => {
    serve('DELETE /futures/usdt/orders/t-my-custom-id', { status: 200, body: textOf('rest-futures-order') })
    await exchange.orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId })
    serve('GET /futures/usdt/orders/t-my-custom-id', { status: 200, body: textOf('rest-futures-order') })
    expect(await exchange.orders.fetchOrder({ instrument, clientOrderId: order.clientOrderId })).toMatchObject({
      exchangeOrderId: '36028813724316572',
      status: 'open',
    })
    serve('GET /futures/usdt/orders/7', { status: 404, body: '{"label":"ORDER_NOT_FOUND"}' })
    expect(await exchange.orders.fetchOrder({ instrument, exchangeOrderId: asExchangeOrderId('7') })).toBeUndefined()
  })

  it('is counted down to its cancel', async () => {
    serve('POST /futures/usdt/countdown_cancel_all', { json: { triggerTime: '1660039145000' } })
    await exchange.orders.renewDeadManSwitch(9_500)
    expect(JSON.parse(venue.seen('POST', '/futures/usdt/countdown_cancel_all')[0]!.body)).toEqual({ timeout: 10 })
  })
})

describe('an order for contracts over the WebSocket API', () => {
  beforeEach(() => {
    build({ orderEntry: 'websocket' })
    venue.onRequest = ({ event, channel, payload, ...request }, client) => {
      if (event !== 'api') {
        venue.acknowledge({ event, channel, ...request } as never, client)
        return
      }
      const header = { status: '200', channel }
      const send = (frame: string) => client.socket.send(frame)
      const id = payload!.req_id
      if (channel === 'futures.login')
        send(JSON.stringify({ request_id: id, header, data: { result: { api_key: 'key', uid: '1' } } }))
      else if (channel === 'futures.order_place') {
        send(JSON.stringify({ request_id: id, ack: true, header, data: { result: { req_id: id } } }))
        const result = '{"id":36028813724316572,"create_time":1681195484.462,"status":"open","text":"t-my-custom-id"}'
        send(`{"request_id":"${id}","ack":false,"header":${JSON.stringify(header)},"data":{"result":${result}}}`)
      } else send(JSON.stringify({ request_id: id, header, data: { result: {} } }))
    }
  })

  it('is placed by the result, not the receipt, and cancelled there by the exchange’s id alone', async () => {
    await exchange.orders.prepare()
    await waitFor(() => venue.requests.some((each) => each.channel === 'futures.login'), 'the login')
    expect(await submit()).toEqual({
      clientOrderId: 'my-custom-id',
      exchangeOrderId: '36028813724316572',
      exchangeTimeMs: 1_681_195_484_462,
    })
    await exchange.orders.cancelOrder({ instrument, exchangeOrderId: asExchangeOrderId('36028813724316572') })
    expect(venue.requests.at(-1)).toMatchObject({
      channel: 'futures.order_cancel',
      payload: { req_param: { order_id: '36028813724316572' } },
    })
    serve('DELETE /futures/usdt/orders/t-my-custom-id', { json: {} })
    await exchange.orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId })
    expect(venue.seen('DELETE', '/futures/usdt/orders/t-my-custom-id')).toHaveLength(1)
  })
})

describe('lists of a futures account', () => {
  it('are read to their last page, each row once', async () => {
    const rows = (offset: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...fixture('rest-futures-order'), id: String(offset + i + 1) }))
    // A row that came in between moves the others: the last one of the page before comes again.
    venue.routes.set('GET /futures/usdt/orders', (query) => ({
      json: query.get('offset') === '0' ? rows(0, 100) : rows(99, 4),
    }))
    expect(await exchange.orders.fetchOpenOrders(instrument)).toHaveLength(103)
  })

  it('bring executions of an order, or since a moment, oldest first', async () => {
    const trade = fixture('rest-futures-my-trade')
    const { id: _, ...byTime } = trade
    venue.routes.set('GET /futures/usdt/my_trades', (query) => ({
      json: query.get('order') === '21893289839' ? [trade, { ...trade, id: 1, create_time: 1_514_764_799.5 }] : [],
    }))
    venue.routes.set('GET /futures/usdt/my_trades_timerange', (query) => ({
      json: query.get('from') === '1514764800' ? [{ ...byTime, trade_id: '9' }] : [],
    }))
    const exchangeOrderId = asExchangeOrderId('21893289839')
    const fills = await exchange.orders.fetchFills({ instrument, exchangeOrderId })
    expect(fills.map((fill) => fill.fillId)).toEqual(['1-21893289839', '121234231-21893289839'])
    const since = await exchange.orders.fetchFills({ instrument, fromMs: 1_514_764_800_100 })
    expect(since.map((fill) => fill.fillId)).toEqual(['9-21893289839'])
  })

  it('cancel every order of a contract', async () => {
    venue.routes.set('DELETE /futures/usdt/orders', (query) => ({
      json: query.get('contract') === 'BTC_USDT' ? [fixture('rest-futures-order')] : [],
    }))
    await exchange.orders.cancelAllOrders(instrument)
    expect(venue.seen('DELETE', '/futures/usdt/orders')).toHaveLength(1)
  })
})

describe('a futures account', () => {
  it('has one wallet and its own fees', async () => {
    const [wallet, ...others] = await exchange.fetchBalances()
    expect([wallet!.asset, wallet!.free.toString(), others.length]).toEqual(['USDT', '9669.091377934145', 0])
    serve('GET /futures/usdt/fee', { json: { BTC_USDT: { taker_fee: '0.0005', maker_fee: '0.0002' } } })
    const fees = await exchange.fetchFees(instrument)
    expect([fees.maker.toString(), fees.taker.toString(), fees.assetRule]).toEqual(['0.0002', '0.0005', 'quote'])
    serve('GET /futures/usdt/fee', { json: {} })
    await expect(exchange.fetchFees(instrument)).rejects.toBeInstanceOf(SymbolException)
    expect(await exchange.fetchKeyRights()).toMatchObject({ canWithdraw: undefined })
  })

  it.each([
    [{ position_mode: 'dual', in_dual_mode: true }, 'dual_mode=false'],
    [{ position_mode: 'dual_plus' }, 'one-way'],
    [{ margin_mode: 1 }, 'classic'],
  ])('is refused with %j, with a word on how to change it', async (more, word) => {
    serve('GET /futures/usdt/accounts', { json: { ...fixture('rest-futures-account'), ...more } })
    await expect(exchange.fetchBalances()).rejects.toBeInstanceOf(ExchangeCapabilityException)
    await expect(exchange.account.open([instrument], silent)).rejects.toThrow(word)
  })
})

describe('positions in contracts', () => {
  const positionOf = async (): Promise<Position> => (await exchange.positions.fetchPositions([instrument]))[0]!
  const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

  it('are read with margin, profit and liquidation price', async () => {
    serve('GET /futures/usdt/positions/BTC_USDT', { status: 200, body: textOf('rest-futures-position') })
    const { instrument: of, ...position } = await positionOf()
    expect(of).toBe(instrument)
    expect(told(position)).toEqual({
      quantity: '-9440',
      entryPrice: '3779.55',
      markPrice: '3780.32',
      liquidationPrice: '99999999',
      margin: '4.431548146258',
      unrealisedProfit: '-0.000507486844',
      leverage: 10,
    })
  })

  it('are flat where there is none, however the exchange says so', async () => {
    serve('GET /futures/usdt/positions/BTC_USDT', { status: 404, body: '{"label":"POSITION_NOT_FOUND"}' })
    expect((await positionOf()).quantity.isZero).toBe(true)
    const flat = { ...fixture('rest-futures-position'), size: 0, leverage: '5', margin: '0', initial_margin: '' }
    serve('GET /futures/usdt/positions/BTC_USDT', { json: flat })
    expect(await positionOf()).toMatchObject({ entryPrice: undefined, liquidationPrice: undefined, leverage: 5 })
  })

  it.each([
    { json: { ...fixture('rest-futures-position'), mode: 'dual_long' } },
    { status: 400, body: '{"label":"POSITION_DUAL_MODE"}' },
  ])('are not read where long and short are kept apart', async (answer) => {
    serve('GET /futures/usdt/positions/BTC_USDT', answer)
    await expect(positionOf()).rejects.toBeInstanceOf(ExchangeCapabilityException)
  })

  it('are not read from an answer that says something else', async () => {
    serve('GET /futures/usdt/positions/BTC_USDT', { status: 400, body: '{"label":"BAD_REQUEST"}' })
    await expect(positionOf()).rejects.toBeInstanceOf(ExchangeRequestException)
  })

  it('take their leverage in the query of a command without a body', async () => {
    serve('POST /futures/usdt/positions/BTC_USDT/leverage', { json: fixture('rest-futures-position') })
    await exchange.positions.setLeverage(instrument, 3)
    const [seen] = venue.seen('POST', '/futures/usdt/positions/BTC_USDT/leverage')
    expect([seen!.url.split('?')[1], seen!.body]).toEqual(['leverage=3', ''])
  })

  it('have cost funding, which is read to the last page and put in order', async () => {
    const row = { ...fixture('rest-futures-account-book'), type: 'fund', contract: 'BTC_USDT' }
    venue.routes.set('GET /futures/usdt/account_book', (query) => ({
      json:
        query.get('offset') === '0'
          ? Array.from({ length: 100 }, (_, i) => ({ ...row, id: String(200 - i), time: 1_682_300_000 - i }))
          : [
              { ...row, id: '7', time: '1682290000.5', change: '-1.5' },
              { ...row, id: '6', type: 'fee' },
              { ...row, id: undefined, time: 1_682_280_000 },
              { ...row, id: '5', time: 1 },
            ],
    }))
    const payments = await exchange.positions.fetchFundingPayments({ instrument, fromMs: 1_682_280_000_000 })
    expect(payments).toHaveLength(102)
    expect(payments[0]).toMatchObject({ id: 'BTC_USDT-1682280000' })
    expect(payments[1]).toMatchObject({ id: '7', asset: 'USDT', atMs: 1_682_290_000_500 })
    expect(payments[1]!.amount.toString()).toBe('-1.5')
    expect(payments.at(-1)).toMatchObject({ id: '200' })
    expect(
      Object.fromEntries(new URLSearchParams(venue.seen('GET', '/futures/usdt/account_book')[0]!.url.split('?')[1])),
    ).toEqual({ contract: 'BTC_USDT', type: 'fund', from: '1682280000', limit: '100', offset: '0' })
  })
})

const silent = {
  onOrder: () => undefined,
  onFill: () => undefined,
  onBalance: () => undefined,
  onConnected: () => undefined,
  onDisconnected: () => undefined,
}

describe('the stream of a futures account', () => {
  const events: string[] = []
  const listener = {
    onOrder: (update: { readonly exchangeOrderId: string }) => void events.push(`order ${update.exchangeOrderId}`),
    onFill: (fill: { readonly fillId: string }) => void events.push(`fill ${fill.fillId}`),
    onBalance: (balance: { readonly free: Decimal }) => void events.push(`free ${balance.free.toString()}`),
    onPosition: ({ quantity, leverage }: Position, atMs: number) =>
      void events.push(`position ${quantity.toString()} ${leverage} ${atMs}`),
    onConnected: () => void events.push('connected'),
    onDisconnected: () => void events.push('disconnected'),
  }
  const push = (channel: string, result: string): void =>
    venue.push(`{"time":1,"channel":"${channel}","event":"update","result":[${result}]}`)
  const seen = (text: string) => waitFor(() => events.some((each) => each.startsWith(text)), text)
  beforeEach(() => void events.splice(0))

  it('subscribes by the account’s number and maps what it tells, leaving out contracts that nobody asked for', async () => {
    await exchange.account.open([instrument], listener)
    const subscriptions = venue.requests.filter((each) => each.event === 'subscribe')
    expect(subscriptions.map(({ channel, payload }) => `${channel} ${payload!.join(' ')}`)).toEqual([
      'futures.orders 1666 !all',
      'futures.usertrades 1666 !all',
      'futures.positions 1666 !all',
      'futures.balances 1666',
    ])
    venue.push(textOf('ws-futures-order').replaceAll('\n', ''))
    await seen('order 58828270140012048')
    push('futures.usertrades', textOf('ws-futures-user-trade'))
    await seen('fill 3335259-4872460')
    const elsewhere = textOf('ws-futures-user-trade').replace('BTC_USDT', 'X_USDT').replace('3335259', '1')
    push('futures.usertrades', elsewhere)
    push('futures.positions', textOf('ws-futures-position'))
    await seen('position 3 0 1628736848321')
    expect(events).not.toContain('fill 1-4872460')
  })

  it('asks what of the wallet is free when anything has touched it', async () => {
    await exchange.account.open([instrument], listener)
    push('futures.balances', textOf('ws-futures-balance'))
    await seen('free 9669.091377934145')
    serve('GET /futures/usdt/accounts', { json: { ...fixture('rest-futures-account'), available: '7' } })
    push('futures.positions', textOf('ws-futures-position'))
    await seen('free 7')
  })

  it('comes anew after a push that it cannot read', async () => {
    await exchange.account.open([instrument], listener)
    push('futures.positions', '{"odd":true}')
    await waitFor(() => events.filter((each) => each === 'connected').length === 2, 'the stream to stand again')
    expect(exchange.account.unreadableFrames).toBe(1)
  })
})
