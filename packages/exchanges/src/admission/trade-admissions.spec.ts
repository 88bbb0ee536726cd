import { asCorrelationId } from '@cex-arbitrage/common'
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

  it('hands what was set aside to the calls of its own trade', () => {
    const { limiter, admissions } = setUp()
    const [older, newer] = ['older', 'newer'].map(asCorrelationId)
    const first = admissions.admit({ orders: 1, cancels: 1, queries: 0, correlationId: older! })!
    const second = admissions.admit({ orders: 1, cancels: 0, queries: 0, correlationId: newer! })!
    expect(admissions.take('cancel', newer)).toBeUndefined()
    expect(admissions.take('cancel')).toBeUndefined()
    admissions.take('order', newer)!.spend()
    expect(admissions.take('order', newer)).toBeUndefined()
    second.release()
    expect(limiter.getUsage('orders')).toMatchObject({ spent: 1, held: 2 })
    expect(admissions.take('cancel', older)?.state).toBe('held')
    first.release()
    expect(admissions.take('order', older)).toBeUndefined()
  })

  it('hands what nobody was named for to whoever comes', () => {
    const { admissions } = setUp()
    admissions.admit({ orders: 1, cancels: 0, queries: 0 })
    expect(admissions.take('order', asCorrelationId('any'))?.state).toBe('held')
    expect(admissions.take('order')).toBeUndefined()
  })
})
