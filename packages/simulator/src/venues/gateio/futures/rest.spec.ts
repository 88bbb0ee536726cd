import { Decimal } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type GateioBench, startGateioBench } from '../../../testing/gateio-bench.js'
import { type GateioAnswer, GateioClient } from '../../../testing/gateio-client.js'
import type { Frame } from '../../../testing/stream-client.js'

const name = 'BTC/USDT:USDT'
let bench: GateioBench

beforeEach(async () => {
  bench = await startGateioBench()
  bench.venue.perpetuals!.steer(name, { markPrice: Decimal.of(60_000) })
})

afterEach(() => bench.venue.close())

const open = (path: string, headers: Record<string, string> = {}): Promise<GateioAnswer> =>
  bench.client.call('GET', `/futures/usdt${path}`, undefined, headers, false)
const call = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<GateioAnswer> => bench.client.call(method, `/futures/usdt${path}`, body, headers)
const place = (more: Frame = {}): Promise<GateioAnswer> =>
  call('POST', '/orders', { contract: 'BTC_USDT', size: 10, price: '59000', tif: 'gtc', text: 't-1', ...more })
const buy = async (size: number, price = 600_000): Promise<void> => {
  bench.quoteContracts('sell', price, size)
  expect((await place({ size, price: '0', tif: 'ioc', text: 't-open' })).body['status']).toBe('finished')
}
/** As text, for ids that a double cannot hold. */
const raw = async (path: string): Promise<string> => {
  const response = await fetch(`${bench.address.rest}/futures/usdt${path}`)
  return response.text()
}

describe('public calls of perpetuals', () => {
  it('show contracts, in both styles of sizes', async () => {
    const { body } = await open('/contracts/BTC_USDT')
    expect(body).toMatchObject({
      name: 'BTC_USDT',
      type: 'direct',
      quanto_multiplier: '0.0001',
      order_price_round: '0.1',
      order_size_min: 1,
      mark_price: '60000',
      funding_interval: 28_800,
      status: 'trading',
    })
    expect((await open('/contracts/BTC_USDT', { 'X-Gate-Size-Decimal': '1' })).body['order_size_min']).toBe('1')
    const all = (await open('/contracts')).body as unknown as Frame[]
    expect(all.map((row) => row['name'])).toEqual(['BTC_USDT', 'ETH_USDT', 'SOL_USDT', 'XRP_USDT', 'LUNC_USDT'])
    expect((await open('/contracts?limit=2&offset=1')).body).toHaveLength(2)
  })

  it('show the book with its id, seconds and sizes', async () => {
    bench.quoteContracts('buy', 599_000, 7)
    bench.quoteContracts('sell', 600_000, 5)
    const { body } = await open('/order_book?contract=BTC_USDT&limit=5&with_id=true')
    expect(body).toEqual({
      id: 1_000_002,
      current: bench.clock.nowMs() / 1000,
      update: bench.clock.nowMs() / 1000,
      asks: [{ p: '60000', s: 5 }],
      bids: [{ p: '59900', s: 7 }],
    })
    expect((await open('/order_book?contract=BTC_USDT&interval=1000')).body['bids']).toEqual([{ p: '59000', s: 7 }])
    expect((await open('/order_book?contract=BTC_USDT', { 'X-Gate-Size-Decimal': '1' })).body['asks']).toEqual([
      { p: '60000', s: '5' },
    ])
  })

  it('show tickers, trades and candles', async () => {
    bench.quoteContracts('sell', 600_000, 5)
    bench.quoteContracts('buy', 600_000, 2)
    expect((await open('/tickers?contract=BTC_USDT')).body).toMatchObject([
      { contract: 'BTC_USDT', last: '60000', lowest_ask: '60000', lowest_size: '3', mark_price: '60000' },
    ])
    expect((await open('/tickers')).body).toHaveLength(5)
    expect((await open('/trades?contract=BTC_USDT')).body).toMatchObject([{ size: 2, price: '60000' }])
    expect((await open('/candlesticks?contract=BTC_USDT&interval=1m')).body).toMatchObject([
      { v: 2, o: '60000', c: '60000', sum: '12.0000' },
    ])
    const [candle] = (await open('/candlesticks?contract=mark_BTC_USDT&interval=1m')).body as unknown as Frame[]
    expect(candle).not.toHaveProperty('v')
  })

  it('show funding of the past, newest first, and the tiers', async () => {
    const { body } = await open('/funding_rate?contract=BTC_USDT&limit=3')
    const rows = body as unknown as { t: number; r: string }[]
    expect(rows).toHaveLength(3)
    expect(rows[0]!.t - rows[1]!.t).toBe(28_800)
    const many = await bench.client.call(
      'POST',
      '/futures/usdt/funding_rates',
      { contracts: ['BTC_USDT', 'ETH_USDT'] },
      {},
      false,
    )
    expect(many.body).toMatchObject([{ contract: 'BTC_USDT' }, { contract: 'ETH_USDT' }])
    expect((await open('/risk_limit_tiers?contract=BTC_USDT')).body).toMatchObject([{ leverage_max: '100' }])
  })

  it.each([
    ['/order_book?contract=NOPE_USDT', { label: 'CONTRACT_NOT_FOUND' }],
    ['/trades', { label: 'MISSING_REQUIRED_PARAM', message: 'Missing required parameter: contract' }],
    [
      '/order_book?contract=BTC_USDT&limit=0',
      { label: 'INVALID_PARAM_VALUE', message: 'Invalid request parameter `limit` value: 0' },
    ],
  ])('refuse %s', async (path, body) => {
    const answer = await open(path)
    expect([answer.status, answer.body]).toEqual([400, body])
  })
})

describe('orders of perpetuals', () => {
  it('rest, are found by id and text, amended and cancelled', async () => {
    const placed = await place()
    expect(placed.status).toBe(201)
    expect(placed.body).toMatchObject({
      contract: 'BTC_USDT',
      size: 10,
      left: 10,
      price: '59000',
      fill_price: '0',
      status: 'open',
      text: 't-1',
      user: 7001,
    })
    expect(placed.body).not.toHaveProperty('finish_as')
    const [order] = bench.venue.perpetuals!.core.openOrders()
    expect(BigInt(order!.id)).toBeGreaterThan(2n ** 53n)
    expect((await call('GET', `/orders/${order!.id}`)).body['text']).toBe('t-1')
    expect((await call('GET', '/orders/t-1')).body['size']).toBe(10)
    expect((await call('PUT', '/orders/t-1', { size: 12, price: '58000', amend_text: 'why' })).body).toMatchObject({
      size: 12,
      price: '58000',
      amend_text: 'why',
    })
    expect((await call('GET', '/orders?status=open&contract=BTC_USDT')).body).toHaveLength(1)
    expect((await call('DELETE', `/orders/${order!.id}`)).body).toMatchObject({
      status: 'finished',
      finish_as: 'cancelled',
      left: 12,
    })
    expect((await call('DELETE', '/orders/t-1')).body).toEqual({ label: 'ORDER_FINISHED' })
    await bench.clock.advance(60_001)
    expect((await call('GET', '/orders/t-1')).status).toBe(404)
    expect((await call('GET', `/orders/${order!.id}`)).status).toBe(200)
    await bench.clock.advance(600_000)
    expect((await call('GET', `/orders/${order!.id}`)).body).toEqual({ label: 'ORDER_NOT_FOUND' })
  })

  it('write ids as bare integers', async () => {
    await place()
    const [order] = bench.venue.perpetuals!.core.openOrders()
    const answer = await fetch(`${bench.address.rest}/futures/usdt/contracts/BTC_USDT`)
    expect(await answer.text()).not.toContain('\\u0001')
    expect(await raw('/contracts')).toContain('"BTC_USDT"')
    const signedAnswer = await call('GET', '/orders/t-1')
    expect(String(signedAnswer.body['id'])).toBe(String(Number(order!.id)))
    expect(signedAnswer.body['id']).toBe(Number(order!.id))
  })

  it('trade at the market, within the cap on slippage', async () => {
    bench.quoteContracts('sell', 600_000, 5)
    bench.quoteContracts('sell', 700_000, 5)
    const { body } = await place({ size: 8, price: '0', tif: 'ioc' })
    expect(body).toMatchObject({ status: 'finished', finish_as: 'ioc', left: 3, fill_price: '60000', price: '0' })
    expect((await call('GET', '/my_trades?contract=BTC_USDT')).body).toMatchObject([
      { size: 5, close_size: 0, price: '60000', role: 'taker', fee: '0.015', text: 't-1', trade_value: '30' },
    ])
    expect((await call('GET', '/my_trades_timerange?contract=BTC_USDT')).body).toMatchObject([
      { trade_id: expect.any(String) },
    ])
    expect((await call('GET', '/orders_timerange?contract=BTC_USDT')).body).toHaveLength(1)
  })

  it('sell to open with a negative size, and round prices to the tick', async () => {
    expect((await place({ size: -3, price: '60500.06' })).body).toMatchObject({ size: -3, left: -3, price: '60500.1' })
  })

  it('finish at once as immediate-or-cancel without a match', async () => {
    expect((await place({ tif: 'ioc' })).body).toMatchObject({ status: 'finished', finish_as: 'ioc', left: 10 })
  })

  it.each([
    [{ contract: 'NOPE_USDT' }, { label: 'CONTRACT_NOT_FOUND' }],
    [{ size: 0 }, { label: 'SIZE_TOO_SMALL' }],
    [{ size: 2_000_000 }, { label: 'SIZE_TOO_LARGE' }],
    [{ size: 1.5 }, { label: 'INVALID_ARGUMENT', detail: 'invalid argument: #4 and invalid size' }],
    [{ size: '1e2' }, { label: 'INVALID_ARGUMENT', detail: 'invalid argument: #4 and invalid size' }],
    [{ price: '50000' }, { label: 'PRICE_TOO_DEVIATED' }],
    [{ price: '-1' }, { label: 'INVALID_PARAM_VALUE' }],
    [{ price: '0' }, { label: 'INVALID_PARAM_VALUE' }],
    [{ price: '0', tif: 'ioc' }, { label: 'CONTRACT_NO_COUNTER' }],
    [{ tif: 'fok' }, { label: 'ORDER_FOK' }],
    [{ tif: 'day' }, { label: 'INVALID_PARAM_VALUE' }],
    [{ reduce_only: true }, { label: 'INCREASE_POSITION' }],
    [{ size: 0, close: true }, { label: 'POSITION_EMPTY' }],
    [{ auto_size: 'close_long' }, { label: 'POSITION_DUAL_MODE' }],
    [{ iceberg: 2 }, { label: 'INVALID_PARAM_VALUE' }],
    [{ text: 'no-prefix' }, { label: 'INVALID_CLIENT_ORDER_ID' }],
    [{ size: 50_000 }, { label: 'INSUFFICIENT_AVAILABLE', detail: 'margin 29647.5 while available 10000' }],
  ])('are refused: %j', async (more, body) => {
    const answer = await place(more)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject(body)
    expect(bench.venue.perpetuals!.core.allOrders).toEqual([])
  })

  it('are refused as post-only when they would trade, with both prices', async () => {
    bench.quoteContracts('sell', 590_000, 5)
    expect((await place({ tif: 'poc', price: '59500' })).body).toEqual({
      label: 'ORDER_POC_IMMEDIATE',
      detail: 'order price 59500 while counter price 59000',
    })
    expect((await place({ tif: 'poc', price: '58900' })).body).toMatchObject({ status: 'open', tif: 'poc' })
    expect((await call('PUT', '/orders/t-1', { price: '59500' })).body['label']).toBe('ORDER_POC_IMMEDIATE')
  })

  it('are refused beyond the number that may work', async () => {
    for (let i = 0; i < 100; i++)
      bench.venue.perpetuals!.core.place({
        accountId: 'trader',
        symbol: name,
        side: 'buy',
        kind: 'limit',
        timeInForce: 'gtc',
        priceTicks: 590_000 - i,
        quantityLots: 1,
      })
    expect((await place()).body).toEqual({ label: 'TOO_MANY_ORDERS' })
  })

  it('go in batches, each item answered for itself', async () => {
    const { body } = await call('POST', '/batch_orders', [
      { contract: 'BTC_USDT', size: 1, price: '59000', text: 't-a' },
      { contract: 'BTC_USDT', size: 0, price: '59000', text: 't-b' },
    ])
    expect(body).toMatchObject([
      { succeeded: true, text: 't-a' },
      { succeeded: false, label: 'SIZE_TOO_SMALL' },
    ])
    expect(
      (await call('POST', '/batch_amend_orders', [{ order_id: 't-a', price: '58500' }, { order_id: 't-x' }])).body,
    ).toMatchObject([
      { succeeded: true, price: '58500' },
      { succeeded: false, label: 'ORDER_NOT_FOUND' },
    ])
    const [order] = bench.venue.perpetuals!.core.openOrders()
    expect((await call('POST', '/batch_cancel_orders', [order!.id, '123'])).body).toEqual([
      { id: order!.id, user_id: 7001, succeeded: true, message: '' },
      { id: '123', user_id: 7001, succeeded: false, message: 'ORDER_NOT_FOUND' },
    ])
    expect((await call('POST', '/batch_cancel_orders', { id: '1' })).status).toBe(400)
    const eleven = Array.from({ length: 11 }, () => ({ contract: 'BTC_USDT', size: 1, price: '59000' }))
    expect((await call('POST', '/batch_orders', eleven)).body).toEqual({ label: 'TOO_MANY_ORDERS' })
  })

  it('are cancelled by side, by contract, and by the countdown', async () => {
    await place({ text: 't-bid' })
    await place({ text: 't-ask', size: -1, price: '61000' })
    expect((await call('DELETE', '/orders?contract=BTC_USDT&side=ask')).body).toMatchObject([{ text: 't-ask' }])
    await call('POST', '/countdown_cancel_all', { timeout: 5, contract: 'BTC_USDT' })
    await bench.clock.advance(4_999)
    expect(bench.venue.perpetuals!.core.openOrders()).toHaveLength(1)
    await bench.clock.advance(1)
    expect(bench.venue.perpetuals!.core.openOrders()).toEqual([])
    await place({ text: 't-last' })
    expect((await call('DELETE', '/orders')).body).toHaveLength(1)
  })

  it('spend one budget of a hundred a second together', async () => {
    const limits: number[] = []
    for (let i = 0; i < 101; i++) limits.push((await place({ size: 0 })).status)
    expect(limits.slice(0, 100).every((status) => status === 400)).toBe(true)
    const refused = await place({ size: 0 })
    expect([refused.status, refused.headers.get('x-gate-ratelimit-limit')]).toEqual([429, '100'])
  })

  it('need a key that may trade', async () => {
    const reader = new GateioClient({
      ...bench.address,
      apiKey: 'read-key',
      secret: 'read-secret',
      nowMs: () => bench.clock.nowMs(),
    })
    expect((await reader.call('POST', '/futures/usdt/orders', {})).body['label']).toBe('READ_ONLY')
    expect((await reader.call('GET', '/futures/usdt/accounts')).status).toBe(200)
  })
})

describe('positions and the wallet', () => {
  it('show what is held, what it is worth and what is set aside', async () => {
    expect((await call('GET', '/positions/BTC_USDT')).body).toEqual({ label: 'POSITION_NOT_FOUND' })
    await buy(100)
    bench.venue.perpetuals!.steer(name, { markPrice: Decimal.of(61_000) })
    expect((await call('GET', '/positions/BTC_USDT')).body).toMatchObject({
      size: 100,
      leverage: '10',
      entry_price: '60000',
      mark_price: '61000',
      value: '610',
      margin: '60',
      unrealised_pnl: '10',
      pnl_fee: '-0.3',
      realised_pnl: '-0.3',
      mode: 'single',
      pos_margin_mode: 'isolated',
    })
    expect((await call('GET', '/accounts')).body).toMatchObject({
      user: 7001,
      total: '9999.7',
      unrealised_pnl: '10',
      position_margin: '60',
      order_margin: '0',
      available: '9939.7',
      in_dual_mode: false,
      position_mode: 'single',
      history: { dnw: '10000', fee: '-0.3', pnl: '0' },
    })
    expect((await call('GET', '/positions?holding=true')).body).toHaveLength(1)
    expect((await call('GET', '/positions', undefined, { 'X-Gate-Size-Decimal': '1' })).body).toMatchObject([
      { size: '100' },
    ])
  })

  it('close with size zero, and note every change of the wallet', async () => {
    await buy(100)
    bench.quoteContracts('buy', 605_000, 300)
    const closed = await place({ size: 0, close: true, price: '0', tif: 'ioc', text: 't-close' })
    expect(closed.body).toMatchObject({
      size: -100,
      left: 0,
      is_close: true,
      is_reduce_only: true,
      finish_as: 'filled',
    })
    const { body } = await call('GET', '/account_book?contract=BTC_USDT')
    expect(body).toMatchObject([
      { type: 'fee', change: '-0.3025' },
      { type: 'pnl', change: '5', contract: 'BTC_USDT' },
      { type: 'fee', change: '-0.3' },
    ])
    expect((await call('GET', '/account_book?type=dnw')).body).toMatchObject([{ change: '10000', balance: '10000' }])
    expect((await call('GET', '/positions?holding=true')).body).toEqual([])
    expect((await call('GET', '/my_trades?contract=BTC_USDT&limit=1')).body).toMatchObject([
      { size: -100, close_size: -100 },
    ])
  })

  it('take leverage, isolated and cross', async () => {
    expect((await call('POST', '/positions/BTC_USDT/leverage?leverage=5')).body).toMatchObject({ leverage: '5' })
    expect((await call('POST', '/positions/BTC_USDT/leverage?leverage=0&cross_leverage_limit=20')).body).toMatchObject({
      leverage: '0',
      cross_leverage_limit: '20',
      pos_margin_mode: 'cross',
      lever: '20',
    })
    expect((await call('GET', '/get_leverage/BTC_USDT')).body).toEqual({ lever: '20' })
    expect((await call('POST', '/positions/BTC_USDT/set_leverage?leverage=3&margin_mode=isolated')).body).toMatchObject(
      { leverage: '3' },
    )
    expect(
      (await call('POST', '/positions/cross_mode', { contract: 'BTC_USDT', mode: 'CROSS' })).body['leverage'],
    ).toBe('0')
    expect(
      (await call('POST', '/positions/cross_mode', { contract: 'BTC_USDT', mode: 'ISOLATED' })).body['leverage'],
    ).toBe('20')
    expect((await call('POST', '/positions/BTC_USDT/leverage?leverage=101')).body['label']).toBe('LEVERAGE_TOO_HIGH')
    expect((await call('POST', '/positions/BTC_USDT/leverage?leverage=0.5')).body['label']).toBe('LEVERAGE_TOO_LOW')
    expect((await call('POST', '/positions/BTC_USDT/leverage?leverage=x')).body['label']).toBe('INVALID_PARAM_VALUE')
    await buy(10_000)
    expect((await call('POST', '/positions/BTC_USDT/leverage?leverage=1')).body['label']).toBe('INSUFFICIENT_AVAILABLE')
  })

  it('take margin out of the wallet, and give it back', async () => {
    expect((await call('POST', '/positions/BTC_USDT/margin?change=10')).body['label']).toBe('POSITION_EMPTY')
    await buy(100)
    expect((await call('POST', '/positions/BTC_USDT/margin?change=10')).body['margin']).toBe('70')
    expect((await call('POST', '/positions/BTC_USDT/margin?change=-20')).body['label']).toBe('REMOVE_TOO_MUCH')
    expect((await call('POST', '/positions/BTC_USDT/margin?change=99999')).body['label']).toBe('INSUFFICIENT_AVAILABLE')
    await call('POST', '/positions/BTC_USDT/leverage?leverage=0')
    expect((await call('POST', '/positions/BTC_USDT/margin?change=1')).body['label']).toBe('POSITION_CROSS_MARGIN')
  })

  it('are held apart by side only when nothing is in the way, and then trade nothing', async () => {
    await place()
    expect((await call('POST', '/dual_mode?dual_mode=true')).body).toEqual({ label: 'ORDER_PENDING' })
    await call('DELETE', '/orders')
    await buy(1)
    expect((await call('POST', '/dual_mode?dual_mode=true')).body).toEqual({ label: 'POSITION_HOLDING' })
    bench.quoteContracts('buy', 600_000, 1)
    await place({ size: 0, close: true, price: '0', tif: 'ioc' })
    expect((await call('POST', '/dual_mode?dual_mode=false')).body).toEqual({ label: 'NO_CHANGE' })
    expect((await call('POST', '/dual_mode?dual_mode=true')).body).toMatchObject({
      in_dual_mode: true,
      position_mode: 'dual',
    })
    expect((await place()).body).toEqual({ label: 'POSITION_DUAL_MODE' })
    expect((await call('POST', '/set_position_mode?position_mode=single')).body['position_mode']).toBe('single')
    expect((await call('POST', '/set_position_mode?position_mode=dual_plus')).status).toBe(400)
  })

  it('pay the fees of the account, else those of the contract', async () => {
    expect((await call('GET', '/fee?contract=BTC_USDT')).body).toEqual({
      BTC_USDT: { taker_fee: '0.0005', maker_fee: '0.0002' },
    })
    expect(Object.keys((await call('GET', '/fee')).body)).toHaveLength(5)
  })

  it('are nobody’s who has never moved money there', async () => {
    await bench.venue.close()
    const account = {
      id: 'poor',
      uid: 1,
      keys: [{ key: 'k', secret: 's', permission: 'trade' as const }],
      balances: {},
    }
    bench = await startGateioBench({ accounts: [account] })
    expect((await call('GET', '/accounts')).body).toEqual({
      label: 'USER_NOT_FOUND',
      detail: 'please transfer funds first to create futures account',
    })
    const deposit = { account: 'poor', asset: 'USDT', amount: '5', to: 'wallet' }
    await fetch(`${bench.address.admin}/deposits`, { method: 'POST', body: JSON.stringify(deposit) })
    expect((await call('GET', '/accounts')).body['total']).toBe('5')
  })

  it('pay funding at the end of the interval, which the account book shows', async () => {
    await buy(100)
    const steer = { symbol: name, fundingRate: '0.001', markPrice: '60000' }
    await fetch(`${bench.address.admin}/perpetuals`, { method: 'POST', body: JSON.stringify(steer) })
    const { body } = await open('/contracts/BTC_USDT')
    expect(body['funding_rate']).toBe('0.001')
    const dueMs = Number(body['funding_next_apply']) * 1000
    await bench.clock.advance(dueMs - bench.clock.nowMs())
    expect((await call('GET', '/account_book?type=fund')).body).toMatchObject([
      { change: '-0.6', contract: 'BTC_USDT', time: dueMs / 1000 },
    ])
    expect((await open('/funding_rate?contract=BTC_USDT&limit=1')).body).toEqual([{ t: dueMs / 1000, r: '0.001' }])
    expect((await call('GET', '/positions/BTC_USDT')).body['pnl_fund']).toBe('-0.6')
  })
})
