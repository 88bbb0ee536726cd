import {
  ExchangeUnavailableException,
  OrderNotFoundException,
  asClientOrderId,
  asExchangeOrderId,
  silentLogger,
  type OrderReference,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { createTestInstrument } from '@cex-arbitrage/common/testing'
import type { OrderGateway } from '@cex-arbitrage/exchanges'
import { describe, expect, it } from 'vitest'
import { OwnOrders } from './own-orders.js'

const instrument = createTestInstrument()

function create(ids: readonly string[], failure?: Error): { orders: OwnOrders; cancelled: string[] } {
  const cancelled: string[] = []
  const updates = ids.map(
    (id) =>
      ({ clientOrderId: asClientOrderId(id), exchangeOrderId: asExchangeOrderId(id), status: 'open' }) as OrderUpdate,
  )
  const gateway = {
    fetchOpenOrders: () => Promise.resolve(updates),
    cancelOrder: (order: OrderReference) => {
      if (failure !== undefined) return Promise.reject(failure)
      cancelled.push(order.exchangeOrderId!)
      return Promise.resolve()
    },
  } as unknown as OrderGateway
  const markets = [{ instrument, orders: gateway }]
  return { cancelled, orders: new OwnOrders({ markets, idPrefix: 'arb', log: silentLogger }) }
}

describe('OwnOrders', () => {
  it('cancels what carries our prefix, and nothing else', async () => {
    const { orders, cancelled } = create(['arb1', 'other', 'arb2'])
    expect(await orders.cancel(() => Promise.resolve(true))).toBe(false)
    expect(cancelled).toEqual(['arb1', 'arb2'])
    expect(await create(['other']).orders.cancel(() => Promise.resolve(true))).toBe(true)
  })

  it('cancels nothing more when it may not', async () => {
    const { orders, cancelled } = create(['arb1', 'arb2'])
    let left = 1
    expect(await orders.cancel(() => Promise.resolve(left-- > 0))).toBe(false)
    expect(cancelled).toEqual(['arb1'])
  })

  it('takes an order that is gone for done, and an exchange that fails for unfinished', async () => {
    const gone = new OrderNotFoundException({ message: 'gone' })
    expect(await create(['arb1'], gone).orders.cancel(() => Promise.resolve(true))).toBe(false)
    const busy = new ExchangeUnavailableException({ message: 'busy' })
    expect(await create(['arb1'], busy).orders.cancel(() => Promise.resolve(true))).toBe(false)
  })
})
