import {
  SeededRandom,
  asClientOrderId,
  asCorrelationId,
  createExchangeId,
  systemClock,
  type LimitOrderRequest,
  type MarketType,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ComponentRegistry } from '../factory/component-registry.js'
import { registerExchange as registerGateio } from '../implementations/gateio/index.js'
import { registerExchange as registerMexc } from '../implementations/mexc/index.js'
import { createTestInstrument } from '../testing/test-instrument.js'
import { RehearsalOrders } from './rehearsal-orders.js'

const registry = new ComponentRegistry()
registerGateio(registry)
registerMexc(registry)
const sources = { clock: systemClock, random: new SeededRandom(1), options: {} }
const connect = vi.spyOn(Socket.prototype, 'connect')

const markets = [
  ['mexc', 'spot'],
  ['mexc', 'futures'],
  ['gateio', 'spot'],
  ['gateio', 'futures'],
] as const

function orderOn(exchange: string, number: number, marketType: MarketType = 'spot'): RiskApproved<LimitOrderRequest> {
  const order: LimitOrderRequest = {
    instrument: createTestInstrument({ exchange: createExchangeId(exchange), marketType }),
    type: 'limit',
    side: 'buy',
    priceTicks: 1_000,
    quantityLots: 1_000,
    clientOrderId: asClientOrderId(`warm-${number}`),
    correlationId: asCorrelationId(`c${number}`),
    execution: { timeInForce: 'ioc' },
  }
  return order as RiskApproved<LimitOrderRequest>
}

describe('orders of a rehearsal', () => {
  beforeEach(() => {
    connect.mockReset().mockImplementation(function (this: Socket) {
      return this
    })
  })
  afterEach(() => void connect.mockReset())

  it('reach no socket (S1)', async () => {
    for (const [exchange, marketType] of markets) {
      const orders = RehearsalOrders.create(registry, createExchangeId(exchange), marketType, sources)!
      const submitted = orders.submitOrder(orderOn(exchange, 1, marketType), { ackTimeoutMs: 500, purpose: 'open' })
      await submitted.catch(() => undefined)
      expect(connect).not.toHaveBeenCalled()
      await orders.close()
    }
  })

  it.each(markets)(
    'are acknowledged on %s %s, trade after trade, whatever the rate limits',
    async (exchange, marketType) => {
      const orders = RehearsalOrders.create(registry, createExchangeId(exchange), marketType, sources)!
      for (let number = 1; number <= 100; number++) {
        const permit = orders.admitTrade({ orders: 2, cancels: 2, queries: 4 })
        expect(permit).toBeDefined()
        const order = orderOn(exchange, number, marketType)
        const acknowledgement = await orders.submitOrder(order, { ackTimeoutMs: 500, purpose: 'open' })
        expect(acknowledgement.clientOrderId).toBe(order.clientOrderId)
        expect(acknowledgement.exchangeOrderId).toContain(`warm-${number}`)
        permit!.release()
      }
      await orders.close()
    },
  )

  it('go over REST even where real ones go over a stream, which stays closed', async () => {
    const orders = RehearsalOrders.create(registry, createExchangeId('gateio'), 'spot', {
      ...sources,
      options: { orderEntry: 'websocket' },
    })!
    await orders.submitOrder(orderOn('gateio', 1), { ackTimeoutMs: 500, purpose: 'open' })
    await orders.close()
  })

  it('are not to be had of an exchange that has registered no answers, which it may do once', () => {
    expect(RehearsalOrders.create(registry, createExchangeId('gateio'), 'margin', sources)).toBeUndefined()
    const mexc = { exchange: createExchangeId('mexc'), marketType: 'spot' } as const
    expect(() => registry.registerRehearsal(mexc, () => undefined)).toThrow(/registered already/)
  })
})
