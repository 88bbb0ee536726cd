import { Decimal, createAssetId } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { DisplayRecorder } from '@cex-arbitrage/storage'
import { Ledger, type TradePlan } from '@cex-arbitrage/trading'
import { createTradingWorld } from '@cex-arbitrage/trading/testing'
import { describe, expect, it } from 'vitest'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { HistorySampler } from './history-sampler.js'
import { OpportunitySampler } from './opportunity-sampler.js'

class NotingRecorder implements DisplayRecorder {
  readonly opportunities: Parameters<DisplayRecorder['recordOpportunity']>[0][] = []
  readonly whyNot: Parameters<DisplayRecorder['recordWhyNot']>[0][] = []
  readonly equity: Parameters<DisplayRecorder['recordEquity']>[0][] = []
  readonly health: Parameters<DisplayRecorder['recordVenueHealth']>[0][] = []
  recordOpportunity = (sample: (typeof this.opportunities)[0]): void => void this.opportunities.push(sample)
  recordWhyNot = (sample: (typeof this.whyNot)[0]): void => void this.whyNot.push(sample)
  recordEquity = (sample: (typeof this.equity)[0]): void => void this.equity.push(sample)
  recordVenueHealth = (sample: (typeof this.health)[0]): void => void this.health.push(sample)
}

const [BTC, USDT, XYZ] = ['BTC', 'USDT', 'XYZ'].map(createAssetId) as [never, never, never]

function createSampler() {
  const clock = new ManualClock()
  const recorder = new NotingRecorder()
  const ledger = new Ledger()
  const refusals: Record<string, number> = { no_edge: 0, balance: 0 }
  const snapshot = {
    state: 'starting' as StatusSnapshot['state'],
    exchanges: [
      {
        exchange: 'alpha',
        marketDataConnected: true,
        accountConnected: true,
        booksTrusted: 1,
        booksTotal: 2,
        frames: 3,
        gaps: 0,
        resyncs: 0,
        reconnects: 0,
        clockOffsetMs: 1.6,
        openOrders: 0,
      },
    ],
    trades: { byEnd: {}, profit: [{ asset: 'USDT', expected: '2', realised: '1.5' }] },
  }
  const sampler = new HistorySampler({
    recorder,
    clock,
    snapshot: () => ({ ...snapshot, opportunities: { evaluations: 0, found: 0, refusals: { ...refusals } } }) as never,
    ledger,
    values: () => ({
      reportingAsset: USDT,
      valueOf: (asset) => (asset === USDT ? Decimal.one : asset === BTC ? Decimal.of(100) : undefined),
    }),
    reportingAsset: USDT,
  })
  return { clock, recorder, ledger, refusals, snapshot, sampler }
}

describe('HistorySampler', () => {
  it('values everything on the venues, and leaves out what has no price', async () => {
    const { clock, recorder, ledger, snapshot, sampler } = createSampler()
    sampler.start()
    await clock.advance(1_000)
    snapshot.state = 'trading'
    await clock.advance(1_000)
    expect(recorder.equity).toEqual([])
    for (const [account, asset, amount] of [
      ['venue:alpha', BTC, '2'],
      ['position:alpha', USDT, '-50.5'],
      ['venue:beta', XYZ, '7'],
    ] as const)
      ledger.post([
        { account, asset, amount: Decimal.parse(amount) },
        { account: 'equity:opening', asset, amount: Decimal.parse(amount).negated() },
      ])
    await clock.advance(1_000)
    expect(recorder.equity).toEqual([{ atMs: clock.nowMs(), asset: 'USDT', equity: '149.5', realised: '1.5' }])
    sampler.close()
    await clock.advance(10_000)
    expect(recorder.equity).toHaveLength(2)
    sampler.close()
  })

  it('takes health and the growth of refusals with every fifth sample and at the end', async () => {
    const { clock, recorder, refusals, snapshot, sampler } = createSampler()
    snapshot.state = 'trading'
    refusals['no_edge'] = 4
    sampler.start()
    await clock.advance(5_000)
    refusals['no_edge'] = 10
    refusals['balance'] = 1
    await clock.advance(1_000)
    expect(recorder.whyNot.map(({ cause, count }) => [cause, count])).toEqual([
      ['no_edge', 4],
      ['no_edge', 6],
      ['balance', 1],
    ])
    expect(recorder.health).toHaveLength(2)
    expect(recorder.health[0]).toMatchObject({ exchange: 'alpha', clockOffsetMs: 2, booksTotal: 2 })
    snapshot.exchanges[0]!.clockOffsetMs = undefined as never
    sampler.close()
    expect(recorder.health.at(-1)).toMatchObject({ clockOffsetMs: null })
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('OpportunitySampler', () => {
  const world = createTradingWorld()
  const plan = (id: string): TradePlan => world.createPlan(id)

  it('records every approved plan, others once a second, and how long the last one stood', async () => {
    const clock = new ManualClock()
    const recorder = new NotingRecorder()
    const sampler = new OpportunitySampler(recorder, clock)
    sampler.onProposal(plan('a'), 'balance')
    sampler.onProposal(plan('b'), 'balance')
    sampler.onCrossingEnd(plan('a').symbol, 120.4)
    sampler.onProposal(plan('c'), 'approved')
    sampler.onProposal(plan('d'), 'approved')
    await clock.advance(1_000)
    sampler.onProposal(plan('e'), 'balance')
    sampler.close()
    sampler.onCrossingEnd(plan('a').symbol, 5)
    expect(
      recorder.opportunities.map(({ correlationId, verdict, survivalUs }) => [correlationId, verdict, survivalUs]),
    ).toEqual([
      ['a', 'balance', 120],
      ['c', 'approved', null],
      ['d', 'approved', null],
      ['e', 'balance', null],
    ])
    expect(recorder.opportunities[0]).toMatchObject({ buyExchange: 'alpha', sellExchange: 'beta', netEdgeBps: 80 })
  })
})
