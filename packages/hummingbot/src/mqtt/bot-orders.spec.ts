import { describe, expect, it } from 'vitest'
import { readBotEvent } from './bot-messages.js'
import { HummingbotBotOrders } from './bot-orders.js'

const event = (type: string, orderId: string | null = 'x') =>
  readBotEvent({ type, timestamp: 1, data: orderId === null ? {} : { order_id: orderId } })

describe('the orders of a bot', () => {
  it('follow their events, each state once', () => {
    const orders = new HummingbotBotOrders()
    const states = ['BuyOrderCreated', 'OrderFilled', 'OrderFilled', 'BuyOrderCompleted', 'OrderCancelled'].map(
      (type) => orders.observe(event(type))?.state,
    )
    expect(states).toEqual(['created', 'filling', undefined, 'completed', undefined])
    expect(orders.get('x')).toBe('completed')
  })

  it('let a fill override a failure', () => {
    const orders = new HummingbotBotOrders()
    orders.observe(event('OrderFailure'))
    expect(orders.observe(event('OrderFilled'))).toEqual({ orderId: 'x', state: 'filling', isCorrection: true })
    expect(orders.observe(event('BuyOrderCompleted'))).toMatchObject({ state: 'completed', isCorrection: false })
  })

  it('are not changed by what concerns none', () => {
    const orders = new HummingbotBotOrders()
    expect(orders.observe(event('FundingPaymentCompleted'))).toBeUndefined()
    expect(orders.observe(event('OrderFilled', null))).toBeUndefined()
    expect(orders.observe(event('toString'))).toBeUndefined()
  })

  it('read an event whose members are of another kind as far as they can', () => {
    const odd = readBotEvent({ type: 'OrderFilled', timestamp: 1, data: { order_id: 7, price: '1e-7' } })
    expect(odd).toMatchObject({ orderId: null, data: { order_id: 7 } })
  })
})
