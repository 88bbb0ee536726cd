import { createTestInstrument } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { HummingbotOrder } from '../client/schemas.js'
import { FillBook } from './fill-book.js'

const instrument = createTestInstrument()
const order = (filled: string, status: HummingbotOrder['status'] = 'partially_filled'): HummingbotOrder => ({
  order_id: 'o',
  symbol: 'BTC-USDT',
  exchange: 'binance',
  price: '100',
  amount: '1',
  filled,
  side: 'sell',
  type: 'limit',
  status,
})
const trade = (id: string, amount: string) => ({
  trade_id: id,
  symbol: 'BTC-USDT',
  exchange: 'binance',
  price: '101',
  amount,
  side: 'sell' as const,
  timestamp: 2,
  own: true,
  order_id: 'o',
})

describe('the fill book', () => {
  it('takes each trade once, and none that is not of an order', () => {
    const book = new FillBook(() => 7)
    expect(book.addTrade(trade('t', '0.4'), instrument, order('0'))).toMatchObject({ fillId: 't', role: 'taker' })
    expect(book.addTrade(trade('t', '0.4'), instrument)).toBeUndefined()
    expect(book.addTrade({ ...trade('u', '1'), order_id: undefined }, instrument)).toBeUndefined()
    expect(book.getNotional('o').toString()).toBe('40.4')
    expect(book.getFills('none')).toEqual([])
  })

  it('makes up what an order has filled beyond its trades, once, and leaves out the trades that come later', () => {
    const book = new FillBook(() => 7)
    book.markResting('o')
    book.addTrade(trade('t', '0.4'), instrument)
    const made = book.completeFrom(order('1', 'filled'), instrument)
    expect([made?.quantity.toString(), made?.price.toString(), made?.role]).toEqual(['0.6', '100', 'maker'])
    expect(made?.fee.toString()).toBe('0.06')
    expect(book.completeFrom(order('1', 'filled'), instrument)).toBeUndefined()
    expect(book.addTrade(trade('u', '0.6'), instrument)).toBeUndefined()
    const total = book.getFills('o').reduce((sum, { quantity }) => sum + quantity.toNumber(), 0)
    expect(total).toBe(1)
    expect(book.getFills()).toHaveLength(2)
  })

  it('makes up nothing for an order without a price or without more to account for', () => {
    const book = new FillBook(() => 7)
    expect(book.completeFrom({ ...order('1'), price: null }, instrument)).toBeUndefined()
    expect(book.completeFrom(order('0'), instrument)).toBeUndefined()
  })
})
