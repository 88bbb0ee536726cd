import {
  asClientOrderId,
  asCorrelationId,
  Decimal,
  ExchangeCapabilityException,
  ExchangeRequestException,
  type LimitOrderRequest,
} from '@cex-arbitrage/common'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../../../testing/test-instrument.js'
import { parseJson } from '../../../decoding/lossless-json.js'
import { mapFuturesAccount, mapFuturesFill, mapFuturesOrder, mapFuturesOrderRequest } from './order-mapper.js'
import { gateioFuturesAccountSchema, gateioFuturesFillSchema, gateioFuturesOrderSchema } from './schemas.js'

const read = (name: string): unknown =>
  parseJson(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
const instrument = createTestInstrument({
  marketType: 'futures',
  exchangeSymbol: 'BTC_USDT',
  tickSize: Decimal.parse('0.1'),
  lotSize: Decimal.one,
  contractSize: Decimal.parse('0.0001'),
})
const order: LimitOrderRequest = {
  instrument,
  clientOrderId: asClientOrderId('abc123'),
  correlationId: asCorrelationId('c'),
  type: 'limit',
  side: 'sell',
  priceTicks: 650_005,
  quantityLots: 12,
  execution: { timeInForce: 'ioc' },
}
const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('an order as Gate.io futures take it', () => {
  it('says its side by the sign of its size, in contracts', () => {
    expect(mapFuturesOrderRequest(order)).toEqual({
      text: 't-abc123',
      contract: 'BTC_USDT',
      size: '-12',
      price: '65000.5',
      tif: 'ioc',
    })
    const maker = { ...order, side: 'buy', execution: { timeInForce: 'gtc', postOnly: true } } as const
    expect(mapFuturesOrderRequest(maker)).toMatchObject({ size: '12', tif: 'poc' })
  })

  it('may be held to bring its position nearer to zero', () => {
    expect(mapFuturesOrderRequest({ ...order, reduceOnly: true })).toMatchObject({ reduce_only: true })
    expect(mapFuturesOrderRequest({ ...order, reduceOnly: false })).not.toHaveProperty('reduce_only')
  })

  it('is no market order and carries no id that the exchange refuses', () => {
    const market = { ...order, type: 'market', side: 'sell' } as const
    expect(() => mapFuturesOrderRequest(market)).toThrow(ExchangeCapabilityException)
    const odd = { ...order, clientOrderId: asClientOrderId('a b') }
    expect(() => mapFuturesOrderRequest(odd)).toThrow(ExchangeRequestException)
  })
})

describe('an order as Gate.io futures tell it', () => {
  it('keeps an id beyond 2^53 digit for digit', () => {
    const resting = gateioFuturesOrderSchema.parse(read('rest-futures-order'))
    expect(told(mapFuturesOrder(resting, instrument))).toEqual({
      instrumentId: instrument.id,
      clientOrderId: 'my-custom-id',
      exchangeOrderId: '36028813724316572',
      side: 'buy',
      status: 'open',
      quantity: '10',
      price: '65000',
      filledQuantity: '0',
      filledNotional: '0',
      exchangeTimeMs: 1_764_590_400_123,
    })
  })

  it('is reckoned by its status on the stream, whatever its other words', () => {
    const { result } = read('ws-futures-order') as { readonly result: readonly unknown[] }
    const accepted = gateioFuturesOrderSchema.parse(result[0])
    expect(mapFuturesOrder(accepted, instrument)).toMatchObject({
      exchangeOrderId: '58828270140012048',
      clientOrderId: undefined,
      status: 'open',
      reason: undefined,
      exchangeTimeMs: 1_733_968_288_255,
    })
    const finished = gateioFuturesOrderSchema.parse(read('ws-futures-finished-order'))
    expect(told(mapFuturesOrder(finished, instrument))).toMatchObject({
      exchangeOrderId: '4872460',
      status: 'filled',
      filledQuantity: '1.5',
      // 1.5 contracts of 0.0001 at 40000.4
      filledNotional: '6.00006',
    })
  })

  it.each([
    ['-10', '-4', 'open', undefined, 'partially_filled', '6', undefined],
    ['-10', '-10', 'finished', 'ioc', 'cancelled', '0', 'ioc'],
    ['10', '4', 'finished', 'cancelled', 'cancelled', '6', undefined],
    ['10', '0', 'finished', 'filled', 'filled', '10', undefined],
    ['10', '3', 'finished', 'reduce_only', 'cancelled', '7', 'reduce_only'],
  ])('reads size %s, left %s, %s, %s as %s', (size, left, status, finishAs, expected, filled, reason) => {
    const row = { ...(read('rest-futures-order') as object), size, left, status, finish_as: finishAs }
    const update = mapFuturesOrder(gateioFuturesOrderSchema.parse(row), instrument)
    expect(update).toMatchObject({ status: expected, side: size.startsWith('-') ? 'sell' : 'buy', reason })
    expect(update.filledQuantity.toString()).toBe(filled)
  })

  it('comes to the exact notional of fills at several prices, of which a rounded average is told', () => {
    // 2 contracts at 65000.1 and 1 at 65000.2
    const row = { ...(read('rest-futures-order') as object), size: '3', left: '0', fill_price: '65000.133333333333' }
    const update = mapFuturesOrder(gateioFuturesOrderSchema.parse(row), instrument)
    expect(update.filledNotional.toString()).toBe('19.50004')
  })

  it('has no price when it was a market order', () => {
    const row = { ...(read('rest-futures-order') as object), price: '0', fill_price: undefined }
    expect(mapFuturesOrder(gateioFuturesOrderSchema.parse(row), instrument).price).toBeUndefined()
  })
})

describe('an execution on Gate.io futures', () => {
  it('is the same from an answer, an answer by time and the stream', () => {
    const row = read('rest-futures-my-trade') as Record<string, unknown>
    const fill = mapFuturesFill(gateioFuturesFillSchema.parse(row), instrument)
    expect(told(fill)).toEqual({
      fillId: '121234231-21893289839',
      instrumentId: instrument.id,
      exchangeOrderId: '21893289839',
      clientOrderId: '123456',
      side: 'buy',
      price: '100.123',
      quantity: '100',
      fee: '0.01',
      feeAsset: 'USDT',
      role: 'taker',
      exchangeTimeMs: 1_514_764_800_123,
    })
    const { id, ...byTime } = row
    expect(mapFuturesFill(gateioFuturesFillSchema.parse({ ...byTime, trade_id: String(id) }), instrument)).toEqual(fill)
    const pushed = gateioFuturesFillSchema.parse(read('ws-futures-user-trade'))
    expect(told(mapFuturesFill(pushed, instrument))).toMatchObject({
      fillId: '3335259-4872460',
      fee: '0.0009290592',
      exchangeTimeMs: 1_628_736_848_321,
    })
  })

  it('sells by a negative size and may cost nothing', () => {
    const row = { ...(read('rest-futures-my-trade') as object), size: '-2', fee: undefined, text: undefined }
    const fill = mapFuturesFill(gateioFuturesFillSchema.parse(row), instrument)
    expect(told(fill)).toMatchObject({ side: 'sell', quantity: '2', fee: '0' })
    expect(fill.clientOrderId).toBeUndefined()
  })
})

describe('the wallet of Gate.io futures', () => {
  const account = read('rest-futures-account') as Record<string, unknown>
  const balanceOf = (more: object) => {
    const { free, locked } = mapFuturesAccount(gateioFuturesAccountSchema.parse({ ...account, ...more }))
    return [free.toString(), locked.toString()]
  }

  it('locks what is not available, and adds up to the total', () => {
    expect(balanceOf({})).toEqual(['9669.091377934145', '38.712189181'])
  })

  it('counts no profit that is not realised, and frees nothing while there is less than nothing', () => {
    expect(balanceOf({ total: '100', available: '120' })).toEqual(['100', '0'])
    expect(balanceOf({ total: '100', available: '-5' })).toEqual(['0', '100'])
  })
})
