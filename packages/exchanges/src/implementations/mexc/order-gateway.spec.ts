import {
  AuthenticationException,
  Decimal,
  ExchangeCapabilityException,
  ExchangeConnectionException,
  InsufficientFundsException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  OrderRejectedException,
  RateLimitException,
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  type CexArbitrageException,
  type LimitOrderRequest,
  type OrderRequest,
  type RiskApproved,
  silentLogger,
} from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SubmitOptions } from '../../interfaces/order-gateway.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { LocalVenue, type LocalAnswer } from '../../testing/local-venue.js'
import { answerMexcText } from './fixtures/subscription-answer.js'
import { createMexcSpotOrderDialect } from './order-dialect.js'
import { MexcOrderGateway } from './order-gateway.js'
import { MexcRestClient } from './rest-client.js'

const instrument = createTestInstrument()
const approved = (order: OrderRequest) => order as RiskApproved<OrderRequest>
const limitOrder = (more: Partial<LimitOrderRequest> = {}) =>
  approved({
    instrument,
    clientOrderId: asClientOrderId('arb_0001-a'),
    correlationId: asCorrelationId('c-1'),
    type: 'limit',
    side: 'buy',
    priceTicks: 6_000_050,
    quantityLots: 100_000,
    execution: { timeInForce: 'gtc', postOnly: false },
    ...more,
  })
const submitOptions: SubmitOptions = { ackTimeoutMs: 1_000, purpose: 'open' }
const exactly = (status: number, body: string): LocalAnswer => ({ status, body })
const order = (more: object = {}) => ({
  symbol: 'BTCUSDT',
  orderId: 'C02__1',
  clientOrderId: 'arb_0001-a',
  price: '60000.5',
  origQty: '0.001',
  executedQty: '0',
  cummulativeQuoteQty: '0',
  status: 'NEW',
  type: 'LIMIT',
  side: 'BUY',
  time: 1_736_409_765_000,
  updateTime: null,
  ...more,
})
const trade = (id: string, time: number) => ({
  symbol: 'BTCUSDT',
  id,
  orderId: 'C02__1',
  price: '60000.5',
  qty: '0.001',
  commission: '0.03',
  commissionAsset: 'USDT',
  time,
  isBuyer: true,
  isMaker: false,
})

describe('MexcOrderGateway', () => {
  let venue: LocalVenue
  let rest: MexcRestClient
  let gateway: MexcOrderGateway

  beforeEach(async () => {
    venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    rest = new MexcRestClient(venue.context())
    gateway = new MexcOrderGateway(createMexcSpotOrderDialect(rest), venue.context().clock, silentLogger)
  })

  afterEach(async () => {
    await rest.close()
    await venue.close()
  })

  const submit = async (answer: LocalAnswer | 'cut' | 'silence', options = submitOptions): Promise<unknown> => {
    venue.routes.set('POST /api/v3/order', () => answer)
    return gateway.submitOrder(limitOrder(), options).then(
      (value) => value,
      (error: unknown) => error,
    )
  }
  const sentOrders = () => venue.seen('POST', '/api/v3/order')

  it('submits a signed order stamped with the clock of the exchange', async () => {
    const ahead = 90_000
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() + ahead }))
    const ack = await submit({ symbol: 'BTCUSDT', orderId: 'C02__342', transactTime: 1_666_676_533_741 })
    expect(ack).toEqual({
      clientOrderId: 'arb_0001-a',
      exchangeOrderId: 'C02__342',
      exchangeTimeMs: 1_666_676_533_741,
    })
    const { url, headers, body } = sentOrders()[0]!
    expect(url).toMatch(
      /^\/api\/v3\/order\?symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0\.001&price=60000\.5&newClientOrderId=arb_0001-a&recvWindow=5000&timestamp=\d+&signature=[0-9a-f]{64}$/,
    )
    expect(body).toBe('')
    expect(headers).toMatchObject({ 'x-mexc-apikey': 'test-key', 'content-type': 'application/json' })
    const timestamp = Number(/timestamp=(\d+)/.exec(url)![1])
    expect(Math.abs(timestamp - Date.now() - ahead)).toBeLessThan(2_000)
  })

  it('makes the clock of the exchange ready for orders, and tries again when that failed', async () => {
    venue.routes.set('GET /api/v3/time', () => exactly(400, '{}'))
    await gateway.prepare()
    expect(rest.serverClock.estimate).toBeUndefined()
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    await gateway.prepare()
    expect(rest.serverClock.estimate).toBeDefined()
  })

  it.each([
    ['HTTP 500', exactly(500, '{"code":500,"msg":"Internal error"}')],
    ['a maintenance page', exactly(503, '<html>')],
    ['a code that says nothing', exactly(400, '{"code":20002,"msg":"Internal system error please contact support"}')],
    ['an unreadable refusal', exactly(400, '<html>')],
    ['an unreadable success', exactly(200, '{"orderId":')],
    ['a success without an order id', exactly(200, '{}')],
    ['a lost connection', 'cut'],
  ] as const)('calls the outcome unknown after %s, and sends once', async (_, answer) => {
    const error = await submit(answer)
    expect(error).toBeInstanceOf(OrderOutcomeUnknownException)
    expect(error).toMatchObject({ recovery: 'reconcile', correlationId: 'c-1', exchange: 'mexc' })
    expect((error as Error).message).toContain('arb_0001-a')
    expect(sentOrders().length).toBe(1)
  })

  it('calls the outcome unknown when no answer comes in time', async () => {
    const error = await submit('silence', { ...submitOptions, ackTimeoutMs: 100 })
    expect(error).toBeInstanceOf(OrderOutcomeUnknownException)
    expect(sentOrders().length).toBe(1)
  })

  it.each([
    ['insufficient balance', exactly(400, '{"msg":"Insufficient position","code":30004}'), InsufficientFundsException],
    ['a wrong scale', exactly(400, '{"msg":" amount scale is invalid","code":400}'), OrderRejectedException],
    ['too many requests', exactly(429, '{"code":429,"msg":"Too Many Requests"}'), RateLimitException],
    ['the firewall', exactly(403, '<HTML>Access Denied</HTML>'), RateLimitException],
    [
      'a wrong signature',
      exactly(400, '{"code":700002,"msg":"Signature for this request is not valid."}'),
      AuthenticationException,
    ],
  ] as const)('knows that nothing rests after %s, and sends once', async (_, answer, expected) => {
    const error = await submit(answer)
    expect(error).toBeInstanceOf(expected)
    expect(['reject', 'retry']).toContain((error as CexArbitrageException).recovery)
    expect(sentOrders().length).toBe(1)
  })

  it('sends nothing at all while the firewall holds the host off', async () => {
    await submit(exactly(403, '<HTML>Access Denied</HTML>'))
    const asked = venue.http.seen.length
    await expect(rest.getOpenOrders('BTCUSDT')).rejects.toThrow(RateLimitException)
    await expect(gateway.cancelAllOrders(instrument)).rejects.toThrow(RateLimitException)
    expect(venue.http.seen.length).toBe(asked)
  })

  it('has sent nothing when the clock of the exchange cannot be read', async () => {
    venue.routes.set('GET /api/v3/time', () => exactly(500, ''))
    const error = await submit({ orderId: '1' })
    expect(error).toBeInstanceOf(ExchangeConnectionException)
    expect((error as CexArbitrageException).recovery).toBe('retry')
    expect(sentOrders()).toEqual([])
  })

  it('measures the clock anew after the exchange has refused a timestamp', async () => {
    await submit(exactly(400, '{"code":700003,"msg":"Timestamp for this request is outside of the recvWindow."}'))
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() + 50_000 }))
    await rest.measureServerTime()
    await submit({ orderId: '1' })
    const timestamp = Number(/timestamp=(\d+)/.exec(sentOrders()[1]!.url)![1])
    expect(timestamp - Date.now()).toBeGreaterThan(40_000)
  })

  it('never shows key, secret or signature in what it throws', async () => {
    const error = (await submit(exactly(500, ''))) as Error
    let text = ''
    for (let at: unknown = error; at instanceof Error; at = at.cause) text += `${at.message} ${JSON.stringify(at)}`
    expect(text).not.toMatch(/very-secret|test-key|signature=/)
  })

  it('cancels by either id and says when there is nothing to cancel', async () => {
    venue.routes.set('DELETE /api/v3/order', (query) =>
      query.get('orderId') === 'gone'
        ? exactly(400, '{"code":-2011,"msg":"Unknown order sent."}')
        : { symbol: 'BTCUSDT', orderId: 'C02__1', status: 'NEW' },
    )
    await gateway.cancelOrder({ instrument, clientOrderId: asClientOrderId('arb-1') })
    await gateway.cancelOrder({
      instrument,
      clientOrderId: asClientOrderId('arb-1'),
      exchangeOrderId: asExchangeOrderId('C02__1'),
    })
    const gone = gateway.cancelOrder({ instrument, exchangeOrderId: asExchangeOrderId('gone') })
    await expect(gone).rejects.toThrow(OrderNotFoundException)
    const urls = venue.seen('DELETE', '/api/v3/order').map(({ url }) => url)
    expect(urls[0]).toContain('symbol=BTCUSDT&origClientOrderId=arb-1&')
    expect(urls[1]).toContain('symbol=BTCUSDT&orderId=C02__1&')
    await expect(gateway.cancelOrder({ instrument } as never)).rejects.toThrow(/without an id/)
  })

  it('cancels everything on an instrument', async () => {
    venue.routes.set('DELETE /api/v3/openOrders', () => [{ orderId: '1' }])
    await gateway.cancelAllOrders(instrument)
    expect(venue.seen('DELETE', '/api/v3/openOrders')[0]!.url).toContain('symbol=BTCUSDT')
  })

  it('finds an order that queries do not know at first', async () => {
    let asked = 0
    venue.routes.set('GET /api/v3/order', () =>
      ++asked < 3 ? exactly(400, '{"code":-2013,"msg":"Order does not exist."}') : order(),
    )
    const found = await gateway.fetchOrder({ instrument, clientOrderId: asClientOrderId('arb_0001-a') })
    expect(found).toMatchObject({ status: 'open', exchangeOrderId: 'C02__1', clientOrderId: 'arb_0001-a' })
  })

  it('answers undefined for an order that stays unknown, and passes other failures on', async () => {
    venue.routes.set('GET /api/v3/order', () => exactly(400, '{"code":-2013,"msg":"Order does not exist."}'))
    const reference = { instrument, exchangeOrderId: asExchangeOrderId('x') }
    expect(await gateway.fetchOrder(reference)).toBeUndefined()
    venue.routes.set('GET /api/v3/order', () => exactly(400, '{"code":10072,"msg":"Api key info invalid"}'))
    await expect(gateway.fetchOrder(reference)).rejects.toThrow(AuthenticationException)
  })

  it('lists open orders', async () => {
    venue.routes.set('GET /api/v3/openOrders', () => [
      order(),
      order({ orderId: 'C02__2', executedQty: '0.0005', status: 'PARTIALLY_FILLED' }),
    ])
    const open = await gateway.fetchOpenOrders(instrument)
    expect(open.map(({ status }) => status)).toEqual(['open', 'partially_filled'])
  })

  it('pages fills back by time until a page brings nothing new, oldest first', async () => {
    const all = Array.from({ length: 150 }, (_, i) => trade(`t${150 - i}`, (150 - i) * 1_000))
    venue.routes.set('GET /api/v3/myTrades', (query) => {
      const end = Number(query.get('endTime') ?? Number.POSITIVE_INFINITY)
      return all.filter(({ time }) => time <= end && time >= Number(query.get('startTime'))).slice(0, 100)
    })
    const fills = await gateway.fetchFills({ instrument, fromMs: 20_500 })
    expect(fills.length).toBe(131)
    expect([fills[0]!.fillId, fills.at(-1)!.fillId]).toEqual(['t20', 't150'])
    expect(fills[0]).toMatchObject({ side: 'buy', role: 'taker', feeAsset: 'USDT' })
  })

  it('asks again for the fills of an order that has some', async () => {
    let asked = 0
    venue.routes.set('GET /api/v3/myTrades', () => (++asked < 2 ? [] : [trade('t1', 1_000)]))
    venue.routes.set('GET /api/v3/order', () => order({ executedQty: '0.001', status: 'FILLED' }))
    const fills = await gateway.fetchFills({ instrument, exchangeOrderId: asExchangeOrderId('C02__1') })
    expect(fills.length).toBe(1)
    venue.routes.set('GET /api/v3/myTrades', () => [])
    venue.routes.set('GET /api/v3/order', () => order())
    expect(await gateway.fetchFills({ instrument, exchangeOrderId: asExchangeOrderId('C02__1') })).toEqual([])
  })

  it('admits a trade only when all its calls fit, and spends what was set aside', async () => {
    const permit = gateway.admitTrade({ orders: 4, cancels: 2, queries: 2 })
    expect(permit).toBeDefined()
    expect(gateway.admitTrade({ orders: 8, cancels: 0, queries: 0 })).toBeUndefined()
    expect(await submit({ orderId: '1' })).toMatchObject({ exchangeOrderId: '1' })
    permit!.release()
    expect(rest.admissions.open).toBe(0)
    expect(gateway.admitTrade({ orders: 5, cancels: 0, queries: 0 })).toBeDefined()
  })

  it('has no dead-man switch', async () => {
    await expect(gateway.renewDeadManSwitch()).rejects.toThrow(ExchangeCapabilityException)
  })

  it('sends market orders by amount or quantity', async () => {
    venue.routes.set('POST /api/v3/order', () => ({ orderId: '1', transactTime: null }))
    const head = { instrument, clientOrderId: asClientOrderId('a'), correlationId: asCorrelationId('c') }
    await gateway.submitOrder(
      approved({ ...head, type: 'market', side: 'buy', quoteAmount: Decimal.parse('12.345') }),
      submitOptions,
    )
    await gateway.submitOrder(approved({ ...head, type: 'market', side: 'sell', quantityLots: 150_000_000 }), {
      ...submitOptions,
      purpose: 'hedge',
    })
    const urls = sentOrders().map(({ url }) => url)
    expect(urls[0]).toContain('side=BUY&type=MARKET&quoteOrderQty=12.34&newClientOrderId=a&')
    expect(urls[1]).toContain('side=SELL&type=MARKET&quantity=1.5&newClientOrderId=a&')
  })
})

describe('MexcRestClient without a key', () => {
  it('refuses signed calls and names what is missing', async () => {
    const venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    const { credentials: _, ...context } = venue.context()
    const rest = new MexcRestClient(context)
    expect(rest.isAuthenticated).toBe(false)
    await expect(rest.getAccount()).rejects.toThrow(AuthenticationException)
    await rest.close()
    await venue.close()
  })
})
