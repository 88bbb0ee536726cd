import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type MexcBench, startMexcBench } from '../../testing/mexc-bench.js'
import type { MexcClient } from '../../testing/mexc-client.js'

type Json = Record<string, unknown>

let bench: MexcBench

const call = async (method: string, path: string, parameters: Record<string, string> = {}, client = bench.alice) =>
  (await client.signedCall(method, `/api/v3/${path}`, parameters)).body as Json

const limit = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', quantity: '0.1', price: '60000' }
const place = (change: Record<string, string> = {}, client?: MexcClient) =>
  call('POST', 'order', { ...limit, ...change }, client)
const query = (orderId: unknown) => call('GET', 'order', { symbol: 'BTCUSDT', orderId: String(orderId) })
const placed = async (change: Record<string, string> = {}) => query((await place(change))['orderId'])

const limits = { orders: null, batchOrders: null, account: null, ipWeight: null }

describe('orders', () => {
  beforeEach(async () => {
    bench = await startMexcBench({ mexc: { rateLimits: limits } })
    bench.rest('buy', 59_999.5, 0.5)
    bench.rest('sell', 60_000.5, 0.2)
    bench.rest('sell', 60_010, 0.3)
  })
  afterEach(() => bench.close())

  it('acknowledges without status, and shows the order to queries', async () => {
    const acknowledged = await place({ price: '59000.10', newClientOrderId: 'arb_1-a', timeInForce: 'IOC' })
    expect(acknowledged).toEqual({
      symbol: 'BTCUSDT',
      orderId: expect.stringMatching(/^C02__\d{21}$/),
      orderListId: -1,
      price: '59000.1',
      origQty: '0.1',
      type: 'LIMIT',
      side: 'BUY',
      stpMode: '',
      transactTime: bench.clock.nowMs(),
    })
    const order = await call('GET', 'order', { symbol: 'BTCUSDT', origClientOrderId: 'arb_1-a' })
    expect(order).toEqual({
      symbol: 'BTCUSDT',
      orderId: acknowledged['orderId'],
      orderListId: -1,
      clientOrderId: 'arb_1-a',
      price: '59000.1',
      origQty: '0.1',
      executedQty: '0',
      cummulativeQuoteQty: '0',
      status: 'NEW',
      timeInForce: null,
      type: 'LIMIT',
      side: 'BUY',
      stopPrice: null,
      icebergQty: null,
      time: bench.clock.nowMs(),
      updateTime: null,
      isWorking: true,
      stpMode: '',
      cancelReason: null,
      origQuoteOrderQty: '0',
    })
    expect(await call('GET', 'openOrders')).toEqual([order])
    expect(await call('GET', 'openOrders', { symbol: 'BTCUSDT,MXUSDT' })).toEqual([order])
    expect(await call('GET', 'openOrders', { symbol: 'MXUSDT' })).toEqual([])
    expect(await call('GET', 'openOrders', { symbol: 'A,B,C,D,E,F' })).toMatchObject({ code: -1128 })
    expect(await call('GET', 'allOrders', { symbol: 'BTCUSDT' })).toEqual([order])
  })

  it('locks the price and the room for the fee, and gives both back', async () => {
    await place({ price: '59000', quantity: '1' })
    const balances = async () =>
      ((await call('GET', 'account'))['balances'] as Json[]).find(({ asset }) => asset === 'USDT')
    expect(await balances()).toEqual({ asset: 'USDT', free: '40970.5', locked: '59029.5', available: '40970.5' })
    await call('DELETE', 'openOrders', { symbol: 'BTCUSDT' })
    expect(await balances()).toMatchObject({ free: '100000', locked: '0' })
  })

  it('ends each kind as it should', async () => {
    expect(await placed({ type: 'LIMIT_MAKER', price: '60000.5' })).toMatchObject({
      status: 'CANCELED',
      executedQty: '0',
    })
    expect(await placed({ type: 'LIMIT_MAKER', price: '60000.49' })).toMatchObject({ status: 'NEW' })
    const ioc = await placed({ type: 'IMMEDIATE_OR_CANCEL', price: '60005', quantity: '0.25' })
    expect(ioc).toMatchObject({ status: 'PARTIALLY_CANCELED', executedQty: '0.2', cummulativeQuoteQty: '12000.1' })
    const fok = { type: 'FILL_OR_KILL', price: '60010' }
    expect(await placed({ ...fok, quantity: '0.31' })).toMatchObject({ status: 'CANCELED', executedQty: '0' })
    expect(await placed({ ...fok, quantity: '0.2' })).toMatchObject({ status: 'FILLED', isWorking: false })
    expect(await placed({ price: '60010', quantity: '0.2' })).toMatchObject({
      status: 'PARTIALLY_FILLED',
      executedQty: '0.1',
    })
  })

  it('frees post-only orders from the price band', async () => {
    expect(await placed({ type: 'LIMIT_MAKER', price: '60400' })).toMatchObject({
      status: 'CANCELED',
      executedQty: '0',
    })
  })

  it('runs market orders as immediate ones with a protective price', async () => {
    const market = { symbol: 'BTCUSDT', type: 'MARKET' }
    const byQuantity = await call('POST', 'order', { ...market, side: 'BUY', quantity: '0.1' })
    expect(byQuantity).toMatchObject({ price: '63000.52', origQty: '0.1' })
    expect(await query(byQuantity['orderId'])).toMatchObject({ status: 'FILLED', cummulativeQuoteQty: '6000.05' })
    const byMoney = await call('POST', 'order', { ...market, side: 'BUY', quoteOrderQty: '600.01', price: '1' })
    expect(byMoney).toMatchObject({ origQty: '0', price: '63000.52' })
    expect(await query(byMoney['orderId'])).toMatchObject({
      status: 'FILLED',
      origQty: '0.01',
      executedQty: '0.01',
      origQuoteOrderQty: '600.01',
    })
    const sold = await call('POST', 'order', { ...market, side: 'SELL', quantity: '0.6' })
    expect(sold).toMatchObject({ price: '56999.52' })
    expect(await query(sold['orderId'])).toMatchObject({ status: 'PARTIALLY_CANCELED', executedQty: '0.5' })
    const nobody = await call('POST', 'order', { ...market, side: 'SELL', quantity: '0.1' })
    expect(nobody).toEqual({ msg: 'no exist opponent order', code: 30025 })
    bench.rest('buy', 50_000, 1)
    const forMoney = await call('POST', 'order', { ...market, side: 'SELL', quoteOrderQty: '1000' })
    expect(await query(forMoney['orderId'])).toMatchObject({ executedQty: '0.02', cummulativeQuoteQty: '1000' })
  })

  it('takes the fee of both sides in quote, and keeps the sums at zero', async () => {
    await place({ price: '60000.5' })
    await place({ side: 'SELL', price: '59999.5' })
    const fills = (await call('GET', 'myTrades', { symbol: 'BTCUSDT' })) as unknown as Json[]
    expect(fills).toMatchObject([
      { isBuyer: false, isMaker: false, commission: '2.999975', commissionAsset: 'USDT', quoteQty: '5999.95' },
      { isBuyer: true, price: '60000.5', qty: '0.1', commission: '3.000025', commissionAsset: 'USDT' },
    ])
    expect(Number(fills[0]!['time']) % 1000).toBe(0)
    const first = { symbol: 'BTCUSDT', orderId: String(fills[1]!['orderId']) }
    expect(await call('GET', 'myTrades', first)).toEqual([fills[1]])
    const later = { symbol: 'BTCUSDT', startTime: String(bench.clock.nowMs() + 1_000) }
    expect(await call('GET', 'myTrades', later)).toEqual([])
    expect(bench.venue.truth()).toMatchObject({ fees: { USDT: '6' }, sums: { USDT: '0', BTC: '0' } })
  })

  it('takes fees in MX at a discount while there is any', async () => {
    bench.rest('buy', 2, 10, 'MX/USDT')
    bench.rest('sell', 2, 1, 'MX/USDT')
    expect(await call('GET', 'mxDeduct/enable')).toMatchObject({ data: { mxDeductEnable: false }, code: 0 })
    expect(await call('POST', 'mxDeduct/enable', { mxDeductEnable: 'maybe' })).toMatchObject({ code: 700004 })
    const enabled = await call('POST', 'mxDeduct/enable', { mxDeductEnable: 'true' })
    expect(enabled).toMatchObject({ data: { mxDeductEnable: true } })
    await place({ price: '60000.5' })
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT' })).toMatchObject([
      { commission: '1.20001', commissionAsset: 'MX' },
    ])
    await call('POST', 'order', { symbol: 'MXUSDT', side: 'SELL', type: 'MARKET', quantity: '9' })
    bench.venue.core.accounts.transfer(
      bench.venue.core.accounts.get('alice'),
      bench.venue.core.accounts.get('bob'),
      'MX',
      bench.venue.core.accounts.get('alice').balance('MX').free,
      bench.venue.core.accounts.get('alice').balance('MX').locked,
      'order_match',
    )
    await place({ side: 'SELL', price: '59999.5' })
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT', limit: '1' })).toMatchObject([
      { commissionAsset: 'USDT' },
    ])
    expect(bench.venue.truth().sums).toMatchObject({ USDT: '0', MX: '0', BTC: '0' })
  })

  it('answers a cancel with the status before it', async () => {
    const { orderId } = await place({ price: '59000', newClientOrderId: 'arb-1' })
    const cancel = { symbol: 'BTCUSDT', origClientOrderId: 'arb-1', newClientOrderId: 'cancel-1' }
    expect(await call('DELETE', 'order', cancel)).toEqual({
      symbol: 'BTCUSDT',
      origClientOrderId: 'arb-1',
      orderId,
      clientOrderId: 'cancel-1',
      price: '59000',
      origQty: '0.1',
      executedQty: '0',
      cummulativeQuoteQty: '0',
      status: 'NEW',
      type: 'LIMIT',
      side: 'BUY',
    })
    expect(await query(orderId)).toMatchObject({ status: 'CANCELED' })
    expect(await call('DELETE', 'order', cancel)).toEqual({ code: -2011, msg: 'Unknown order sent.' })
    expect(await query('C02__1')).toEqual({ code: -2013, msg: 'Order does not exist.' })
    expect(await call('DELETE', 'order', { symbol: 'BTCUSDT' })).toMatchObject({ code: 700004 })
    expect(await call('DELETE', 'order', { ...cancel, newClientOrderId: 'ü' })).toMatchObject({ code: 700008 })
    expect(await call('GET', 'order', { symbol: 'MXUSDT', orderId: String(orderId) })).toMatchObject({ code: -2013 })
    expect(await call('GET', 'order', { symbol: 'NOPE', orderId: '1' })).toMatchObject({ code: 30014 })
    const strange = await call('GET', 'order', { symbol: 'BTCUSDT', orderId: String(orderId) }, bench.bob)
    expect(strange).toMatchObject({ code: -2013 })
  })

  it('cancels by pair and altogether', async () => {
    await place({ price: '59000' })
    await place({ price: '59001' })
    const cancelled = await call('DELETE', 'openOrders', { symbol: 'BTCUSDT' })
    expect(cancelled).toMatchObject([{ status: 'NEW', price: '59001', orderListId: -1 }, { price: '59000' }])
    await place({ price: '59002' })
    expect(await call('DELETE', 'order/all')).toMatchObject({ code: 200, msg: 'success' })
    expect(await call('GET', 'openOrders')).toEqual([])
  })

  it('checks a test order and places nothing', async () => {
    expect(await call('POST', 'order/test', limit)).toEqual({})
    expect(await call('POST', 'order/test', { ...limit, quantity: '2' })).toEqual({
      msg: 'Insufficient position',
      code: 30004,
    })
    expect(await call('GET', 'openOrders')).toEqual([])
  })

  it('mixes successes and refusals in a batch, in order', async () => {
    const orders = [
      { ...limit, price: '59000', newClientOrderId: 'b-1' },
      { ...limit, price: '59000', quantity: '0.000001', newClientOrderId: 'b-2' },
      { ...limit, price: 59_000 },
    ]
    const result = await call('POST', 'batchOrders', { batchOrders: JSON.stringify(orders) })
    expect(result).toEqual([
      { symbol: 'BTCUSDT', orderId: expect.any(String), newClientOrderId: 'b-1', orderListId: -1 },
      { newClientOrderId: 'b-2', msg: 'The minimum transaction volume cannot be less than：1USDT', code: 30002 },
      { symbol: 'BTCUSDT', orderId: expect.any(String), orderListId: -1 },
    ])
    const bad = async (batchOrders: string) => (await call('POST', 'batchOrders', { batchOrders }))['code']
    expect(await bad('[')).toBe(700004)
    expect(await bad('[]')).toBe(33333)
    expect(await bad('[1]')).toBe(33333)
    expect(await bad(JSON.stringify(Array.from({ length: 21 }, () => limit)))).toBe(33333)
    expect(await bad(JSON.stringify([limit, { ...limit, symbol: 'MXUSDT' }]))).toBe(33333)
  })

  const refusals: readonly [string, Record<string, string>, number][] = [
    ['a missing side', { side: '' }, 700004],
    ['a side in lower case', { side: 'buy' }, 700004],
    ['a missing price', { price: '' }, 700004],
    ['a missing quantity', { quantity: '' }, 700004],
    ['a price with exponent', { price: '6e4' }, 700004],
    ['a foreign self-trade mode', { stpMode: 'x' }, 700004],
    ['an odd client id', { newClientOrderId: 'a b' }, 700008],
    ['a client id that is too long', { newClientOrderId: 'a'.repeat(33) }, 700008],
    ['an unknown pair', { symbol: 'NOPEUSDT' }, 30014],
    ['a foreign order type', { type: 'LIMIT_ORDER' }, 30041],
    ['a price of zero', { price: '0' }, 30010],
    ['decimals beyond the tick', { price: '60000.123' }, 400],
    ['trailing zeros beyond the lot', { quantity: '0.1000000' }, 400],
    ['a value below the minimum', { quantity: '0.000016' }, 30002],
    ['a quantity of zero', { quantity: '0' }, 30002],
    ['a value above the maximum', { quantity: '1000' }, 30003],
    ['a price beyond the band', { price: '60301' }, 30087],
    ['a sell below the band', { side: 'SELL', price: '59699' }, 30087],
    ['more money than there is', { quantity: '2' }, 30004],
    ['more coins than there are', { side: 'SELL', quantity: '10.1', price: '60100' }, 30005],
    ['a market order sized twice', { type: 'MARKET', quoteOrderQty: '5' }, -1128],
    ['a market order of too little money', { type: 'MARKET', quantity: '', quoteOrderQty: '0.99' }, 30002],
    ['a market order below the smallest quantity', { type: 'MARKET', quantity: '0' }, 30002],
    ['a market order of odd money', { type: 'MARKET', quantity: '', quoteOrderQty: '2.000000' }, 400],
    [
      'a sell for less money than one lot brings',
      { type: 'MARKET', side: 'SELL', quantity: '', quoteOrderQty: '0' },
      30002,
    ],
  ]
  for (const [what, change, code] of refusals)
    it(`refuses ${what} with ${code}`, async () => {
      expect(await place(change)).toMatchObject({ code })
      expect(await call('GET', 'openOrders')).toEqual([])
    })

  it('shows old orders and fills only within their windows', async () => {
    await place({ price: '60000.5' })
    await bench.clock.advance(25 * 3_600_000)
    expect(await call('GET', 'allOrders', { symbol: 'BTCUSDT' })).toEqual([])
    const startTime = String(bench.clock.nowMs() - 26 * 3_600_000)
    expect(await call('GET', 'allOrders', { symbol: 'BTCUSDT', startTime })).toHaveLength(1)
    await bench.clock.advance(6 * 86_400_000)
    expect(await call('GET', 'allOrders', { symbol: 'BTCUSDT', startTime: '0' })).toEqual([])
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT' })).toHaveLength(1)
    await bench.clock.advance(24 * 86_400_000)
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT' })).toEqual([])
  })

  it('prevents self trades inside a group as the mode says', async () => {
    const group = await call('POST', 'strategy/group', { tradeGroupName: 'mine' })
    const { tradeGroupId } = group['data'] as { tradeGroupId: number }
    const id = { tradeGroupId: String(tradeGroupId) }
    await place({ price: '60000' })
    expect(await placed({ side: 'SELL', stpMode: 'cancel_taker' })).toMatchObject({
      status: 'FILLED',
      stpMode: 'cancel_taker',
    })
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT' })).toMatchObject([
      { isSelfTrade: true },
      { isSelfTrade: true },
    ])
    expect(await call('POST', 'strategy/group/uid', { ...id, uid: '1001' })).toMatchObject({ data: { uid: '1001' } })
    const maker = await place({ price: '60000' })
    const taker = await placed({ side: 'SELL', stpMode: 'cancel_taker' })
    expect(taker).toMatchObject({ status: 'CANCELED', cancelReason: 'stp_cancel' })
    expect(await placed({ side: 'SELL', stpMode: 'cancel_maker' })).toMatchObject({ status: 'NEW' })
    expect(await query(maker['orderId'])).toMatchObject({ status: 'CANCELED', cancelReason: 'stp_cancel' })
    expect(await call('GET', 'strategy/group')).toMatchObject({ data: { totalCount: 1 } })
    expect(await call('GET', 'strategy/group', { tradeGroupName: 'other' })).toMatchObject({ data: { totalCount: 0 } })
    expect(await call('DELETE', 'strategy/group/uid', { ...id, uid: '1001' })).toMatchObject({ data: true })
    expect(await call('DELETE', 'strategy/group', id)).toMatchObject({ data: true })
    expect(await call('DELETE', 'strategy/group', id)).toMatchObject({ code: 730002 })
    for (let i = 0; i < 10; i++) await call('POST', 'strategy/group', { tradeGroupName: `g${i}` })
    expect(await call('POST', 'strategy/group', { tradeGroupName: 'one too many' })).toMatchObject({ code: 730002 })
  })

  it('describes the account and its keys', async () => {
    expect(await call('GET', 'account')).toMatchObject({ canTrade: true, accountType: 'SPOT', permissions: ['SPOT'] })
    expect(await call('GET', 'account', {}, bench.reader)).toMatchObject({ canTrade: false })
    expect(await call('GET', 'tradeFee', { symbol: 'BTCUSDT' })).toMatchObject({
      data: { makerCommission: 0, takerCommission: 0.0005 },
      code: 0,
    })
    expect(await call('GET', 'selfSymbols')).toEqual({ code: 200, data: ['BTCUSDT', 'MXUSDT'], msg: null })
    expect(await call('GET', 'kyc/status')).toEqual({ status: '2' })
    expect(await call('GET', 'apiKeyInfo', { accessKey: 'mx0vReader' })).toMatchObject({
      permissions: 'SPOT_ACCOUNT_READ,SPOT_DEAL_READ',
      status: 'VALID',
    })
    expect(await call('GET', 'apiKeyInfo', { accessKey: 'mx0vElsewhere' })).toMatchObject({
      ipWhiteList: '203.0.113.9',
    })
    expect(await call('GET', 'apiKeyInfo', { accessKey: 'mx0vBob' })).toMatchObject({ code: 10072 })
    expect(await call('GET', 'capital/config/getall')).toHaveLength(3)
    for (const path of ['capital/deposit/hisrec', 'capital/withdraw/history'])
      expect(await call('GET', path)).toEqual([])
    expect(await call('GET', 'capital/transfer')).toMatchObject({ total: 0 })
  })
})

describe('pairs that are not simply open', () => {
  afterEach(() => bench.close())

  const codeWith = async (symbol: object, order: Record<string, string> = {}) => {
    bench = await startMexcBench({ mexc: { symbols: { 'BTC/USDT': symbol } } })
    bench.rest('sell', 60_000, 1)
    return (await place(order))['code']
  }

  const cases: readonly [string, object, Record<string, string>, number | undefined][] = [
    ['is closed to the API', { isSpotTradingAllowed: false }, {}, 10007],
    ['is paused', { status: '2' }, {}, 30016],
    ['is offline', { status: '3' }, {}, 30000],
    ['may be sold alone', { tradeSideType: 3 }, {}, 30001],
    ['may be bought alone', { tradeSideType: 2 }, {}, undefined],
    ['takes no market orders', { orderTypes: ['LIMIT'] }, { type: 'MARKET', price: '' }, 30019],
    ['takes no post-only orders', { orderTypes: ['LIMIT'] }, { type: 'LIMIT_MAKER' }, 30041],
    [
      'lists no immediate orders, which it takes',
      { orderTypes: ['LIMIT'] },
      { type: 'IMMEDIATE_OR_CANCEL' },
      undefined,
    ],
    ['has no band', { priceBand: null }, { price: '90000' }, undefined],
    ['limits market orders', { maxMarketNotional: '10' }, { type: 'MARKET', price: '' }, 30003],
    ['wants larger market orders', { minMarketNotional: '7000' }, { type: 'MARKET', price: '' }, 30002],
  ]
  for (const [what, symbol, order, code] of cases)
    it(`answers ${code ?? 'an order'} where the pair ${what}`, async () => {
      expect(await codeWith(symbol, order)).toBe(code)
    })
})

describe('settings', () => {
  afterEach(() => bench.close())

  it('limits the pairs of a key, and the open orders of an account', async () => {
    bench = await startMexcBench({
      mexc: { keys: { mx0vAlice: { symbols: ['MXUSDT'], note: 'n' } }, openOrdersPerAccount: 1 },
    })
    expect(await place()).toEqual({ code: 10007, msg: 'bad symbol' })
    expect(await call('GET', 'selfSymbols')).toMatchObject({ data: ['MXUSDT'] })
    const mx = { symbol: 'MXUSDT', price: '2', quantity: '1' }
    expect(await place(mx)).toHaveProperty('orderId')
    expect(await place(mx)).toMatchObject({ code: 30029 })
    expect(await call('GET', 'apiKeyInfo', { accessKey: 'mx0vAlice' })).toMatchObject({ note: 'n' })
  })

  it('lets a cancel take effect later, and a fill come before it', async () => {
    bench = await startMexcBench({ mexc: { cancelDelayMs: 100 } })
    const { orderId } = await place()
    const cancel = await call('DELETE', 'order', { symbol: 'BTCUSDT', orderId: String(orderId) })
    expect(cancel).toMatchObject({ status: 'NEW' })
    bench.rest('sell', 60_000, 0.04)
    expect(await query(orderId)).toMatchObject({ status: 'PARTIALLY_FILLED' })
    await bench.clock.advance(100)
    expect(await query(orderId)).toMatchObject({ status: 'PARTIALLY_CANCELED', executedQty: '0.04' })
  })

  it('shows orders and fills late when told', async () => {
    bench = await startMexcBench({ mexc: { orderVisibleAfterMs: 50, fillVisibleAfterMs: 200 } })
    bench.rest('sell', 60_000, 1)
    const { orderId } = await place()
    expect(await query(orderId)).toMatchObject({ code: -2013 })
    await bench.clock.advance(50)
    expect(await query(orderId)).toMatchObject({ status: 'FILLED' })
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT' })).toEqual([])
    await bench.clock.advance(150)
    expect(await call('GET', 'myTrades', { symbol: 'BTCUSDT' })).toHaveLength(1)
  })

  it('lets orders fill late, be refused late, or fill while they are cancelled', async () => {
    bench = await startMexcBench()
    bench.rest('sell', 60_000, 1)
    bench.venue.faults.add({ kind: 'late_fill', delayMs: 100, count: 1, apiKey: 'mx0vAlice' })
    const late = await place()
    expect(await query(late['orderId'])).toMatchObject({ status: 'NEW' })
    await bench.clock.advance(100)
    expect(await query(late['orderId'])).toMatchObject({ status: 'FILLED' })
    bench.venue.faults.add({ kind: 'late_refusal', delayMs: 100, count: 1 })
    const refused = await place()
    await bench.clock.advance(100)
    expect(await query(refused['orderId'])).toMatchObject({ status: 'CANCELED' })
    bench.venue.faults.add({ kind: 'cancel_race', fraction: 0.5, count: 1 })
    const raced = await place({ price: '59999' })
    await call('DELETE', 'order', { symbol: 'BTCUSDT', orderId: String(raced['orderId']) })
    expect(await query(raced['orderId'])).toMatchObject({ status: 'PARTIALLY_CANCELED', executedQty: '0.05' })
  })
})
