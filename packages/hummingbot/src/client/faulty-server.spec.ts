import { SeededRandom, silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { createHummingbotVenue } from '@cex-arbitrage/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { RecordingSink } from '../testing/recording.js'
import type { HummingbotClientOptions } from './client-options.js'
import { HummingbotClient } from './hummingbot-client.js'
import { HummingbotException } from './hummingbot-exception.js'

const market = { exchange: 'binance', market: 'ETH-USDT' }
const requests = 2_000
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function setUp(options: Partial<HummingbotClientOptions> = {}, port = 0) {
  const keys = [{ key: 'trade-key', secret: 'trade-secret', permission: 'trade' as const }]
  const accounts = [{ id: 'trader', uid: 1, keys, balances: { USDT: '10000000', ETH: '5000' } }]
  const venue = createHummingbotVenue({ market: { kind: 'manual' }, accounts, seed: 7, port })
  const { ws } = await venue.start()
  closers.push(() => venue.close())
  for (const [side, priceTicks] of [
    ['sell', 300_100],
    ['buy', 300_000],
  ] as const)
    venue.core.place({
      accountId: 'house',
      symbol: 'ETH/USDT',
      side,
      kind: 'limit',
      timeInForce: 'gtc',
      priceTicks,
      quantityLots: 1_000_000,
    })
  const sink = new RecordingSink()
  const client = new HummingbotClient({
    eventEngine: sink,
    apiHost: '127.0.0.1',
    apiPort: Number(new URL(ws).port),
    apiKey: 'trade-key',
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    ...options,
  })
  closers.push(() => client.disconnect())
  await client.connect()
  const traffic = () => (venue.truth().venue as { traffic: Record<string, number> }).traffic
  const ordersOfTrader = () => venue.truth().orders.filter(({ accountId }) => accountId === 'trader')
  return { venue, client, sink, traffic, ordersOfTrader }
}

/** Outcomes that say that nothing rests, by positive evidence. */
const isRefused = (error: unknown): boolean => error instanceof HummingbotException && !error.orderStateUnknown

describe('the client against a server with faults', () => {
  it('places no order twice, loses no answer, and keeps its limits', async () => {
    const limits = { maxInFlight: 10, rateLimit: { frames: 2_000, periodMs: 1_000, marginMs: 100 } }
    const { venue, client, traffic, ordersOfTrader } = await setUp({ requestTimeoutMs: 100, ...limits })
    for (const kind of ['error_before', 'error_after', 'lost_acknowledgement', 'rate_limited', 'request_drop'] as const)
      venue.faults.add({
        kind,
        route: 'WS *',
        probability: 0.01,
        ...((kind === 'lost_acknowledgement' || kind === 'request_drop') && { mode: 'hang' as const }),
      })
    for (const kind of ['duplicate', 'reorder', 'delay'] as const)
      venue.faults.add({ kind, channel: 'response', probability: 0.01, delayMs: 150 })
    const random = new SeededRandom(11)
    const creates = new Map<string, unknown>()
    let settled = 0
    const one = async (i: number): Promise<void> => {
      const kind = random.integer(0, 4)
      try {
        if (kind === 0) {
          const client_order_id = `cid-${i}`
          creates.set(client_order_id, undefined)
          const order = { ...market, side: 'buy', order_type: 'limit', amount: '0.01', price: '2900' } as const
          try {
            creates.set(client_order_id, await client.createOrder({ ...order, client_order_id }))
          } catch (error) {
            creates.set(client_order_id, error)
          }
        } else if (kind === 1) await client.getTicker(market)
        else if (kind === 2) await client.getBalances({ exchange: 'binance' })
        else if (kind === 3) await client.getOrderBook(market)
        else await client.ping()
      } catch {
        // What the faults made of it is counted below.
      } finally {
        settled++
      }
    }
    await Promise.all(Array.from({ length: requests }, (_, i) => one(i)))
    expect(settled).toBe(requests)
    expect(client.pendingRequests).toBe(0)
    const placed = ordersOfTrader().map(({ clientOrderId }) => clientOrderId)
    expect(new Set(placed).size).toBe(placed.length)
    for (const [id, outcome] of creates) {
      // An order that succeeded is there; one that was refused is not; of the rest nobody claims to know.
      if (!(outcome instanceof Error)) expect(placed).toContain(id)
      else if (isRefused(outcome)) expect(placed).not.toContain(id)
    }
    expect(traffic()).toMatchObject({ repeatedIds: 0, framesBeforeAuthentication: 0 })
    expect(traffic()['peakInFlight']).toBeLessThanOrEqual(10)
    expect(traffic()['peakFramesPerSecond']).toBeLessThanOrEqual(2_000)
  }, 60_000)

  it('comes back after each of many cut connections, subscribed, and brings no order event twice', async () => {
    const { venue, client, sink, ordersOfTrader } = await setUp({
      requestTimeoutMs: 500,
      rateLimit: { frames: 1_000, periodMs: 1_000 },
    })
    await client.subscribeToOrderBook(market)
    const order = { ...market, side: 'buy', order_type: 'limit', amount: '0.01', price: '2900' } as const
    const created = await client.createOrder(order)
    venue.faults.add({ kind: 'disconnect', count: 1 })
    await waitFor(() => sink.statuses.length === 4, 'the reconnect')
    expect(sink.statuses).toEqual(['connecting', 'connected', 'connecting', 'connected'])
    await waitFor(() => client.pendingRequests === 0, 'the resubscription')
    const again = await client.createOrder(order)
    expect(again.order_id).not.toBe(created.order_id)
    await waitFor(() => client.pendingRequests === 0, 'the recovery')
    const opens = sink.told.filter(({ type, source }) => type === 'ORDER_UPDATE' && source === 'hummingbot')
    const byAnswer = opens.filter(({ data }) => data['timestamp'] === undefined)
    expect(byAnswer.map(({ data }) => data['order_id'])).toEqual([created.order_id, again.order_id])
    expect(ordersOfTrader()).toHaveLength(2)
  })
})
