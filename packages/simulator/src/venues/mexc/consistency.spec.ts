import { waitFor } from '@cex-arbitrage/common/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type MexcBench, startMexcBench } from '../../testing/mexc-bench.js'
import type { MexcSocket } from '../../testing/mexc-client.js'

const depth = 'spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT'

/** What a client may do, or the market. */
type Step =
  | {
      readonly kind: 'order'
      readonly type: string
      readonly side: string
      readonly cents: number
      readonly micros: number
    }
  | { readonly kind: 'house'; readonly side: 'buy' | 'sell'; readonly cents: number; readonly micros: number }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'wait' }

const cents = fc.integer({ min: -40, max: 40 })
const micros = fc.integer({ min: 1_000, max: 500_000 })
const types = fc.constantFrom('LIMIT', 'LIMIT_MAKER', 'IMMEDIATE_OR_CANCEL', 'FILL_OR_KILL', 'MARKET')
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('order' as const),
        type: types,
        side: fc.constantFrom('BUY', 'SELL'),
        cents,
        micros,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('house' as const),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        cents,
        micros,
      }),
    },
    fc.constantFrom<Step>({ kind: 'cancel' }, { kind: 'wait' }),
  ),
  { minLength: 5, maxLength: 25 },
)

async function perform(bench: MexcBench, step: Step): Promise<void> {
  if (step.kind === 'wait') return bench.clock.advance(7)
  if (step.kind === 'house') return bench.rest(step.side, 60_000 + step.cents / 100, step.micros / 1e6)
  if (step.kind === 'cancel') {
    await bench.alice.signedCall('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' })
    return undefined
  }
  const { type, side } = step
  const price = type === 'MARKET' ? {} : { price: (60_000 + step.cents / 100).toFixed(2) }
  const quantity = (step.micros / 1e6).toFixed(6)
  await bench.alice.signedCall('POST', '/api/v3/order', { symbol: 'BTCUSDT', side, type, quantity, ...price })
  return undefined
}

type Level = { readonly price: string; readonly quantity: string }

/** The book that a client keeps from diffs alone, from an empty start. */
function bookOf(socket: MexcSocket, side: 'bids' | 'asks'): Map<number, number> {
  const book = new Map<number, number>()
  for (const diff of socket.bodies('publicAggreDepths'))
    for (const { price, quantity } of (diff[side] ?? []) as unknown as Level[]) {
      if (Number(quantity) === 0) book.delete(Number(price))
      else book.set(Number(price), Number(quantity))
    }
  return book
}

async function checkRun(run: readonly Step[]): Promise<void> {
  const limits = { orders: null, uid: null, ipWeight: null, account: null }
  const bench = await startMexcBench({ mexc: { rateLimits: limits } })
  const market = await bench.alice.connect()
  try {
    await market.ask(JSON.stringify({ method: 'SUBSCRIPTION', params: [depth] }))
    const account = await bench.openPrivate()
    for (const step of run) await perform(bench, step)
    await bench.clock.advance(20)
    const truth = bench.venue.truth()
    const book = truth.books['BTC/USDT']!
    const lastVersion = () => Number(market.bodies('publicAggreDepths').at(-1)?.['toVersion'] ?? 1_000_000)
    await waitFor(() => lastVersion() === book.sequence, 'the last diff')
    for (const side of ['bids', 'asks'] as const)
      expect(bookOf(market, side)).toEqual(new Map(book[side].map(([p, q]) => [Number(p), Number(q)])))
    let expected = 1_000_001
    for (const diff of market.bodies('publicAggreDepths')) {
      expect(Number(diff['fromVersion'])).toBe(expected)
      expected = Number(diff['toVersion']) + 1
    }
    expect(Object.values(truth.sums).every((sum) => sum === '0')).toBe(true)
    const { body } = await bench.alice.signedCall('GET', '/api/v3/account')
    const shown = (body as { balances: { asset: string; free: string; locked: string }[] }).balances
    expect(await account.ask('{"method":"PING"}')).toContain('PONG')
    for (const { asset, free, locked } of shown) {
      const latest = account.bodies('privateAccount').findLast(({ vcoinName }) => vcoinName === asset)
      if (latest !== undefined) expect(latest).toMatchObject({ balanceAmount: free, frozenAmount: locked })
    }
    for (const order of truth.orders.filter(({ status }) => status !== 'open')) {
      const last = account.bodies('privateOrders').findLast(({ id }) => id === order.id)!
      expect(last['cumulativeQuantity']).toBe(order.filledQuantity)
      expect([2, 4, 5]).toContain(last['status'])
    }
    const deals = account.bodies('privateDeals').map((deal) => JSON.stringify([deal['tradeId'], deal['orderId']]))
    expect(deals).toHaveLength(truth.orders.reduce((count, { fills }) => count + fills.length, 0))
    expect(new Set(deals).size).toBe(deals.length)
  } finally {
    market.close()
    await bench.close()
  }
}

describe('whatever clients and market do', () => {
  it('streams, queries and truth agree in the end, and the sums are zero', async () => {
    await fc.assert(fc.asyncProperty(steps, checkRun), { numRuns: 25 })
  })
})
