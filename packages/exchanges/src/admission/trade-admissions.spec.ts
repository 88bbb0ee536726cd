import { RateLimiter } from '@cex-arbitrage/networking'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { TradeAdmissions } from './trade-admissions.js'

const setUp = () => {
  const limiter = new RateLimiter({
    clock: new ManualClock(),
    windows: [{ name: 'orders', capacity: 4, intervalMs: 1_000 }],
  })
  const costs = [{ window: 'orders' }]
  return { limiter, admissions: new TradeAdmissions(limiter, { order: costs, cancel: costs, query: [] }) }
}

describe('TradeAdmissions', () => {
  it('admits a whole trade or nothing of it', () => {
    const { limiter, admissions } = setUp()
    const first = admissions.admit({ orders: 2, cancels: 1, queries: 1 })
    expect(first).toBeDefined()
    expect(admissions.admit({ orders: 2, cancels: 0, queries: 0 })).toBeUndefined()
    expect(limiter.getUsage('orders').held).toBe(3)
    first!.release()
    first!.release()
    expect(limiter.getUsage('orders').held).toBe(0)
    expect(admissions.open).toBe(0)
  })

  it('hands what was set aside to the calls that follow, oldest trade first', () => {
    const { limiter, admissions } = setUp()
    const first = admissions.admit({ orders: 1, cancels: 1, queries: 0 })!
    const second = admissions.admit({ orders: 1, cancels: 0, queries: 0 })!
    const permit = admissions.take('order')!
    permit.spend()
    first.release()
    expect(limiter.getUsage('orders')).toMatchObject({ spent: 1, held: 1 })
    expect(admissions.take('cancel')).toBeUndefined()
    expect(admissions.take('order')?.state).toBe('held')
    expect(admissions.take('order')).toBeUndefined()
    second.release()
  })
})
