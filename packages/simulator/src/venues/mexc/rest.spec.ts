import { readFileSync } from 'node:fs'

import { ManualClock } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { benchSymbols, type MexcBench, startMexcBench } from '../../testing/mexc-bench.js'
import { MexcClient } from '../../testing/mexc-client.js'
import { signText } from './signed-call.js'

describe('public routes', () => {
  let bench: MexcBench
  const get = async (path: string, parameters: Record<string, string> = {}) =>
    (await bench.alice.publicCall(path, parameters)).body

  beforeEach(async () => {
    bench = await startMexcBench({
      mexc: { symbols: { 'MX/USDT': { status: '3', priceBand: null } } },
    })
    bench.rest('buy', 59_999.5, 0.5)
    bench.rest('buy', 59_990, 1)
    bench.rest('sell', 60_000.5, 0.2)
  })

  afterEach(() => bench.close())

  it('answers ping and time', async () => {
    expect(await get('/api/v3/ping')).toEqual({})
    expect(await get('/api/v3/time')).toEqual({ serverTime: bench.clock.nowMs() })
  })

  it('lists what is open to the API and what is offline', async () => {
    expect(await get('/api/v3/defaultSymbols')).toMatchObject({ data: ['BTCUSDT'], code: 0, msg: 'success' })
    expect(await get('/api/v3/symbol/offline')).toEqual({ data: [{ symbol: 'MXUSDT', state: 3 }] })
  })

  it('describes pairs with filters, minima and precisions', async () => {
    const one = (await get('/api/v3/exchangeInfo', { symbol: 'BTCUSDT' })) as { symbols: unknown[] }
    expect(one).toMatchObject({ timezone: 'CST', rateLimits: [], exchangeFilters: [] })
    expect(one.symbols).toHaveLength(1)
    expect(one.symbols[0]).toMatchObject({
      symbol: 'BTCUSDT',
      status: '1',
      baseAssetPrecision: 6,
      quotePrecision: 2,
      quoteAmountPrecision: '1',
      baseSizePrecision: '0.000001',
      orderTypes: ['LIMIT', 'MARKET', 'LIMIT_MAKER'],
      filters: [{ filterType: 'PERCENT_PRICE_BY_SIDE', bidMultiplierUp: '0.005', askMultiplierDown: '0.005' }],
      maxQuoteAmount: '4000000',
      takerCommission: '0.0005',
      tradeSideType: 1,
    })
    const both = (await get('/api/v3/exchangeInfo', { symbols: 'BTCUSDT,MXUSDT' })) as { symbols: { filters: [] }[] }
    expect(both.symbols.map(({ filters }) => filters.length)).toEqual([1, 0])
    expect(((await get('/api/v3/exchangeInfo')) as { symbols: [] }).symbols).toHaveLength(2)
  })

  it('pads the snapshot and names the version of the stream', async () => {
    expect(await get('/api/v3/depth', { symbol: 'BTCUSDT', limit: '1' })).toEqual({
      lastUpdateId: bench.venue.core.engine('BTC/USDT').sequence,
      bids: [['59999.50', '0.500000']],
      asks: [['60000.50', '0.200000']],
      timestamp: bench.clock.nowMs(),
    })
    expect(await bench.alice.publicCall('/api/v3/depth', { symbol: 'btcusdt' })).toMatchObject({
      status: 400,
      text: '{"code":-1121,"msg":"Invalid symbol."}',
    })
    expect((await bench.alice.publicCall('/api/v3/depth')).text).toContain('700004')
    expect((await bench.alice.publicCall('/api/v3/depth', { symbol: 'BTCUSDT', limit: 'x' })).status).toBe(400)
    expect((await bench.alice.publicCall('/api/v3/depth', { symbol: 'BTCUSDT', limit: '0' })).text).toContain('-1128')
  })

  it('shows trades newest first, aggregated ones in whole seconds', async () => {
    bench.rest('sell', 59_999.5, 0.1)
    await bench.clock.advance(1_500)
    bench.rest('buy', 60_000.5, 0.05)
    const startMs = bench.clock.nowMs() - 1_500
    const trades = (await get('/api/v3/trades', { symbol: 'BTCUSDT' })) as unknown[]
    expect(trades).toEqual([
      expect.objectContaining({
        id: null,
        price: '60000.50',
        qty: '0.05',
        quoteQty: '3000.025',
        tradeType: 'BID',
        isBuyerMaker: false,
      }),
      expect.objectContaining({ price: '59999.50', qty: '0.1', tradeType: 'ASK', isBuyerMaker: true }),
    ])
    const aggregated = await get('/api/v3/aggTrades', { symbol: 'BTCUSDT', limit: '1' })
    expect(aggregated).toEqual([
      { a: null, f: null, l: null, p: '60000.50', q: '0.05', T: startMs + 1_000, m: false, M: true },
    ])
    const window = { symbol: 'BTCUSDT', startTime: String(startMs), endTime: String(startMs + 900) }
    expect(await get('/api/v3/aggTrades', window)).toHaveLength(1)
    expect(await get('/api/v3/aggTrades', { symbol: 'BTCUSDT', startTime: '1' })).toMatchObject({ code: -1128 })
    const wide = { ...window, endTime: String(startMs + 3_600_001) }
    expect(await get('/api/v3/aggTrades', wide)).toEqual({
      msg: 'More than 1 hours between startTime and endTime.',
      code: -1127,
    })
    expect(await get('/api/v3/avgPrice', { symbol: 'BTCUSDT' })).toEqual({ mins: 5, price: '59999.83' })
  })

  it('averages over nothing, and refuses history without permission', async () => {
    expect(await get('/api/v3/avgPrice', { symbol: 'BTCUSDT' })).toEqual({ mins: 5, price: '60000.00' })
    expect(await get('/api/v3/avgPrice', { symbol: 'MXUSDT' })).toEqual({ mins: 5, price: '0' })
    expect(await get('/api/v3/historicalTrades', { symbol: 'BTCUSDT' })).toMatchObject({ code: 700007 })
  })

  it('serves tickers as an object for one pair and an array for all', async () => {
    expect(await get('/api/v3/ticker/price', { symbol: 'BTCUSDT' })).toEqual({ symbol: 'BTCUSDT', price: '60000.00' })
    expect(await get('/api/v3/ticker/bookTicker')).toEqual([
      { symbol: 'BTCUSDT', bidPrice: '59999.50', bidQty: '0.5', askPrice: '60000.50', askQty: '0.2' },
      { symbol: 'MXUSDT', bidPrice: '', bidQty: '', askPrice: '', askQty: '' },
    ])
    expect(await get('/api/v3/ticker/24hr', { symbol: 'BTCUSDT' })).toMatchObject({ count: null, lastPrice: '60000' })
    expect(await get('/api/v3/ticker/24hr')).toHaveLength(2)
    expect(await get('/api/v3/ticker/24hr', { symbol: 'X' })).toMatchObject({ code: -1121 })
  })

  it('cuts candles by interval', async () => {
    bench.rest('sell', 59_999.5, 0.1)
    const bars = async (parameters: Record<string, string>) =>
      (await get('/api/v3/klines', { symbol: 'BTCUSDT', ...parameters })) as unknown[][]
    const minute = Math.floor(bench.clock.nowMs() / 60_000) * 60_000
    expect(await bars({ interval: '1m' })).toEqual([
      [minute, '59999.5', '59999.5', '59999.5', '59999.5', '0.1', minute + 60_000, '5999.95'],
    ])
    for (const interval of ['60m', '4h', '1d', '1W', '1M']) expect(await bars({ interval })).toHaveLength(1)
    expect(await bars({ interval: '1m', startTime: '0', limit: '5' })).toEqual([])
    expect(await bars({ interval: '1h' })).toMatchObject({ code: 700004 })
  })

  it('knows no other path', async () => {
    expect((await bench.alice.publicCall('/api/v3/nothing')).status).toBe(404)
    expect((await bench.alice.rawCall('PATCH', '/api/v3/ping')).status).toBe(404)
  })

  it('counts requests by route for the truth', async () => {
    await get('/api/v3/ping')
    expect(bench.venue.truth().requests).toMatchObject({ 'GET /api/v3/ping': 1 })
  })
})

describe('signed calls', () => {
  let bench: MexcBench
  beforeEach(async () => {
    bench = await startMexcBench({ mexc: { keys: { mx0vBob: { expired: true } } } })
  })
  afterEach(() => bench.close())

  const bodyOf = (client: MexcClient, method: string, path: string, parameters: Record<string, string> = {}) =>
    client.signedCall(method, path, parameters).then(({ body }) => body)

  it('refuses a missing, unknown or expired key first', async () => {
    const noKey = await bench.alice.rawCall('GET', '/api/v3/account', { headers: {} })
    expect(noKey).toMatchObject({ status: 400, text: '{"msg":"api key required","code":400}' })
    const stranger = new MexcClient({ ...bench.address, apiKey: 'nobody', secret: 'x' }, bench.clock)
    expect(await bodyOf(stranger, 'GET', '/api/v3/account')).toMatchObject({ code: 10072 })
    expect(await bodyOf(bench.bob, 'GET', '/api/v3/account')).toMatchObject({ code: 402 })
  })

  it('then looks at time and signature, then at address and permission, then at parameters', async () => {
    expect((await bench.reader.rawCall('POST', '/api/v3/order')).text).toContain("'timestamp'")
    expect(await bodyOf(bench.alice, 'POST', '/api/v3/order', { recvWindow: '60001' })).toMatchObject({ code: 700005 })
    const late = { timestamp: String(bench.clock.nowMs() - 5_001) }
    expect(await bodyOf(bench.reader, 'POST', '/api/v3/order', late)).toMatchObject({ code: 700003 })
    const forged = await bench.reader.rawCall('POST', `/api/v3/order?timestamp=${bench.clock.nowMs()}&signature=aa`)
    expect(forged).toMatchObject({
      status: 400,
      text: '{"code":700002,"msg":"Signature for this request is not valid."}',
    })
    const elsewhere = new MexcClient(
      { ...bench.address, apiKey: 'mx0vElsewhere', secret: 'elsewhere-secret' },
      bench.clock,
    )
    expect(await bodyOf(elsewhere, 'GET', '/api/v3/account')).toMatchObject({ code: 700006 })
    expect(await bodyOf(bench.reader, 'POST', '/api/v3/order')).toMatchObject({ code: 700007 })
    expect(await bodyOf(bench.alice, 'POST', '/api/v3/order')).toMatchObject({ code: 700004 })
  })

  it('takes parameters from form body and query together', async () => {
    const query = 'symbol=BTCUSDT&side=BUY&type=LIMIT'
    const body = `quantity=1&price=11&timestamp=${bench.clock.nowMs()}`
    const signature = signText('alice-secret', query + body)
    const headers = { 'X-MEXC-APIKEY': 'mx0vAlice', 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const init = { headers, body: `${body}&signature=${signature}` }
    const answer = await bench.alice.rawCall('POST', `/api/v3/order?${query}`, init)
    expect(answer.body).toMatchObject({ symbol: 'BTCUSDT', price: '11', origQty: '1' })
    const odd = { headers: { 'X-MEXC-APIKEY': 'mx0vAlice', 'Content-Type': 'text/plain' }, body }
    expect((await bench.alice.rawCall('POST', `/api/v3/order?${query}`, odd)).body).toEqual({
      code: 700013,
      msg: 'Invalid content Type.',
    })
  })

  it('follows the venue clock when it is skewed', async () => {
    bench.venue.faults.add({ kind: 'clock_skew', offsetMs: 10_000 })
    const machineTime = { timestamp: String(bench.clock.nowMs()) }
    expect(await bodyOf(bench.alice, 'GET', '/api/v3/uid', machineTime)).toMatchObject({ code: 700003 })
    expect(await bodyOf(bench.alice, 'GET', '/api/v3/uid')).toEqual({ uid: '1001' })
  })
})

interface SigningVector {
  readonly name: string
  readonly apiKey: string
  readonly secret: string
  readonly method: string
  readonly path: string
  readonly queryString: string
  readonly body: string
  readonly stringToSign: string
  readonly signature: string
}

describe('the signing vectors over HTTP', () => {
  const vectors = JSON.parse(
    readFileSync(new URL('./fixtures/signing.json', import.meta.url), 'utf8'),
  ) as readonly SigningVector[]
  const [bitcoin, mx] = benchSymbols as [(typeof benchSymbols)[number], (typeof benchSymbols)[number]]
  const symbols = [bitcoin, mx, { ...mx, base: '龙虾' }, { ...mx, base: 'GOLD(PAXG)' }]

  for (const vector of vectors)
    it(`passes ${vector.name}, and not with another digest`, async () => {
      const { apiKey: key, secret, method, path, queryString, body, signature } = vector
      const clock = new ManualClock(Number(/timestamp=(\d+)/.exec(vector.stringToSign)![1]))
      const accounts = [{ id: 'a', uid: 1, keys: [{ key, secret, permission: 'trade' }], balances: {} }] as const
      const bench = await startMexcBench({ clock, symbols, accounts })
      const send = (digest: string) => {
        const form = body === '' ? {} : { body: `${body}&signature=${digest}` }
        const query = body === '' ? `?${queryString}&signature=${digest}` : queryString === '' ? '' : `?${queryString}`
        const headers = { 'X-MEXC-APIKEY': key, 'Content-Type': 'application/x-www-form-urlencoded' }
        return bench.alice.rawCall(method, path + query, { headers, ...form })
      }
      try {
        expect((await send(signature)).text).not.toMatch(/"code":(?:7000|30014|10072)/)
        expect((await send(signature.toUpperCase())).body).toMatchObject({ code: 700002 })
      } finally {
        await bench.close()
      }
    })
})

describe('limits', () => {
  it('refuses beyond the pools, tells when to come back, and bans who goes on', async () => {
    const bench = await startMexcBench({ mexc: { rateLimits: { refusalsUntilBan: 3 } } })
    try {
      for (let i = 0; i < 2; i++) expect((await bench.alice.signedCall('GET', '/api/v3/account')).status).toBe(200)
      const refused = await bench.alice.signedCall('GET', '/api/v3/account')
      expect(refused).toMatchObject({ status: 429, text: '{"code":429,"msg":"Too Many Requests"}' })
      expect(refused.headers.get('retry-after')).toBe('1')
      for (let i = 0; i < 9; i++) await bench.alice.publicCall('/api/v3/ticker/24hr')
      const heavy = await bench.alice.publicCall('/api/v3/exchangeInfo')
      expect(heavy.status).toBe(200)
      expect((await bench.alice.publicCall('/api/v3/exchangeInfo')).status).toBe(429)
      expect((await bench.alice.publicCall('/api/v3/exchangeInfo')).status).toBe(429)
      const banned = await bench.alice.publicCall('/api/v3/ping')
      expect(banned.status).toBe(418)
      expect(banned.headers.get('retry-after')).toBe('120')
      await bench.clock.advance(120_001)
      expect((await bench.alice.publicCall('/api/v3/ping')).status).toBe(200)
    } finally {
      await bench.close()
    }
  })

  it('shares one budget between placing and cancelling', async () => {
    const bench = await startMexcBench()
    try {
      const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', quantity: '1', price: '10' }
      for (let i = 0; i < 6; i++) {
        expect((await bench.alice.signedCall('POST', '/api/v3/order', order)).status).toBe(200)
        await bench.alice.signedCall('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' })
      }
      expect((await bench.alice.signedCall('POST', '/api/v3/order', order)).status).toBe(429)
      expect((await bench.bob.signedCall('POST', '/api/v3/order', order)).status).toBe(200)
      await bench.clock.advance(1_000)
      expect((await bench.alice.signedCall('POST', '/api/v3/order', order)).status).toBe(200)
    } finally {
      await bench.close()
    }
  })

  it('puts a firewall in front when told, and no limits when told', async () => {
    const bench = await startMexcBench({
      mexc: { rateLimits: { firewall: { limit: 1, windowMs: 1_000 }, ipWeight: null, uid: null, account: null } },
    })
    try {
      expect((await bench.alice.publicCall('/api/v3/ping')).status).toBe(200)
      const blocked = await bench.alice.signedCall('GET', '/api/v3/account')
      expect(blocked).toMatchObject({ status: 403, text: expect.stringContaining('Access Denied') })
      expect(blocked.headers.get('content-type')).toBe('text/html')
      await bench.clock.advance(1_000)
      expect((await bench.alice.signedCall('GET', '/api/v3/account')).status).toBe(200)
    } finally {
      await bench.close()
    }
  })
})

describe('faults in the words of the venue', () => {
  let bench: MexcBench
  beforeEach(async () => {
    bench = await startMexcBench()
  })
  afterEach(() => bench.close())

  it('words limits, failures and maintenance', async () => {
    const ping = () => bench.alice.publicCall('/api/v3/ping')
    bench.venue.faults.add({ kind: 'rate_limited', retryAfterS: 7, count: 1 })
    const limited = await ping()
    expect(limited).toMatchObject({ status: 429, body: { code: 429, msg: 'Too Many Requests' } })
    expect(limited.headers.get('retry-after')).toBe('7')
    bench.venue.faults.add({ kind: 'rate_limited', count: 1 })
    expect((await ping()).headers.get('retry-after')).toBeNull()
    bench.venue.faults.add({ kind: 'rate_limited', mode: 'html', count: 1 })
    expect((await ping()).status).toBe(403)
    bench.venue.faults.add({ kind: 'error_before', status: 504, count: 1 })
    expect(await ping()).toMatchObject({ status: 504, body: { code: 504, msg: 'Gateway Time-out' } })
    bench.venue.faults.add({ kind: 'error_before', mode: 'html', count: 1 })
    expect((await ping()).text).toContain('<html>')
    const id = bench.venue.faults.add({ kind: 'maintenance' })
    expect(await ping()).toMatchObject({ status: 503, body: { code: 801 } })
    bench.venue.faults.remove(id)
  })

  it('keeps an order whose answer was an error or got lost', async () => {
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', quantity: '1', price: '10' }
    bench.venue.faults.add({ kind: 'error_after', route: 'POST */order', count: 1 })
    const failed = await bench.alice.signedCall('POST', '/api/v3/order', { ...order, newClientOrderId: 'a-1' })
    expect(failed).toMatchObject({ status: 503, body: { code: 503 } })
    bench.venue.faults.add({ kind: 'lost_acknowledgement', route: 'POST */order', count: 1 })
    await expect(
      bench.alice.signedCall('POST', '/api/v3/order', { ...order, newClientOrderId: 'a-2' }),
    ).rejects.toThrow()
    for (const origClientOrderId of ['a-1', 'a-2']) {
      const found = await bench.alice.signedCall('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId })
      expect(found.body).toMatchObject({ status: 'NEW', clientOrderId: origClientOrderId })
    }
  })
})
