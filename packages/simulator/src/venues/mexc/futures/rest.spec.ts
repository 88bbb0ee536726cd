import { readFileSync } from 'node:fs'

import { Decimal } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type MexcBench, startMexcBench } from '../../../testing/mexc-bench.js'
import { type FuturesAnswer, MexcFuturesClient } from '../../../testing/mexc-futures-client.js'
import type { Frame } from '../../../testing/stream-client.js'
import { signedText, signFutures } from './futures-signature.js'

const name = 'BTC/USDT:USDT'
let bench: MexcBench
let alice: MexcFuturesClient

beforeEach(async () => {
  bench = await startMexcBench()
  alice = new MexcFuturesClient(bench.address, { apiKey: 'mx0vAlice', secret: 'alice-secret' }, bench.clock)
  bench.venue.perpetuals!.steer(name, { markPrice: Decimal.of(60_000) })
})

afterEach(() => bench.close())

const core = () => bench.venue.perpetuals!.core
const quote = (side: 'buy' | 'sell', priceTicks: number, quantityLots: number): void => {
  const order = { accountId: 'house', symbol: name, side, kind: 'limit', timeInForce: 'gtc' } as const
  core().place({ ...order, priceTicks, quantityLots })
}
const data = async (path: string): Promise<Frame> => (await alice.get(`/api/v1/contract${path}`)).body['data'] as Frame
const own = async (path: string): Promise<Frame> => (await alice.read(`/api/v1/private${path}`)).body['data'] as Frame
const post = (path: string, body: unknown): Promise<FuturesAnswer> => alice.post(`/api/v1/private${path}`, body)
const order = {
  symbol: 'BTC_USDT',
  price: 59_000,
  vol: 10,
  side: 1,
  type: 1,
  openType: 1,
  leverage: 10,
  positionMode: 2,
}
const place = (more: Frame = {}): Promise<FuturesAnswer> => post('/order/create', { ...order, ...more })
const buy = async (vol: number): Promise<void> => {
  quote('sell', 600_000, vol)
  expect((await place({ vol, type: 5, price: undefined })).body).toMatchObject({ success: true })
}

describe('signatures of perpetuals', () => {
  interface Vector {
    readonly name: string
    readonly api: string
    readonly apiKey: string
    readonly secret: string
    readonly method?: string
    readonly query?: string
    readonly body?: string
    readonly requestTime?: string
    readonly reqTime?: string
    readonly signature: string
  }
  const vectors = JSON.parse(
    readFileSync(new URL('../fixtures/futures-signing.json', import.meta.url), 'utf8'),
  ) as readonly Vector[]

  it.each(vectors)('are those of $name', ({ apiKey, body = '', method = 'GET', query = '', secret, ...vector }) => {
    const text = signedText({ method, body, query: new URLSearchParams(query) })
    expect(signFutures(secret, apiKey, (vector.requestTime ?? vector.reqTime)!, text)).toBe(vector.signature)
  })

  it('are checked after key, time and address, and before the permission', async () => {
    const codeOf = async (answer: Promise<FuturesAnswer>): Promise<unknown> => (await answer).body['code']
    const clientOf = (apiKey: string, secret: string): MexcFuturesClient =>
      new MexcFuturesClient(bench.address, { apiKey, secret }, bench.clock)
    const assets = '/api/v1/private/account/assets'
    expect(await codeOf(alice.get(assets))).toBe(401)
    expect(await codeOf(clientOf('nobody', 'x').read(assets))).toBe(401)
    expect(await codeOf(clientOf('mx0vAlice', 'wrong').read(assets))).toBe(602)
    expect(await codeOf(clientOf('mx0vElsewhere', 'elsewhere-secret').read(assets))).toBe(406)
    expect(await codeOf(clientOf('mx0vReader', 'reader-secret').read(assets))).toBe(0)
    expect(await codeOf(clientOf('mx0vReader', 'reader-secret').post('/api/v1/private/order/create', order))).toBe(704)
    bench.venue.faults.add({ kind: 'clock_skew', offsetMs: 11_000 })
    expect(await codeOf(alice.read(assets))).toBe(513)
    expect(await codeOf(alice.read(assets, { 'Recv-Window': '30' }))).toBe(0)
    expect(await codeOf(alice.read(assets, { 'Recv-Window': '30000' }))).toBe(0)
  })

  it('belong to keys that have not expired', async () => {
    await bench.close()
    bench = await startMexcBench({ mexc: { keys: { mx0vAlice: { expired: true } } } })
    const client = new MexcFuturesClient(bench.address, { apiKey: 'mx0vAlice', secret: 'alice-secret' }, bench.clock)
    expect((await client.read('/api/v1/private/account/assets')).body['code']).toBe(402)
  })
})

describe('public calls of perpetuals', () => {
  it('list contracts with their size, steps and limits', async () => {
    expect(await data('/detail?symbol=BTC_USDT')).toMatchObject({
      symbol: 'BTC_USDT',
      contractSize: 0.0001,
      priceUnit: 0.1,
      volUnit: 1,
      minVol: 1,
      state: 0,
      apiAllowed: true,
      futureType: 1,
    })
    expect(await data('/detail')).toHaveLength(2)
    expect(await data('/ping')).toBe(bench.clock.nowMs())
  })

  it('show the book with its version, and the diffs that lead to it', async () => {
    quote('sell', 600_000, 5)
    quote('buy', 599_000, 7)
    quote('buy', 599_000, 1)
    expect(await data('/depth/BTC_USDT?limit=5')).toEqual({
      asks: [[60_000, 5, 1]],
      bids: [[59_900, 8, 2]],
      version: 1_000_003,
      timestamp: bench.clock.nowMs(),
    })
    await bench.clock.advance(200)
    expect(await data('/depth_commits/BTC_USDT/3')).toEqual([
      { asks: [[60_000, 5, 1]], bids: [[59_900, 8, 2]], version: 1_000_003 },
    ])
    expect((await alice.get('/api/v1/contract/depth_commits/BTC_USDT/x')).body['code']).toBe(600)
  })

  it('show prices, tickers, deals and candles', async () => {
    quote('sell', 600_000, 5)
    quote('buy', 600_000, 2)
    expect(await data('/index_price/BTC_USDT')).toMatchObject({ symbol: 'BTC_USDT', indexPrice: 60_000 })
    expect(await data('/fair_price/BTC_USDT')).toMatchObject({ fairPrice: 60_000 })
    expect(await data('/ticker?symbol=BTC_USDT')).toMatchObject({
      lastPrice: 60_000,
      bid1: 0,
      ask1: 60_000,
      volume24: 2,
      maxBidPrice: 63_000,
      minAskPrice: 57_000,
    })
    expect(await data('/ticker')).toHaveLength(2)
    expect(await data('/deals/BTC_USDT')).toEqual([{ p: 60_000, v: 2, T: 1, O: 3, M: 2, t: bench.clock.nowMs() }])
    const candles = await data('/kline/BTC_USDT?interval=Min15')
    expect(candles).toMatchObject({ open: [60_000], close: [60_000], vol: [2], amount: [12] })
    expect((await alice.get('/api/v1/contract/kline/BTC_USDT?interval=Min7')).body['code']).toBe(600)
  })

  it('show the running funding rate and those of the past', async () => {
    bench.venue.perpetuals!.steer(name, { fundingRate: Decimal.parse('0.0003') })
    expect(await data('/funding_rate/BTC_USDT')).toMatchObject({ fundingRate: 0.0003, collectCycle: 8 })
    const { resultList } = (await data('/funding_rate/history?symbol=BTC_USDT&page_num=1&page_size=2')) as {
      resultList: Frame[]
    }
    expect(resultList).toHaveLength(2)
    expect(Number(resultList[0]!['settleTime']) - Number(resultList[1]!['settleTime'])).toBe(28_800_000)
  })

  it('refuse and throttle under status 200', async () => {
    const unknown = await alice.get('/api/v1/contract/depth/NOPE_USDT')
    expect([unknown.status, unknown.body]).toEqual([
      200,
      { success: false, code: 1001, message: 'Contract does not exist' },
    ])
    expect((await alice.get('/api/v1/contract/nothing')).status).toBe(404)
    for (let i = 0; i < 9; i++) await alice.get('/api/v1/contract/depth/BTC_USDT')
    const limited = await alice.get('/api/v1/contract/depth/BTC_USDT')
    expect([limited.status, limited.body]).toEqual([
      200,
      { success: false, code: 510, message: 'Requests are too frequent, please try again later' },
    ])
    await bench.clock.advance(2_000)
    expect((await alice.get('/api/v1/contract/depth/BTC_USDT')).body['code']).toBe(0)
    bench.venue.faults.add({ kind: 'rate_limited', count: 1 })
    expect((await alice.get('/api/v1/contract/ping')).body['code']).toBe(510)
  })
})

describe('orders of perpetuals', () => {
  it('rest, are found by id and external id, and are cancelled', async () => {
    const placed = await place({ externalOid: 'own-1' })
    const { orderId } = placed.body['data'] as { orderId: string }
    expect(BigInt(orderId)).toBeGreaterThan(2n ** 53n)
    const view = { orderId, symbol: 'BTC_USDT', price: 59_000, vol: 10, side: 1, state: 2, externalOid: 'own-1' }
    expect(await own(`/order/get/${orderId}`)).toMatchObject({ ...view, dealVol: 0, positionMode: 2, leverage: 10 })
    expect(await own('/order/external/BTC_USDT/own-1')).toMatchObject(view)
    expect(await own('/order/list/open_orders/BTC_USDT')).toMatchObject([view])
    expect(await own('/order/list/open_orders')).toHaveLength(1)
    const cancelled = await post('/order/cancel', `[${orderId},"1"]`)
    expect(cancelled.text).toContain(`"orderId":${orderId},"errorCode":0`)
    expect(cancelled.body['data']).toMatchObject([{ errorCode: 0 }, { orderId: 1, errorCode: 2040 }])
    expect((await post('/order/cancel', [orderId])).body['data']).toMatchObject([{ errorCode: 2041 }])
    expect(await own(`/order/get/${orderId}`)).toMatchObject({ state: 4 })
    expect((await alice.read('/api/v1/private/order/get/1')).body['code']).toBe(2040)
    expect((await alice.read('/api/v1/private/order/external/BTC_USDT/none')).body['code']).toBe(2040)
  })

  it('are cancelled by external id, and all together', async () => {
    await place({ externalOid: 'a' })
    await place({ externalOid: 'b', side: 3, price: 61_000 })
    expect(
      (
        await post('/order/cancel_with_external', [
          { symbol: 'BTC_USDT', externalOid: 'a' },
          { symbol: 'BTC_USDT', externalOid: 'x' },
        ])
      ).body['data'],
    ).toMatchObject([
      { externalOid: 'a', errorCode: 0 },
      { externalOid: 'x', errorCode: 2040 },
    ])
    expect((await post('/order/cancel_all', { symbol: '' })).body['success']).toBe(true)
    expect(core().openOrders()).toEqual([])
    expect((await post('/order/cancel', '{}')).body['code']).toBe(601)
    expect(
      (
        await post(
          '/order/cancel',
          Array.from({ length: 51 }, () => '1'),
        )
      ).body['code'],
    ).toBe(2013)
  })

  it.each([
    [{ symbol: 'NOPE_USDT' }, 1001],
    [{ side: 5 }, 2001],
    [{ type: 9 }, 2029],
    [{ openType: 3 }, 2002],
    [{ leverage: undefined }, 2006],
    [{ leverage: 0 }, 2006],
    [{ leverage: 101 }, 2024],
    [{ positionMode: 1 }, 2022],
    [{ vol: 0 }, 2011],
    [{ vol: 1.5 }, 2015],
    [{ vol: 2_000_000 }, 2028],
    [{ price: 0 }, 2007],
    [{ price: 59_000.05 }, 2015],
    [{ price: 64_000 }, 2003],
    [{ side: 3, price: 56_000 }, 2004],
    [{ side: 4 }, 2009],
    [{ reduceOnly: true }, 2009],
    [{ externalOid: 'x'.repeat(33) }, 2030],
    [{ externalOid: 7 }, 600],
    [{ vol: 50_000 }, 2005],
  ])('are refused: %j with code %d', async (more, code) => {
    const answer = await place(more)
    expect([answer.status, answer.body['success'], answer.body['code']]).toEqual([200, false, code])
    expect(core().allOrders).toEqual([])
  })

  it('are four in two seconds', async () => {
    const codes: unknown[] = []
    for (let i = 0; i < 5; i++) codes.push((await place()).body['code'])
    expect(codes).toEqual([0, 0, 0, 0, 510])
    expect((await post('/order/create', 'nonsense')).body['code']).toBe(510)
    await bench.clock.advance(2_000)
    expect((await post('/order/create', 'nonsense')).body['code']).toBe(601)
  })

  it('trade as their type says', async () => {
    quote('sell', 600_000, 5)
    const typeOf = async (type: number, vol: number): Promise<number> => {
      const { orderId } = (await place({ type, vol, price: 60_000 })).body['data'] as { orderId: string }
      return Number((await own(`/order/get/${orderId}`))['state'])
    }
    expect(await typeOf(2, 1)).toBe(4)
    expect(await typeOf(4, 6)).toBe(4)
    expect(await typeOf(4, 2)).toBe(3)
    expect(await typeOf(3, 9)).toBe(4)
    expect(bench.venue.truth().perpetuals!.positions).toMatchObject([{ contracts: 5 }])
  })
})

describe('positions and the wallet', () => {
  it('show what is held and what is free', async () => {
    await buy(100)
    expect(await own('/position/open_positions?symbol=BTC_USDT')).toMatchObject([
      { symbol: 'BTC_USDT', positionType: 1, openType: 1, holdVol: 100, holdAvgPrice: 60_000, leverage: 10, im: 60 },
    ])
    expect(await own('/account/assets')).toMatchObject([
      { currency: 'USDT', cashBalance: 9_999.88, availableBalance: 9_939.88, positionMargin: 60, frozenBalance: 0 },
    ])
    expect(await own('/order/list/order_deals?symbol=BTC_USDT')).toMatchObject([
      { side: 1, vol: 100, price: 60_000, fee: 0.12, feeCurrency: 'USDT', isTaker: true },
    ])
  })

  it('close by the side that says so, with the profit on the deal', async () => {
    await buy(100)
    quote('buy', 605_000, 200)
    expect((await place({ side: 4, vol: 150, type: 5, leverage: undefined })).body['code']).toBe(0)
    expect(await own('/position/open_positions')).toEqual([])
    const [deal] = (await own('/order/list/order_deals?symbol=BTC_USDT')) as unknown as Frame[]
    expect(deal).toMatchObject({ side: 4, vol: 100, profit: 5 })
  })

  it('keep leverage and kind of margin while something is held', async () => {
    await buy(10)
    expect((await place({ leverage: 5 })).body['code']).toBe(2021)
    expect((await place({ openType: 2 })).body['code']).toBe(2027)
    expect((await place()).body['code']).toBe(0)
    expect((await post('/position/change_leverage', { symbol: 'BTC_USDT', leverage: 20, openType: 1 })).body).toEqual({
      success: true,
      code: 0,
      data: null,
    })
    expect(await own('/position/leverage?symbol=BTC_USDT')).toMatchObject([{ leverage: 20 }, { leverage: 20 }])
    const positionId = ((await own('/position/open_positions')) as unknown as Frame[])[0]!['positionId']
    expect((await post('/position/change_leverage', { positionId, leverage: 4 })).body['code']).toBe(0)
    expect((await post('/position/change_leverage', { positionId: 99, leverage: 4 })).body['code']).toBe(2009)
    expect((await post('/position/change_leverage', { positionId, leverage: 500 })).body['code']).toBe(2024)
    expect(await own('/position/position_mode')).toBe(2)
  })

  it('are cross where the order says so', async () => {
    quote('sell', 600_000, 10)
    await place({ type: 5, openType: 2, leverage: 20 })
    expect(await own('/position/open_positions')).toMatchObject([{ openType: 2, leverage: 20 }])
  })

  it('pay funding, which is listed', async () => {
    await buy(100)
    bench.venue.perpetuals!.steer(name, { fundingRate: Decimal.parse('0.001') })
    const dueMs = bench.venue.perpetuals!.funding.nextAtMs
    await bench.clock.advance(dueMs - bench.clock.nowMs())
    expect((await own('/position/funding_records?symbol=BTC_USDT'))['resultList']).toMatchObject([
      { symbol: 'BTC_USDT', funding: -0.6, rate: 0.001, settleTime: dueMs, positionType: 1 },
    ])
  })
})
