import {
  ExchangeRequestException,
  asClientOrderId,
  asCorrelationId,
  type LimitOrderRequest,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { mapMyTrade, mapFillPush, mapOrder, mapOrderPush, mapOrderRequest } from './order-mapper.js'
import { mexcFillPushSchema, mexcMyTradesSchema, mexcOrderPushSchema, mexcOrderSchema } from './schemas.js'

const instrument = createTestInstrument()
const limit = (execution: LimitOrderRequest['execution'], clientOrderId = 'arb-1'): LimitOrderRequest => ({
  instrument,
  clientOrderId: asClientOrderId(clientOrderId),
  correlationId: asCorrelationId('c'),
  type: 'limit',
  side: 'sell',
  priceTicks: 6_000_000,
  quantityLots: 150_000_000,
  execution,
})
const queried = {
  symbol: 'KASUSDT',
  orderId: 'C02__728298455591530497024',
  clientOrderId: 'sbo000077',
  price: '0.183503',
  origQty: '32.69',
  executedQty: '32.69',
  cummulativeQuoteQty: '5.72522853',
  status: 'FILLED',
  timeInForce: null,
  type: 'MARKET',
  side: 'BUY',
  time: 1_736_409_765_000,
  updateTime: 1_736_409_765_001,
  cancelReason: null,
  origQuoteOrderQty: '6',
}

describe('mapOrderRequest', () => {
  it.each([
    [{ timeInForce: 'gtc', postOnly: false }, 'LIMIT'],
    [{ timeInForce: 'gtc', postOnly: true }, 'LIMIT_MAKER'],
    [{ timeInForce: 'ioc' }, 'IMMEDIATE_OR_CANCEL'],
    [{ timeInForce: 'fok' }, 'FILL_OR_KILL'],
  ] as const)('writes %o as %s, with plain numbers', (execution, type) => {
    expect(mapOrderRequest(limit(execution))).toEqual({
      symbol: 'BTCUSDT',
      side: 'SELL',
      type,
      quantity: '1.5',
      price: '60000',
      newClientOrderId: 'arb-1',
    })
  })

  it.each(['', 'a b', 'ü', 'x'.repeat(33)])('refuses the client order id %s before anything is sent', (id) => {
    expect(() => mapOrderRequest(limit({ timeInForce: 'ioc' }, id))).toThrow(ExchangeRequestException)
  })
})

describe('mapOrder', () => {
  it('gives a market order no price: what the exchange shows is a protective one', () => {
    const update = mapOrder(mexcOrderSchema.parse(queried), instrument)
    expect(update.price).toBeUndefined()
    expect(JSON.parse(JSON.stringify(update))).toMatchObject({
      clientOrderId: 'sbo000077',
      status: 'filled',
      quantity: '32.69',
      filledNotional: '5.72522853',
      exchangeTimeMs: 1_736_409_765_001,
    })
  })

  it.each([
    ['NEW', 'open'],
    ['PARTIALLY_FILLED', 'partially_filled'],
    ['CANCELED', 'cancelled'],
    ['PARTIALLY_CANCELED', 'cancelled'],
  ])('reads %s as %s', (status, expected) => {
    expect(mapOrder(mexcOrderSchema.parse({ ...queried, status }), instrument).status).toBe(expected)
  })

  it('makes do with what a new or a stopped order leaves out', () => {
    const bare = { ...queried, type: 'LIMIT', side: 'SELL', origQty: '0', clientOrderId: '', updateTime: null }
    const update = mapOrder(mexcOrderSchema.parse({ ...bare, cancelReason: 'stp_cancel' }), instrument)
    expect(update).toMatchObject({
      quantity: undefined,
      clientOrderId: undefined,
      side: 'sell',
      exchangeTimeMs: 1_736_409_765_000,
      reason: 'stp_cancel',
    })
    const { time: _, ...timeless } = bare
    expect(mapOrder(mexcOrderSchema.parse(timeless), instrument).exchangeTimeMs).toBe(0)
  })

  it('does not take a status that it does not know', () => {
    expect(mexcOrderSchema.safeParse({ ...queried, status: 'EXPIRED' }).success).toBe(false)
  })
})

describe('mapOrderPush', () => {
  const push = { id: '1', price: '2', quantity: '3', orderType: 1, tradeType: 1, createTime: 7 }

  it.each([
    [0, 'open'],
    [1, 'open'],
    [2, 'filled'],
    [3, 'partially_filled'],
    [4, 'cancelled'],
    [5, 'cancelled'],
  ])('reads status %i as %s', (status, expected) => {
    expect(mapOrderPush(mexcOrderPushSchema.parse({ ...push, status }), instrument, 9).status).toBe(expected)
  })

  it('takes the time of the push, or the birth of the order where it has none', () => {
    const order = mexcOrderPushSchema.parse(push)
    expect(mapOrderPush(order, instrument, 9).exchangeTimeMs).toBe(9)
    expect(mapOrderPush(order, instrument, 0).exchangeTimeMs).toBe(7)
  })
})

describe('fills', () => {
  it('are the same from the stream and from a query', () => {
    const pushed = mapFillPush(
      mexcFillPushSchema.parse({
        price: '3.6962',
        quantity: '1',
        tradeType: 1,
        isMaker: true,
        tradeId: 'X1',
        orderId: 'C02__1',
        clientOrderId: 'arb-1',
        time: 1_000,
      }),
      instrument,
    )
    const [row] = mexcMyTradesSchema.parse([
      {
        symbol: 'BTCUSDT',
        id: 'X1',
        orderId: 'C02__1',
        clientOrderId: 'arb-1',
        price: '3.6962',
        qty: '1',
        commission: null,
        commissionAsset: null,
        time: 1_000,
        isBuyer: true,
        isMaker: true,
      },
    ])
    const queriedFill = mapMyTrade(row!, instrument)
    expect(JSON.stringify(pushed)).toBe(JSON.stringify(queriedFill))
    expect(queriedFill).toMatchObject({ side: 'buy', role: 'maker', feeAsset: 'USDT' })
    const sold = mapMyTrade({ ...row!, isBuyer: false, commission: '0.01', commissionAsset: 'MX' }, instrument)
    expect(JSON.parse(JSON.stringify(sold))).toMatchObject({ side: 'sell', fee: '0.01', feeAsset: 'MX' })
  })
})
