import { Decimal } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canBe, isTwin, StepCache } from './order-matching.js'
import { applyItem, applyTrade } from './order-progress.js'
import { isEnded, type OrderRecord } from './order-record.js'
import type { OrderItem } from './upstream-schemas.js'
import { decimalOf, secondsOf } from './upstream-values.js'
import { viewItem } from './order-view.js'

const recordOf = (more: Partial<OrderRecord> = {}): OrderRecord => ({
  clientOrderId: 'cid',
  isMinted: false,
  exchange: 'binance',
  market: 'ETH-USDT',
  accountName: 'master_account',
  connectorName: 'binance',
  pair: 'ETH-USDT',
  side: 'buy',
  orderType: 'limit',
  amount: '1.0009',
  price: '2.009',
  sentAtMs: 1_767_225_600_000,
  state: 'placed',
  orderId: 'x',
  status: 'open',
  filled: '0',
  fills: [],
  pushedAmount: '0',
  ...more,
})

const itemOf = (more: Partial<OrderItem> = {}): OrderItem => ({
  order_id: 'x',
  account_name: 'master_account',
  connector_name: 'binance',
  trading_pair: 'ETH-USDT',
  trade_type: 'BUY',
  order_type: 'LIMIT',
  amount: 1,
  price: 2,
  status: 'OPEN',
  filled_amount: 0,
  created_at: '2026-01-01T00:00:00+00:00',
  ...more,
})

const tradeOf = (id: string, amount: number) => ({
  trade_id: id,
  order_id: 'x',
  trading_pair: 'ETH-USDT',
  trade_type: 'BUY',
  amount,
  price: 2,
  timestamp: '2026-01-01T00:00:01',
})

describe('the progress of an order', () => {
  it('shows a fill that an open status hides', () => {
    const record = recordOf()
    expect(applyItem(record, itemOf({ filled_amount: 0.4 }), 5)).toBe(true)
    expect(record).toMatchObject({ status: 'partially_filled', filled: '0.4', createdAtS: 1_767_225_600 })
    expect(applyItem(record, itemOf({ filled_amount: 0.3 }), 5)).toBe(false)
  })

  it('corrects a cancellation or failure by a fill that comes after it', () => {
    for (const status of ['CANCELLED', 'FAILED']) {
      const record = recordOf()
      applyItem(record, itemOf({ status, error_message: 'why' }), 5)
      expect(applyItem(record, itemOf({ status }), 6)).toBe(false)
      expect(applyItem(record, itemOf({ status, filled_amount: 0.4 }), 6)).toBe(true)
      expect(record).toMatchObject({ status: status.toLowerCase(), filled: '0.4', endedAtMs: 5 })
      expect(applyItem(record, itemOf({ status: 'FILLED', filled_amount: 1 }), 7)).toBe(true)
      expect(record.status).toBe('filled')
    }
  })

  it('keeps its status when the upstream says a word nobody knows', () => {
    const record = recordOf()
    expect(applyItem(record, itemOf({ status: 'DANCING' }), 5)).toBe(false)
    expect(record.status).toBe('open')
  })

  it('follows fills that run ahead of the order, each once', () => {
    const record = recordOf()
    expect(applyTrade(record, tradeOf('1', 0.4), 5)).toBe(true)
    expect(applyTrade(record, tradeOf('1', 0.4), 5)).toBe(false)
    expect(record).toMatchObject({ filled: '0.4', pushedAmount: '0.4', status: 'partially_filled' })
    applyTrade(record, tradeOf('2', 0.6009), 6)
    expect(record).toMatchObject({ filled: '1.0009', status: 'filled', endedAtMs: 6 })
  })

  it('never takes a fill back and never leaves an end without one, whatever comes in which order', () => {
    const statuses = ['SUBMITTED', 'OPEN', 'PENDING_CANCEL', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'FAILED', 'ODD']
    const step = fc.record({ status: fc.constantFrom(...statuses), lots: fc.integer({ min: 0, max: 10 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const record = recordOf({ amount: '1' })
        for (const { status, lots } of steps) {
          const { filled, status: before } = record
          const wasEnded = isEnded(record)
          applyItem(record, itemOf({ status, filled_amount: lots / 10 }), 5)
          expect(Decimal.parse(record.filled).lessThan(Decimal.parse(filled))).toBe(false)
          if (wasEnded && record.filled === filled) expect(record.status).toBe(before)
          if (wasEnded) expect(isEnded(record)).toBe(true)
        }
      }),
    )
  })
})

describe('a row that could be a lost order', () => {
  const steps = { price: Decimal.parse('0.01'), amount: Decimal.parse('0.001') }

  it('has the same terms, rounded down to the steps', () => {
    expect(canBe(recordOf(), itemOf(), steps)).toBe(true)
    expect(canBe(recordOf(), itemOf(), { ...steps, amount: Decimal.parse('0.0001') })).toBe(false)
    const noSteps = { price: undefined, amount: undefined }
    expect(canBe(recordOf(), itemOf(), noSteps)).toBe(false)
    expect(canBe(recordOf(), itemOf({ amount: 1.0009, price: 2.009 }), noSteps)).toBe(true)
  })

  it.each([
    ['pair', { trading_pair: 'BTC-USDT' }],
    ['side', { trade_type: 'SELL' }],
    ['kind', { order_type: 'MARKET' }],
    ['time', { created_at: '2025-12-31T23:59:58+00:00' }],
    ['readable time', { created_at: null }],
    ['amount', { amount: 3 }],
    ['price', { price: 3 }],
  ])('has the same %s', (_, more) => {
    const record = recordOf({ amount: '1', price: '2' })
    expect(canBe(record, itemOf(), steps)).toBe(true)
    expect(canBe(record, itemOf(more), steps)).toBe(false)
  })

  it('at market is not compared by price', () => {
    const record = recordOf({ amount: '1', orderType: 'market' })
    expect(canBe(record, itemOf({ order_type: 'MARKET', price: 7 }), steps)).toBe(true)
  })

  it('is in doubt when another lost order asks for the same', () => {
    const record = recordOf()
    expect(isTwin(record, record)).toBe(false)
    expect(isTwin(record, recordOf({ clientOrderId: 'other' }))).toBe(true)
    expect(isTwin(record, recordOf({ price: '3' }))).toBe(false)
  })

  it('is judged by steps that are asked for once, and by none while they cannot be had', async () => {
    let calls = 0
    const cache = new StepCache({
      fetchSteps: () => {
        calls++
        if (calls === 1) return Promise.reject(new Error('down'))
        return Promise.resolve({ min_price_increment: 0.01, min_base_amount_increment: null })
      },
    })
    expect(await cache.stepsOf(recordOf())).toEqual({ price: undefined, amount: undefined })
    const found = await cache.stepsOf(recordOf())
    expect([found.price?.toString(), found.amount]).toEqual(['0.01', undefined])
    await cache.stepsOf(recordOf())
    expect(calls).toBe(2)
  })
})

describe('values of the upstream', () => {
  it('become exact decimal text and seconds', () => {
    expect([1e-8, '1E-8', 3000, '3000.0', null, undefined, 'x'].map((value) => decimalOf(value))).toEqual([
      '0.00000001',
      '0.00000001',
      '3000',
      '3000.0',
      '0',
      '0',
      '0',
    ])
    expect(
      ['2026-01-01T00:00:00', '2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00Z', 'soon', null].map(secondsOf),
    ).toEqual([1_767_225_600, 1_767_225_600, 1_767_225_600, undefined, undefined])
  })

  it('that are forgotten come from the record', () => {
    const row = itemOf({
      trading_pair: 'UNKNOWN',
      trade_type: 'UNKNOWN',
      order_type: 'UNKNOWN',
      amount: 0,
      price: null,
      status: 'FAILED',
    })
    const at = { exchange: 'binance', market: 'eth/usdt' }
    expect(viewItem(row, at, recordOf({ isMinted: true }))).toEqual({
      order_id: 'x',
      symbol: 'ETH-USDT',
      exchange: 'binance',
      price: '2.009',
      amount: '1.0009',
      filled: '0',
      side: 'buy',
      type: 'limit',
      status: 'failed',
      created_at: 1_767_225_600,
    })
    expect(viewItem(row, at)).toMatchObject({ symbol: 'eth/usdt', price: null, amount: '0', type: 'limit' })
  })
})
