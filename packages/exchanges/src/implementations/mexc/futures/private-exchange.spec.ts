import {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  AuthenticationException,
  Decimal,
  ExchangeCapabilityException,
  ExchangeRequestException,
  InsufficientFundsException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  OrderRejectedException,
  type Instrument,
  type LimitOrderRequest,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Position } from '../../../structs/position.js'
import { startLocalMexcFutures } from '../../../testing/local-mexc-futures.js'
import type { LocalVenue } from '../../../testing/local-venue.js'
import { createTestInstrument } from '../../../testing/test-instrument.js'
import { MexcFuturesAccountFeed } from './account-feed.js'
import { MexcFuturesPrivateExchange } from './private-exchange.js'
import { MexcFuturesRestClient } from './rest-client.js'

const instrument: Instrument = createTestInstrument({
  marketType: 'futures',
  exchangeSymbol: 'BTC_USDT',
  tickSize: Decimal.parse('0.1'),
  lotSize: Decimal.one,
  contractSize: Decimal.parse('0.0001'),
})
const order: LimitOrderRequest = {
  instrument,
  clientOrderId: asClientOrderId('arb-f-0001'),
  correlationId: asCorrelationId('c'),
  type: 'limit',
  side: 'buy',
  priceTicks: 600_005,
  quantityLots: 3,
  execution: { timeInForce: 'ioc' },
}
const theirs = asExchangeOrderId('739113577038255616')
const row = {
  orderId: '739113577038255616',
  symbol: 'BTC_USDT',
  positionId: 1110417836,
  price: 60_000.5,
  vol: 3,
  leverage: 20,
  side: 3,
  category: 1,
  orderType: 3,
  dealAvgPrice: 60_000.466667,
  dealVol: 3,
  state: 3,
  externalOid: 'arb-f-0001',
  errorCode: 0,
  createTime: 1_761_912_240_000,
  updateTime: 1_761_912_240_001,
  positionMode: 2,
}
const fill = {
  id: '9466823344',
  symbol: 'BTC_USDT',
  side: 3,
  vol: 1,
  price: 60_000.5,
  fee: 0.0012,
  feeCurrency: 'USDT',
  orderId: '739113577038255616',
  timestamp: 1_761_912_240_000,
  taker: true,
}
const held = {
  positionId: 1109973831,
  symbol: 'BTC_USDT',
  positionType: 2,
  openType: 1,
  state: 1,
  holdVol: 5,
  holdAvgPrice: 109_777.5,
  liquidatePrice: 155_020.5,
  im: 27.444375,
  leverage: 2,
}
const ticker = { symbol: 'BTC_USDT', lastPrice: 1, lower24Price: 1, high24Price: 1, indexPrice: 1, fairPrice: 109_000 }

let venue: LocalVenue
let rest: MexcFuturesRestClient
let exchange: MexcFuturesPrivateExchange
beforeEach(async () => {
  venue = await startLocalMexcFutures()
  serve('GET private/position/position_mode', 2)
  const context = venue.context({ futuresWebSocketUrl: venue.streams.url })
  rest = new MexcFuturesRestClient(context)
  exchange = new MexcFuturesPrivateExchange(context, { rest, webSocket: new MexcFuturesAccountFeed(context, rest) })
})
afterEach(async () => {
  await exchange.close()
  await rest.close()
  await venue.close()
})

const answer = (route: string, body: object): void => {
  const [method, path] = route.split(' ')
  venue.routes.set(`${method} /api/v1/${path}`, () => body)
}
const serve = (route: string, data: unknown): void => answer(route, { success: true, code: 0, data })
const submit = (request: object = order) =>
  exchange.orders.submitOrder(request as never, { ackTimeoutMs: 1_000, purpose: 'open' })
const bodyOf = (path: string): unknown => JSON.parse(venue.seen('POST', `/api/v1/private/${path}`).at(-1)!.body)
const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('an order for contracts on MEXC', () => {
  beforeEach(() => serve('POST private/order/create', { orderId: '739113577038255616', ts: 1_761_888_808_839 }))

  it('is one-way, isolated, and names the leverage that was set', async () => {
    serve('GET private/position/open_positions', [])
    serve('POST private/position/change_leverage', null)
    await exchange.positions.setLeverage(instrument, 5)
    expect(await submit()).toEqual({
      clientOrderId: 'arb-f-0001',
      exchangeOrderId: '739113577038255616',
      exchangeTimeMs: 1_761_888_808_839,
    })
    expect(bodyOf('order/create')).toEqual({
      symbol: 'BTC_USDT',
      price: 60_000.5,
      vol: 3,
      leverage: 5,
      side: 1,
      type: 3,
      openType: 1,
      externalOid: 'arb-f-0001',
      positionMode: 2,
    })
    const { headers } = venue.seen('POST', '/api/v1/private/order/create')[0]!
    expect(headers).toMatchObject({ apikey: 'test-key', 'recv-window': '10' })
    expect(JSON.stringify(venue.http.seen)).not.toContain('very-secret')
  })

  it.each([
    [{ side: 'sell' }, { side: 3, type: 3 }],
    [
      { side: 'buy', reduceOnly: true },
      { side: 2, reduceOnly: true },
    ],
    [
      { side: 'sell', reduceOnly: true },
      { side: 4, reduceOnly: true },
    ],
    [{ execution: { timeInForce: 'gtc', postOnly: true } }, { type: 2 }],
    [{ execution: { timeInForce: 'gtc', postOnly: false } }, { type: 1 }],
    [{ execution: { timeInForce: 'fok' } }, { type: 4 }],
  ])('with %j goes out with %j, unlevered unless told', async (more, expected) => {
    await submit({ ...order, ...more })
    expect(bodyOf('order/create')).toMatchObject({ leverage: 1, ...expected })
  })

  it('is no market order and carries no id that the exchange refuses', async () => {
    await expect(submit({ ...order, type: 'market' })).rejects.toBeInstanceOf(ExchangeCapabilityException)
    await expect(submit({ ...order, clientOrderId: 'a b' })).rejects.toBeInstanceOf(ExchangeRequestException)
    expect(venue.seen('POST', '/api/v1/private/order/create')).toHaveLength(0)
  })

  it.each([
    [{ success: false, code: 2005, message: 'Balance insufficient' }, InsufficientFundsException],
    [{ success: false, code: 2011, message: 'Order quantity error' }, OrderRejectedException],
    [{ success: false, code: 500, message: 'Internal system error' }, OrderOutcomeUnknownException],
    [{ success: true, code: 0, data: null }, OrderOutcomeUnknownException],
  ])('answered with %j ends so', async (body, kind) => {
    answer('POST private/order/create', body)
    await expect(submit()).rejects.toBeInstanceOf(kind)
  })

  it('is told with the exact notional of a rounded average, by either id', async () => {
    serve('GET private/order/external/BTC_USDT/arb-f-0001', row)
    serve('GET private/order/get/739113577038255616', { ...row, state: 4, dealVol: 1, dealAvgPrice: 60_000.5 })
    const byOurs = await exchange.orders.fetchOrder({ instrument, clientOrderId: order.clientOrderId })
    expect(told(byOurs)).toEqual({
      instrumentId: instrument.id,
      clientOrderId: 'arb-f-0001',
      exchangeOrderId: '739113577038255616',
      side: 'sell',
      status: 'filled',
      quantity: '3',
      price: '60000.5',
      filledQuantity: '3',
      filledNotional: '18.00014',
      exchangeTimeMs: 1_761_912_240_001,
    })
    const byTheirs = await exchange.orders.fetchOrder({ instrument, exchangeOrderId: theirs })
    expect(byTheirs).toMatchObject({ status: 'cancelled', reason: undefined })
    serve('GET private/order/get/8', null)
    expect(await exchange.orders.fetchOrder({ instrument, exchangeOrderId: asExchangeOrderId('8') })).toBeUndefined()
  })

  it('is cancelled by either id, and a cancel that came too late is told', async () => {
    serve('POST private/order/cancel', [{ orderId: 739, errorCode: 0, errorMsg: 'success' }])
    await exchange.orders.cancelOrder({ instrument, exchangeOrderId: theirs })
    expect(bodyOf('order/cancel')).toEqual(['739113577038255616'])
    serve('POST private/order/cancel_with_external', null)
    await exchange.orders.cancelOrder({ instrument, clientOrderId: order.clientOrderId })
    expect(bodyOf('order/cancel_with_external')).toEqual([{ symbol: 'BTC_USDT', externalOid: 'arb-f-0001' }])
    serve('POST private/order/cancel', [{ orderId: 739, errorCode: 2041, errorMsg: 'order state cannot be cancelled' }])
    const late = exchange.orders.cancelOrder({ instrument, exchangeOrderId: theirs })
    await expect(late).rejects.toBeInstanceOf(OrderNotFoundException)
    serve('POST private/order/cancel_all', null)
    await exchange.orders.cancelAllOrders(instrument)
    expect(bodyOf('order/cancel_all')).toEqual({ symbol: 'BTC_USDT' })
  })

  it('is listed while it is open, and so are its executions', async () => {
    const open = (id: number, more: object) => ({ ...row, orderId: String(id), state: 2, ...more })
    venue.routes.set('GET /api/v1/private/order/list/open_orders/BTC_USDT', (query) => {
      const isFirst = query.get('page_num') === '1'
      const data = Array.from({ length: isFirst ? 100 : 2 }, (_, i) => open(isFirst ? i : 99 + i, { dealVol: 0 }))
      return { success: true, code: 0, data: isFirst ? data : { resultList: data } }
    })
    expect(await exchange.orders.fetchOpenOrders(instrument)).toHaveLength(101)
    serve('GET private/order/get/739113577038255616', row)
    serve('GET private/order/list/order_deals', [
      { ...fill, orderId: '1' },
      fill,
      { ...fill, id: '7', timestamp: 1, isTaker: false, taker: null },
    ])
    const fills = await exchange.orders.fetchFills({ instrument, exchangeOrderId: theirs })
    expect(told(fills)).toMatchObject([
      { fillId: '7-739113577038255616', role: 'maker' },
      { fillId: '9466823344-739113577038255616', role: 'taker', side: 'sell', fee: '0.0012', feeAsset: 'USDT' },
    ])
    const { url } = venue.seen('GET', '/api/v1/private/order/list/order_deals')[0]!
    expect(new URL(url, venue.http.origin).searchParams.get('start_time')).toBe('1761912240000')
    serve('GET private/order/list/order_deals', { resultList: [{ ...fill, feeCurrency: null }] })
    const since = await exchange.orders.fetchFills({ instrument, fromMs: 1_761_912_240_000 })
    expect(told(since)).toMatchObject([{ feeAsset: 'USDT', exchangeTimeMs: 1_761_912_240_000 }])
  })
})

describe('a futures account on MEXC', () => {
  it('has a wallet and its own fees', async () => {
    serve('GET private/account/assets', [
      {
        currency: 'USDT',
        positionMargin: 2,
        availableBalance: 0.03,
        cashBalance: 0.03,
        frozenBalance: 1.5,
        equity: 3.53,
      },
    ])
    expect(told(await exchange.fetchBalances())).toEqual([{ asset: 'USDT', free: '0.03', locked: '3.5' }])
    serve('GET private/account/tiered_fee_rate/v2', { realMakerFee: 0, realTakerFee: 0.0002 })
    expect(told(await exchange.fetchFees(instrument))).toEqual({ maker: '0', taker: '0.0002', assetRule: 'quote' })
    answer('GET private/account/tiered_fee_rate/v2', { success: false, code: 600, message: 'no' })
    expect(await exchange.fetchFees(instrument)).toBe(instrument.fees)
    answer('GET private/account/tiered_fee_rate/v2', { success: false, code: 401, message: 'no' })
    await expect(exchange.fetchFees(instrument)).rejects.toBeInstanceOf(AuthenticationException)
    expect(await exchange.fetchKeyRights()).toMatchObject({ canTrade: undefined })
  })

  it('has positions with what they are worth', async () => {
    serve('GET private/position/open_positions', [held])
    serve('GET contract/ticker', ticker)
    const [position] = await exchange.positions.fetchPositions([instrument])
    const { instrument: of, ...rest_ } = position!
    expect(of).toBe(instrument)
    expect(told(rest_)).toEqual({
      quantity: '-5',
      entryPrice: '109777.5',
      markPrice: '109000',
      liquidationPrice: '155020.5',
      margin: '27.444375',
      // Short 0.0005 from 109777.5 to 109000.
      unrealisedProfit: '0.38875',
      leverage: 2,
    })
    serve('GET private/position/open_positions', [{ ...held, positionType: 1, liquidatePrice: 0 }])
    expect((await exchange.positions.fetchPositions([instrument]))[0]).toMatchObject({ liquidationPrice: undefined })
    serve('GET private/position/open_positions', [])
    expect(told(await exchange.positions.fetchPositions([instrument]))).toMatchObject([{ quantity: '0', leverage: 2 }])
  })

  it('is refused while it keeps long and short apart', async () => {
    serve('GET private/position/position_mode', { positionMode: 1 })
    await expect(exchange.positions.fetchPositions([instrument])).rejects.toThrow('change_position_mode')
    await expect(exchange.account.open([instrument], silent)).rejects.toBeInstanceOf(ExchangeCapabilityException)
  })

  it('sets the leverage of both sides, or of what is held', async () => {
    serve('POST private/position/change_leverage', null)
    serve('GET private/position/open_positions', [])
    await exchange.positions.setLeverage(instrument, 5)
    const seen = () =>
      venue.seen('POST', '/api/v1/private/position/change_leverage').map(({ body }) => JSON.parse(body))
    const side = (positionType: number) => ({ symbol: 'BTC_USDT', leverage: 5, openType: 1, positionType })
    expect(seen()).toEqual([side(1), side(2)])
    serve('GET private/position/open_positions', [held])
    await exchange.positions.setLeverage(instrument, 3)
    expect(seen().at(-1)).toEqual({ positionId: '1109973831', leverage: 3 })
  })

  it('has paid funding, long and short', async () => {
    venue.routes.set('GET /api/v1/private/position/funding_records', (query) => {
      const side = query.get('position_type')!
      const record = {
        id: `1${side}`,
        symbol: 'BTC_USDT',
        positionType: Number(side),
        funding: side === '1' ? -0.5 : 0.25,
      }
      return {
        success: true,
        code: 0,
        data: { resultList: [{ ...record, settleTime: 1_761_897_600_000 - Number(side) }] },
      }
    })
    const payments = await exchange.positions.fetchFundingPayments({ instrument, fromMs: 0 })
    expect(told(payments.map(({ id, asset, amount, atMs }) => ({ id, asset, amount, atMs })))).toEqual([
      { id: '12', asset: 'USDT', amount: '0.25', atMs: 1_761_897_599_998 },
      { id: '11', asset: 'USDT', amount: '-0.5', atMs: 1_761_897_599_999 },
    ])
  })
})

const silent = {
  onOrder: () => undefined,
  onFill: () => undefined,
  onBalance: () => undefined,
  onConnected: () => undefined,
  onDisconnected: () => undefined,
}

describe('the stream of a futures account on MEXC', () => {
  const events: string[] = []
  const listener = {
    onOrder: ({ status }: { readonly status: string }) => void events.push(`order ${status}`),
    onFill: ({ fillId }: { readonly fillId: string }) => void events.push(`fill ${fillId}`),
    onBalance: ({ free }: { readonly free: Decimal }, atMs: number) => void events.push(`free ${String(free)} ${atMs}`),
    onPosition: ({ quantity }: Position, atMs: number) => void events.push(`position ${String(quantity)} ${atMs}`),
    onConnected: () => void events.push('connected'),
    onDisconnected: () => void events.push('disconnected'),
  }
  const push = (channel: string, data: object): void => venue.push(JSON.stringify({ channel, data, ts: 5 }))
  beforeEach(() => void events.splice(0))

  it('logs in and tells orders, fills, the wallet and positions of the contracts that were asked for', async () => {
    await exchange.account.open([instrument], listener)
    push('push.personal.order', { ...row, state: 2, dealVol: 1 })
    // An id beyond 2^53 as a JSON number loses nothing.
    venue.push(
      `{"channel":"push.personal.order.deal","data":${JSON.stringify(fill).replace('"739113577038255616"', '739113577038255616')},"ts":5}`,
    )
    push('push.personal.position', { ...held, positionType: 1 })
    push('push.personal.position', { ...held, state: 3, holdVol: 0 })
    push('push.personal.asset', {
      availableBalance: 0.7514236,
      bonus: 0,
      currency: 'USDT',
      frozenBalance: 0,
      positionMargin: 0,
    })
    for (const channel of ['push.personal.order', 'push.personal.order.deal', 'push.personal.position'])
      push(channel, { ...row, ...fill, ...held, symbol: 'X_USDT' })
    push('push.personal.risk.limit', { symbol: 'BTC_USDT' })
    await waitFor(() => events.length === 6, 'six events')
    expect(events).toEqual([
      'connected',
      'order partially_filled',
      'fill 9466823344-739113577038255616',
      'position 5 5',
      'position 0 5',
      'free 0.7514236 5',
    ])
  })

  it('comes anew after a push that it cannot read', async () => {
    await exchange.account.open([instrument], listener)
    push('push.personal.order', { odd: true })
    await waitFor(() => events.filter((each) => each === 'connected').length === 2, 'the stream to stand again')
    expect(exchange.account.unreadableFrames).toBe(1)
  })

  it('does not open with a key that is refused', async () => {
    venue.streams.onMessage = (_text, { socket }) =>
      socket.send('{"channel":"rs.error","data":"signature validation failed","ts":1}')
    await expect(exchange.account.open([instrument], listener)).rejects.toBeInstanceOf(AuthenticationException)
    expect(exchange.account.connected).toBe(false)
  })
})
