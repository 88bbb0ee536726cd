import {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  Decimal,
  ExchangeRequestException,
  type LimitOrderRequest,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { readFixture } from '../../testing/read-fixture.js'
import {
  mapAccount,
  mapBalanceEvent,
  mapFill,
  mapOrder,
  mapOrderEvent,
  mapOrderReference,
  mapOrderRequest,
} from './order-mapper.js'
import {
  gateioAccountsSchema,
  gateioBalanceEventSchema,
  gateioFillSchema,
  gateioOrderEventSchema,
  gateioOrderSchema,
} from './schemas.js'

const instrument = createTestInstrument({ exchangeSymbol: 'BTC_USDT', tickSize: Decimal.parse('0.1') })
const head = { instrument, clientOrderId: asClientOrderId('arb-000001'), correlationId: asCorrelationId('c') }
const limit = { ...head, type: 'limit', side: 'buy', priceTicks: 650_000, quantityLots: 100_000 } as const
const read = <T>(name: string): T => readFixture<T>(import.meta.url, `./fixtures/${name}`)
const order = read<Record<string, unknown>>('rest-order.json')
const event = read<{ readonly result: readonly Record<string, unknown>[] }>('ws-order.json').result[0]!
const fill = read<Record<string, unknown>>('rest-my-trade.json')

describe('orders to Gate.io', () => {
  it('spells limit orders as the published example does', () => {
    expect(
      JSON.stringify(mapOrderRequest({ ...limit, execution: { timeInForce: 'gtc', postOnly: false } }, 'spot')),
    ).toBe(
      '{"text":"t-arb-000001","currency_pair":"BTC_USDT","type":"limit","account":"spot","side":"buy","amount":"0.001","price":"65000","time_in_force":"gtc"}',
    )
  })

  it('spells the other kinds', () => {
    const wordOf = (execution: LimitOrderRequest['execution']) =>
      mapOrderRequest({ ...limit, execution }, 'spot')['time_in_force']
    expect(wordOf({ timeInForce: 'gtc', postOnly: true })).toBe('poc')
    expect(wordOf({ timeInForce: 'ioc' })).toBe('ioc')
    expect(wordOf({ timeInForce: 'fok' })).toBe('fok')
    expect(
      mapOrderRequest({ ...head, type: 'market', side: 'buy', quoteAmount: Decimal.parse('70') }, 'unified'),
    ).toMatchObject({
      type: 'market',
      account: 'unified',
      amount: '70',
      time_in_force: 'ioc',
    })
    expect(
      mapOrderRequest({ ...head, type: 'market', side: 'sell', quantityLots: 150_000_000 }, 'spot')['amount'],
    ).toBe('1.5')
  })

  it('refuses a client order id that the exchange would refuse', () => {
    for (const id of ['', 'with space', 'x'.repeat(29), 'ü'])
      expect(() =>
        mapOrderRequest({ ...limit, clientOrderId: asClientOrderId(id), execution: { timeInForce: 'ioc' } }, 'spot'),
      ).toThrow(ExchangeRequestException)
  })

  it('names an order by its own id before ours, and by nothing not at all', () => {
    expect(
      mapOrderReference({ instrument, clientOrderId: asClientOrderId('a'), exchangeOrderId: asExchangeOrderId('7') }),
    ).toBe('7')
    expect(mapOrderReference({ instrument, clientOrderId: asClientOrderId('a') })).toBe('t-a')
    expect(() => mapOrderReference({ instrument } as never)).toThrow(ExchangeRequestException)
  })
})

describe('orders from Gate.io', () => {
  const mapped = (change: object = {}) => mapOrder(gateioOrderSchema.parse({ ...order, ...change }), instrument)

  it('maps the documented answer', () => {
    const update = mapped()
    expect(update).toMatchObject({
      clientOrderId: 'abc123',
      exchangeOrderId: '1852454420',
      status: 'filled',
      exchangeTimeMs: 1_710_488_334_074,
    })
    expect([update.quantity, update.price, update.filledQuantity, update.filledNotional].map(String)).toEqual([
      '0.001',
      '65000',
      '0.001',
      '63.4693',
    ])
    expect(update.reason).toBeUndefined()
  })

  it('tells apart what is open, partly filled, cancelled and ended by the exchange', () => {
    const open = { status: 'open', finish_as: 'open', left: '0.001', filled_amount: '0', filled_total: '0' }
    expect(mapped(open).status).toBe('open')
    expect(mapped({ ...open, filled_amount: '0.0004' }).status).toBe('partially_filled')
    expect(mapped({ ...open, status: 'cancelled', finish_as: 'cancelled' })).toMatchObject({
      status: 'cancelled',
      reason: undefined,
    })
    expect(mapped({ ...open, status: 'cancelled', finish_as: 'ioc' })).toMatchObject({
      status: 'cancelled',
      reason: 'ioc',
    })
    expect(mapped({ ...open, status: 'cancelled', finish_as: null }).reason).toBeUndefined()
  })

  it('knows that the amount of a market buy is money', () => {
    const update = mapped({
      type: 'market',
      amount: '70.0',
      price: '0.0',
      left: '0.143511',
      filled_amount: '0.00299',
      filled_total: '69.856489',
    })
    expect([update.quantity, update.price]).toEqual([undefined, undefined])
    expect(update.status).toBe('filled')
  })

  it('computes what an older answer does not state', () => {
    const older = { filled_amount: undefined, filled_total: undefined, amount: '2', left: '0.5' }
    expect(mapped(older).filledQuantity.toString()).toBe('1.5')
    expect(mapped({ ...older, type: 'market' }).filledQuantity.isZero).toBe(true)
    expect(mapped({ ...older, left: undefined }).filledQuantity.isZero).toBe(true)
  })

  it('maps what the stream tells', () => {
    const pushed = (change: object = {}) =>
      mapOrderEvent(gateioOrderEventSchema.parse({ ...event, ...change }), instrument)
    expect(pushed()).toMatchObject({
      status: 'open',
      side: 'sell',
      clientOrderId: 'testtext',
      exchangeTimeMs: 1_694_655_225_315,
    })
    expect(pushed({ event: 'finish', finish_as: 'filled' }).status).toBe('filled')
    expect(pushed({ event: 'finish', finish_as: 'stp' })).toMatchObject({ status: 'cancelled', reason: 'stp' })
    expect(pushed({ event: 'finish', finish_as: '-' })).toMatchObject({ status: 'cancelled', reason: undefined })
    expect(pushed({ text: 'web' }).clientOrderId).toBeUndefined()
  })
})

describe('fills and balances from Gate.io', () => {
  const mapped = (change: object = {}) => mapFill(gateioFillSchema.parse({ ...fill, ...change }), instrument)

  it('maps own trades of queries and of the stream', () => {
    expect(mapped()).toMatchObject({
      exchangeOrderId: '4128442423',
      side: 'buy',
      role: 'maker',
      feeAsset: 'ETH',
      exchangeTimeMs: 1_548_000_000_123,
      clientOrderId: 'test',
    })
    expect([mapped().price, mapped().quantity, mapped().fee].map(String)).toEqual(['0.03', '0.15', '0.0005'])
    const pushed = mapFill(gateioFillSchema.parse(read('ws-user-trade.json')), instrument)
    expect(pushed).toMatchObject({
      exchangeOrderId: '30784428',
      role: 'taker',
      clientOrderId: undefined,
      feeAsset: 'USDT',
    })
  })

  it('reads which asset the fee was taken from', () => {
    expect(mapped({ fee: '0', gt_fee: '0.1' })).toMatchObject({ feeAsset: 'GT' })
    expect(mapped({ fee: '0', gt_fee: '0.1' }).fee.toString()).toBe('0.1')
    expect(mapped({ fee: '', fee_currency: '', gt_fee: '0' })).toMatchObject({ feeAsset: 'BTC' })
    expect(mapped({ fee_currency: null, side: 'sell', create_time_ms: null, text: null })).toMatchObject({
      feeAsset: 'USDT',
      exchangeTimeMs: 1_548_000_000_000,
      clientOrderId: undefined,
    })
  })

  it('maps balances', () => {
    expect(mapAccount(gateioAccountsSchema.parse(read('rest-accounts.json'))[0]!)).toMatchObject({ asset: 'ETH' })
    const pushed = read<object>('ws-balance.json')
    const mappedOf = (change: object = {}) => mapBalanceEvent(gateioBalanceEventSchema.parse({ ...pushed, ...change }))
    expect([mappedOf().free, mappedOf().locked].map(String)).toEqual(['222244.3827', '5'])
    expect(mappedOf({ freeze: undefined }).locked.toString()).toBe('0.0000652')
  })
})
