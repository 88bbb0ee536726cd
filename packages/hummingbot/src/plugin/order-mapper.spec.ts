import { asClientOrderId, asCorrelationId, Decimal, type OrderRequest } from '@cex-arbitrage/common'
import { createTestInstrument } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { HummingbotException } from '../client/hummingbot-exception.js'
import type { HummingbotOrder } from '../client/schemas.js'
import { isEnded, mapOrder, mapOrderFailure, mapOrderRequest, readFilled } from './order-mapper.js'

const instrument = createTestInstrument()
const order: HummingbotOrder = {
  order_id: 'o',
  symbol: 'BTC-USDT',
  exchange: 'binance',
  price: '100',
  amount: '1',
  side: 'buy',
  type: 'limit',
  status: 'open',
}
const map = (change: Partial<HummingbotOrder> & { readonly timestamp?: number }) =>
  mapOrder({ ...order, ...change }, instrument, Decimal.zero, 5_000)
const failure = (change: Partial<ConstructorParameters<typeof HummingbotException>[0]>) =>
  mapOrderFailure(
    new HummingbotException({ message: 'no', category: 'unknown_error', requestType: 'create_order', ...change }),
    asCorrelationId('c'),
  )

describe('the mapping of orders', () => {
  it('takes the time that comes nearest to the state, and the reason', () => {
    expect(map({}).exchangeTimeMs).toBe(5_000)
    expect(map({ created_at: 2 }).exchangeTimeMs).toBe(2_000)
    expect(map({ created_at: 2, filled_at: 3 }).exchangeTimeMs).toBe(3_000)
    expect(map({ created_at: 2, filled_at: 3, timestamp: 4 }).exchangeTimeMs).toBe(4_000)
    expect(map({ status: 'failed', reason: 'too late' })).toMatchObject({ status: 'rejected', reason: 'too late' })
    expect(map({ status: 'unknown', raw_status: 'pending' })).toMatchObject({ status: 'open', reason: 'pending' })
    expect(map({ price: null, client_order_id: 'cid' })).toMatchObject({ price: undefined, clientOrderId: 'cid' })
  })

  it('counts a filled order as filled whole where the number is left out', () => {
    expect(readFilled({ ...order, status: 'filled' }).toString()).toBe('1')
    expect(readFilled(order).isZero).toBe(true)
    expect(readFilled({ ...order, filled: '0.3' }).toString()).toBe('0.3')
    expect([isEnded(order), isEnded({ ...order, status: 'failed' })]).toEqual([false, true])
  })

  it('writes an order in the words of the protocol', () => {
    const request: OrderRequest = {
      type: 'limit',
      instrument,
      side: 'sell',
      priceTicks: 1_000,
      quantityLots: 10,
      execution: { timeInForce: 'ioc' },
      clientOrderId: asClientOrderId('cid'),
      correlationId: asCorrelationId('c'),
    }
    expect(mapOrderRequest(request, 'kucoin')).toEqual({
      exchange: 'kucoin',
      market: instrument.exchangeSymbol,
      side: 'sell',
      order_type: 'limit',
      amount: instrument.lotsToQuantity(10).toString(),
      price: instrument.ticksToPrice(1_000).toString(),
      client_order_id: 'cid',
    })
  })

  it('says what a failure proves', () => {
    const plain = new Error('plain')
    expect(mapOrderFailure(plain)).toBe(plain)
    expect(failure({ orderStateUnknown: true })).toMatchObject({ code: 'ORDER_OUTCOME_UNKNOWN', recovery: 'reconcile' })
    expect(failure({ category: 'insufficient_funds' })).toMatchObject({ code: 'INSUFFICIENT_FUNDS' })
    expect(failure({ category: 'invalid_order', message: 'Order x not found' })).toMatchObject({
      code: 'ORDER_NOT_FOUND',
    })
    expect(failure({ category: 'invalid_order' })).toMatchObject({ code: 'ORDER_REJECTED', recovery: 'reject' })
    expect(failure({ category: 'rate_limit' })).toBeInstanceOf(HummingbotException)
    expect(failure({ category: 'market_closed' })).toBeInstanceOf(HummingbotException)
  })
})
