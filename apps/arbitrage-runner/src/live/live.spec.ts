import { createAssetId, createExchangeId, Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { PrivateExchange } from '@cex-arbitrage/exchanges'
import type { MarketBoard, Portfolio, Strategy, TradePlan } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { EquityTracker } from './equity-tracker.js'
import { LatencyRecorder } from './latency-recorder.js'
import { measureAccount } from './measured-account.js'
import { MeasuredStrategy } from './measured-strategy.js'

describe('LatencyHistogram', () => {
  it('counts each time in its bucket and answers shares by the bucket, never beyond the largest seen', () => {
    const recorder = new LatencyRecorder()
    const histogram = recorder.histogram('trade')
    expect(histogram.quantileUs(0.5)).toBe(0)
    for (const us of [50, 51, 99, 30_000_000]) histogram.observe(us)
    expect(histogram.buckets().filter(([, count]) => count > 0)).toEqual([
      [50, 1],
      [100, 2],
      [undefined, 1],
    ])
    expect([histogram.quantileUs(0.25), histogram.quantileUs(0.5), histogram.quantileUs(1)]).toEqual([
      50, 100, 30_000_000,
    ])
    expect(recorder.histogram('trade')).toBe(histogram)
    expect(recorder.snapshot()).toMatchObject([{ kind: 'trade', exchange: undefined, count: 4, maxUs: 30_000_000 }])
  })
})

describe('EquityTracker', () => {
  it('samples once a second, and tells trading apart from the movement of the market', async () => {
    const clock = new ManualClock()
    const [btc, usdt] = [createAssetId('BTC'), createAssetId('USDT')]
    const account = createExchangeId('mexc')
    const held: Record<string, string> = { BTC: '2', USDT: '100' }
    let price: string | undefined
    let realised = '0'
    const tracker = new EquityTracker({
      portfolio: {
        total: (_account: string, asset: string) => Decimal.parse(held[asset]!),
        positions: { held: () => [] },
      } as unknown as Portfolio,
      values: {
        reportingAsset: usdt,
        valueOf: (asset) => (asset === usdt ? Decimal.one : price === undefined ? undefined : Decimal.parse(price)),
      },
      holdings: [
        { account, asset: btc },
        { account, asset: usdt },
      ],
      contracts: [],
      realised: () => [{ asset: usdt, realised: Decimal.parse(realised) }],
      clock,
    })
    tracker.start()
    expect(tracker.latest).toBeUndefined()
    price = '50'
    await clock.advance(1_000)
    price = '40'
    held['USDT'] = '101'
    realised = '1'
    await clock.advance(1_000)
    expect(tracker.series().map(({ worth, traded, realised: gain }) => [worth, traded, gain])).toEqual([
      [200, 200, 0],
      [181, 201, 1],
    ])
    tracker.close()
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('what is measured', () => {
  it('is an order from sending to acknowledgement; a refused one is not, and every call goes through', async () => {
    const clock = new ManualClock()
    const recorder = new LatencyRecorder()
    const calls: string[] = []
    let refuse = false
    const note = (name: string) => async () => void calls.push(name)
    const account = {
      exchange: createExchangeId('mexc'),
      orders: {
        submitOrder: async () => {
          await clock.advance(5)
          if (refuse) throw new Error('refused')
          return { accepted: true }
        },
        ...Object.fromEntries(
          [
            'cancelOrder',
            'cancelAllOrders',
            'fetchOrder',
            'fetchOpenOrders',
            'fetchFills',
            'admitTrade',
            'renewDeadManSwitch',
          ].map((name) => [name, note(name)]),
        ),
      },
      fetchBalances: note('fetchBalances'),
      fetchFees: note('fetchFees'),
      fetchKeyRights: note('fetchKeyRights'),
      close: note('close'),
    }
    const measured = measureAccount(account as unknown as PrivateExchange, recorder, clock)
    const { orders } = measured
    await orders.submitOrder(undefined as never, undefined as never)
    refuse = true
    await expect(orders.submitOrder(undefined as never, undefined as never)).rejects.toThrow('refused')
    expect(recorder.snapshot()).toMatchObject([{ kind: 'acknowledgement', exchange: 'mexc', count: 1, maxUs: 5_000 }])
    await orders.cancelOrder(undefined as never)
    await orders.cancelAllOrders(undefined as never)
    await orders.fetchOrder(undefined as never)
    await orders.fetchOpenOrders(undefined as never)
    await orders.fetchFills(undefined as never)
    orders.admitTrade(undefined as never)
    await orders.renewDeadManSwitch(1)
    await Promise.all([
      measured.fetchBalances(),
      measured.fetchFees(undefined as never),
      measured.fetchKeyRights(),
      measured.close(),
    ])
    expect(calls).toHaveLength(11)
  })

  it('is a proposal since the frame that made it possible; a refusal is not', async () => {
    const clock = new ManualClock()
    const recorder = new LatencyRecorder()
    const histogram = recorder.histogram('decision')
    const receivedAtUs = clock.nowUs()
    const board = { bookAt: (slot: number) => (slot === 0 ? { receivedAtUs } : undefined) } as unknown as MarketBoard
    const outcomes: unknown[] = []
    const strategy: Strategy = {
      name: 'spec',
      slots: [0, 1, 2],
      evaluate: (slot) => (slot === 2 ? 'no_edge' : ({} as TradePlan)),
      onOutcome: (outcome) => outcomes.push(outcome),
    }
    const measured = new MeasuredStrategy(strategy, board, histogram, clock)
    await clock.advance(3)
    expect(measured.evaluate(2)).toBe('no_edge')
    expect(measured.evaluate(1)).toEqual({})
    expect(histogram.count).toBe(0)
    measured.evaluate(0)
    expect([histogram.count, histogram.maxUs]).toEqual([1, 3_000])
    measured.onOutcome('outcome' as never)
    expect([measured.name, measured.slots, outcomes]).toEqual(['spec', [0, 1, 2], ['outcome']])
  })
})
