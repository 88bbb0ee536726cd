import { expect, it } from 'vitest'
import { OrderRegistry } from './order-registry.js'
import type { VenueFill, VenueOrder } from './venue-order.js'

const order = (id: string): VenueOrder => ({ id, accountId: 'trader' }) as VenueOrder
const fill = (orderId: string): VenueFill => ({ orderId, accountId: 'trader' }) as VenueFill

it('remembers the newest orders with their fills, and every order that still works', () => {
  const registry = new OrderRegistry(8)
  const resting = order('resting')
  registry.add(resting)
  for (let i = 1; i <= 25; i++) {
    const each = order(`${i}`)
    registry.add(each)
    registry.addFill(fill(each.id))
    registry.end(each)
  }
  expect(registry.ordersOf('trader').map(({ id }) => id)).toEqual(expect.arrayContaining(['resting', '18', '25']))
  expect(registry.ordersOf('trader').length).toBeLessThanOrEqual(11)
  expect(registry.ordersOf('trader')[0]).toBe(resting)
  expect(registry.fillsOf('trader').map(({ orderId }) => orderId)).toEqual(
    registry
      .ordersOf('trader')
      .slice(1)
      .map(({ id }) => id),
  )
  expect(registry.find('1')).toBeUndefined()
  expect(registry.find('25')).toBeDefined()
  registry.end(resting)
  for (let i = 26; i <= 40; i++) {
    registry.add(order(`${i}`))
    registry.end(registry.find(`${i}`)!)
  }
  expect(registry.all.map(({ id }) => id)).not.toContain('resting')
})
