import { createAssetId, createExchangeId, Decimal, silentLogger, type Balance } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { Leg } from '../execution/leg.js'
import { createTestInstrument } from '../testing/create-instrument.js'
import { KillSwitch } from '../risk/kill-switch.js'
import { BalanceAuditor } from './balance-auditor.js'
import { transferEntries } from './fill-entries.js'
import { Portfolio } from './portfolio.js'

const alpha = createExchangeId('alpha')
const btc = createAssetId('BTC')

function createAuditor(told: string) {
  const clock = new ManualClock()
  const portfolio = new Portfolio(clock)
  portfolio.post(transferEntries('equity:opening', 'venue:alpha', btc, Decimal.one))
  const halt = new KillSwitch(clock, silentLogger)
  const judged: string[] = []
  const since: number[] = []
  const state = { told, whileFetching: (): void => undefined, whileSearching: (): void => undefined }
  const auditor = new BalanceAuditor({
    portfolio,
    halt,
    clock,
    logger: silentLogger,
    settings: { balanceCheckMs: 1_000, balanceConfirmations: 2, balanceTolerance: Decimal.parse('0.001') },
    fetchHoldings: () => {
      state.whileFetching()
      const balance: Balance = { asset: btc, free: Decimal.parse(state.told), locked: Decimal.zero }
      return Promise.resolve({ balances: [balance], positions: [] })
    },
    fetchMissedFills: (_exchange, _assets, { sinceMs }) => {
      since.push(sinceMs)
      return Promise.resolve(state.whileSearching())
    },
    onRounding: () => undefined,
    onJudged: (_exchange, differences) => judged.push(differences.map(({ asset }) => asset).join()),
  })
  return { auditor, portfolio, halt, judged, since, state, clock }
}

const createLeg = (execution: Leg['request']['execution'] = { timeInForce: 'ioc' }): Leg =>
  new Leg(
    {
      instrument: createTestInstrument(),
      clientOrderId: 'arb1' as never,
      correlationId: 'c1' as never,
      type: 'limit',
      side: 'buy',
      priceTicks: 100,
      quantityLots: 100,
      execution,
    },
    'leg',
    0,
  )

describe('BalanceAuditor', () => {
  it('judges nothing while an order of ours is under way, or when one came and went during the fetch', async () => {
    const { auditor, portfolio, state, halt } = createAuditor('5')
    const leg = createLeg()
    portfolio.track(leg)
    expect(await auditor.check(alpha)).toBeUndefined()
    portfolio.forget(leg)
    state.whileFetching = () => {
      portfolio.track(leg)
      portfolio.forget(leg)
    }
    for (let i = 0; i < 3; i++) expect(await auditor.check(alpha)).toBeUndefined()
    state.whileFetching = () => undefined
    state.whileSearching = () => portfolio.track(leg)
    expect(await auditor.check(alpha)).toBeUndefined()
    expect(halt.causes).toEqual([])
  })

  it('judges while an order of ours does nothing but rest, and no more once something of it has happened', async () => {
    const { auditor, portfolio, halt } = createAuditor('5')
    const leg = createLeg({ timeInForce: 'gtc', postOnly: true })
    portfolio.track(leg)
    expect(await auditor.check(alpha)).toBeUndefined()
    leg.apply({ kind: 'acknowledged', exchangeOrderId: '1' as never })
    portfolio.track(leg)
    await auditor.check(alpha)
    await auditor.check(alpha)
    expect(halt.causes).toMatchObject([{ rule: 'ledger_mismatch', asset: btc }])
    leg.apply({ kind: 'cancel_requested' })
    portfolio.track(leg)
    expect(await auditor.check(alpha)).toBeUndefined()
  })

  it('takes a difference that lost fills explain for none', async () => {
    const { auditor, portfolio, state, judged } = createAuditor('3')
    state.whileSearching = () => portfolio.post(transferEntries('foreign', 'venue:alpha', btc, Decimal.of(2)))
    expect(await auditor.check(alpha)).toEqual([])
    expect(judged).toEqual([])
  })

  it('looks for lost fills since the ledger was last right', async () => {
    const { auditor, state, clock, since } = createAuditor('1')
    auditor.setRight(alpha, 5)
    state.told = '2'
    await auditor.check(alpha)
    state.told = '1'
    await auditor.check(alpha)
    const rightAtMs = clock.nowMs()
    await clock.advance(500)
    state.told = '2'
    await auditor.check(alpha)
    expect(since).toEqual([5, rightAtMs])
  })

  it('halts after its confirmations, begins counting anew when the difference changes, and halts once', async () => {
    const { auditor, state, halt, judged } = createAuditor('3')
    await auditor.check(alpha)
    state.told = '4'
    await auditor.check(alpha)
    expect(halt.causes).toEqual([])
    await auditor.check(alpha)
    await auditor.check(alpha)
    expect(halt.causes).toMatchObject([{ rule: 'ledger_mismatch', asset: btc }])
    state.told = '1.0005'
    expect(await auditor.check(alpha)).toEqual([])
    expect(judged).toEqual(['BTC', 'BTC', ''])
  })

  it('stops when it is told to, even in the middle of a comparison', async () => {
    const { auditor, clock, state } = createAuditor('1')
    auditor.start([alpha])
    expect(clock.pendingTimers).toBe(1)
    state.whileFetching = () => auditor.stop()
    await clock.advance(5_000)
    expect(clock.pendingTimers).toBe(0)
  })
})
