import {
  asClientOrderId,
  asCorrelationId,
  Decimal,
  ExchangeUnavailableException,
  InvariantBrokenException,
  msPerHour,
  RateLimitException,
  ShuttingDownException,
  type AssetId,
  type ClientOrderId,
  type ExchangeException,
  type LimitOrderRequest,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorld } from '../testing/create-trading-world.js'
import type { TradingEngine } from '../testing/start-execution.js'
import { compareWithTruth } from '../testing/run-faulty-session.js'
import type { SimulatedExchange } from '../testing/simulated-exchange.js'
import { MemoryJournal } from './memory-journal.js'

const [btc, usdt] = ['BTC', 'USDT'] as AssetId[] as [AssetId, AssetId]
const options = { ackTimeoutMs: 100, purpose: 'open' } as const

/** An order that somebody sends past the engine. */
function restingOrder(world: TradingWorld, exchange: SimulatedExchange, clientOrderId: string) {
  const instrument = world.instrumentOf(exchange)
  const request: LimitOrderRequest = {
    instrument,
    clientOrderId: asClientOrderId(clientOrderId),
    correlationId: asCorrelationId('outside'),
    type: 'limit',
    side: 'buy',
    priceTicks: 9_000,
    quantityLots: 10_000,
    execution: { timeInForce: 'gtc', postOnly: false },
  }
  return exchange.orders.submitOrder(request as RiskApproved<LimitOrderRequest>, options)
}

async function trade(world: TradingWorld, engine: TradingEngine, id = 't1') {
  return world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan(id))))
}

/** One fill that the stream tells and one that it does not, of orders that are none of ours; both are booked in the end. */
async function fillBesideTheEngine(world: TradingWorld, engine: TradingEngine): Promise<void> {
  world.refill()
  await restingOrder(world, world.alpha, 'by-hand')
  world.alpha.orders.fillRest(world.alpha.orders.orders.at(-1)!)
  world.beta.account.disconnect()
  await restingOrder(world, world.beta, 'by-hand-too')
  world.beta.orders.fillRest(world.beta.orders.orders.at(-1)!)
  await world.clock.advance(30_000)
  expect(engine.halt.causes).toEqual([])
  expect(compareWithTruth(world, engine)).toEqual([])
  expect(engine.portfolio.netPosition(btc).isZero).toBe(true)
  expect(engine.portfolio.ledger.balance('foreign', btc).toString()).toBe('-2')
}

/** Stops an engine whose first questions fail in this way. */
async function proveAfter(failure: ExchangeException): Promise<void> {
  const world = createTradingWorld()
  const { executor } = world.startEngine()
  await world.finish(executor.recover())
  const { alpha } = world
  const fetch = alpha.fetchBalances.bind(alpha)
  let failures = 3
  alpha.fetchBalances = () => (failures-- > 0 ? Promise.reject(failure) : fetch())
  const proof = await world.finish(executor.shutdown(5_000))
  expect(proof.exchanges.map(({ openOrders, mismatches }) => [openOrders, mismatches])).toEqual(
    world.exchanges.map(() => [0, []]),
  )
}

async function restart(world: TradingWorld, journal: MemoryJournal) {
  journal.kill()
  for (const { account } of world.exchanges) await account.close()
  const next = new MemoryJournal({ records: journal.records })
  const engine = world.startEngine(next)
  return { next, engine, report: await world.finish(engine.executor.recover()) }
}

describe('start-up', () => {
  it('asks an exchange again that does not tell its balances at once', async () => {
    const world = createTradingWorld()
    world.alpha.balanceError = new ExchangeUnavailableException({ message: 'busy' })
    const engine = world.startEngine()
    const recovering = engine.executor.recover()
    await world.clock.advance(3_000)
    world.alpha.balanceError = undefined
    await world.finish(recovering)
    expect(engine.portfolio.total(world.alpha.exchange, btc).toString()).toBe('5')
  })

  it('compares with the balances of an earlier session once the exchange tells them', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const first = world.startEngine(journal)
    await world.finish(first.executor.recover())
    await world.finish(first.executor.shutdown(1_000))
    const second = world.startEngine(new MemoryJournal({ records: journal.records }))
    world.beta.balanceError = new ExchangeUnavailableException({ message: 'busy' })
    const recovering = second.executor.recover()
    await world.clock.advance(3_000)
    world.beta.balanceError = undefined
    await world.finish(recovering)
    expect(second.halt.causes).toEqual([])
    expect(compareWithTruth(world, second)).toEqual([])
  })

  it('cancels every resting order with our prefix and leaves those of others alone (S5)', async () => {
    const world = createTradingWorld()
    await restingOrder(world, world.alpha, 'arb-of-a-lost-journal')
    await restingOrder(world, world.beta, 'somebody-else')
    const engine = world.startEngine()
    const report = await world.finish(engine.executor.recover())
    expect(report).toEqual({ adopted: 0, cancelled: ['arb-of-a-lost-journal'], hedged: [], unresolved: [] })
    expect(world.alpha.orders.orders[0]!.status).toBe('cancelled')
    expect(world.beta.orders.orders[0]!.status).toBe('open')
    expect(engine.portfolio.available(world.beta.exchange, usdt).toString()).toBe('99909.91')
  })

  it('goes on asking an exchange that fails at first', async () => {
    const world = createTradingWorld()
    await restingOrder(world, world.alpha, 'arb1')
    world.alpha.orders.queryFaults = [{ kind: 'error' }, { kind: 'error' }]
    world.alpha.orders.cancelFaults = [{ kind: 'error' }, { kind: 'done_unanswered' }]
    const engine = world.startEngine()
    await world.finish(engine.executor.recover())
    expect(world.alpha.orders.orders[0]!.open).toBe(false)
  })

  it('does not begin while an exchange cannot be asked', async () => {
    const world = createTradingWorld({ settings: { reconcileDeadlineMs: 1_000 } })
    world.alpha.orders.queryFaults = () => ({ kind: 'error' })
    const { executor } = world.startEngine()
    await expect(world.finish(executor.recover())).rejects.toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
    const plan = approveEverything.approvePlan(world.createPlan('t1'))
    await expect(executor.execute(plan)).rejects.toBeInstanceOf(InvariantBrokenException)
  })

  it('names what an earlier session left open when it cannot begin', async () => {
    const world = createTradingWorld({ settings: { reconcileDeadlineMs: 1_000 } })
    const journal = new MemoryJournal()
    const first = world.startEngine(journal)
    await world.finish(first.executor.recover())
    world.beta.orders.submitFaults = [{ kind: 'lost_request' }]
    void first.executor.execute(approveEverything.approvePlan(world.createPlan('t1')))
    await world.clock.advance(10)
    journal.kill()
    for (const { account } of world.exchanges) await account.close()
    world.beta.orders.queryFaults = () => ({ kind: 'error' })
    const second = world.startEngine(new MemoryJournal({ records: journal.records }))
    await expect(world.finish(second.executor.recover())).rejects.toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
    expect(second.halt.causes).toMatchObject([{ rule: 'residual', correlationId: 't1' }])
    expect(second.halt.causes[0]!.detail).toMatch(/1 BTC on alpha; sell order .* up to 1 may still move.*Start again/)
  })

  it('adopts a trade cut off between its legs and hedges what is open', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const first = world.startEngine(journal)
    await world.finish(first.executor.recover())
    world.beta.orders.submitFaults = [{ kind: 'lost_request' }]
    void first.executor.execute(approveEverything.approvePlan(world.createPlan('t1')))
    await world.clock.advance(10)
    const { engine, report } = await restart(world, journal)
    expect(report).toMatchObject({ adopted: 1, unresolved: [] })
    expect(report.hedged).toHaveLength(1)
    expect(engine.outcomes).toMatchObject([{ correlationId: 't1', end: 'completed' }])
    expect(world.drift('BTC').isZero).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('adopts an order that went out although the journal says nothing of its sending', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const first = world.startEngine(journal)
    await world.finish(first.executor.recover())
    await trade(world, first)
    const upToIntents = journal.records.filter(
      ({ kind }) => kind !== 'leg' && kind !== 'send_quote' && kind !== 'trade_end',
    )
    const { engine } = await restart(world, new MemoryJournal({ records: upToIntents }))
    expect(engine.outcomes).toMatchObject([{ correlationId: 't1', end: 'completed' }])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('remembers ledger, results and ended trades across restarts', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const first = world.startEngine(journal)
    await world.finish(first.executor.recover())
    const { realisedProfit } = await trade(world, first)
    await world.finish(first.executor.shutdown(1_000))
    const { engine, report } = await restart(world, journal)
    expect(report).toEqual({ adopted: 0, cancelled: [], hedged: [], unresolved: [] })
    expect(engine.portfolio.realisedToday(usdt).equals(realisedProfit)).toBe(true)
    expect(engine.portfolio.netPosition(usdt).equals(realisedProfit)).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('opens an empty account too, once', async () => {
    const world = createTradingWorld()
    world.gamma.fetchBalances = () => Promise.resolve([])
    const journal = new MemoryJournal()
    await world.finish(world.startEngine(journal).executor.recover())
    const { next } = await restart(world, journal)
    const openings = next.records.filter((record) => record.kind === 'posting')
    expect(openings).toHaveLength(3)
  })

  it('refuses a journal that speaks of what is not configured, or is not whole', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const first = world.startEngine(journal)
    await world.finish(first.executor.recover())
    await trade(world, first)
    const without = journal.records.filter(({ kind }) => kind !== 'intent')
    await expect(restart(world, new MemoryJournal({ records: without }))).rejects.toThrow('no intent of it')
    const renamed = JSON.parse(JSON.stringify(journal.records).replaceAll('alpha:spot', 'omega:spot')) as never[]
    const other = createTradingWorld()
    await expect(restart(other, new MemoryJournal({ records: renamed }))).rejects.toThrow('not configured')
  })

  it('is to be called once, first', async () => {
    const world = createTradingWorld()
    const { executor } = world.startEngine()
    await world.finish(executor.recover())
    await expect(executor.recover()).rejects.toBeInstanceOf(InvariantBrokenException)
  })
})

describe('ledger and balances', () => {
  async function startTraded(startDifferences: 'halt' | 'adopt' = 'halt') {
    const world = createTradingWorld({ settings: { startDifferences } })
    const journal = new MemoryJournal()
    const engine = world.startEngine(journal)
    await world.finish(engine.executor.recover())
    await trade(world, engine)
    return { world, journal, engine }
  }

  it('halts the asset when a difference stands that no fill explains (S7)', async () => {
    const { world, engine, journal } = await startTraded()
    world.alpha.ledger.credit(btc, Decimal.parse('-0.5'))
    await world.clock.advance(20_000)
    expect(engine.halt.causes).toMatchObject([{ rule: 'ledger_mismatch', asset: 'BTC' }])
    expect(engine.halt.causes[0]!.detail).toContain('The ledger has 6 BTC on alpha, which says 5.5')
    expect(journal.records.filter(({ kind }) => kind === 'balance_check')).toHaveLength(1)
    await world.clock.advance(60_000)
    expect(engine.halt.causes).toHaveLength(1)
  })

  it('books a fill of somebody else on the account, and one that the stream lost', async () => {
    const { world, engine } = await startTraded()
    await fillBesideTheEngine(world, engine)
  })

  it('books lost fills before it halts for them, also when its clock was an hour ahead', async () => {
    const { world, engine } = await startTraded()
    world.wall.offsetMs = msPerHour
    await world.clock.advance(10_000)
    await fillBesideTheEngine(world, engine)
  })

  it('takes deposits that it is told of', async () => {
    const { world, engine } = await startTraded()
    world.alpha.ledger.credit(usdt, Decimal.of(50))
    engine.executor.postings.transfer(world.alpha.exchange, usdt, Decimal.of(50))
    await world.clock.advance(30_000)
    expect(engine.halt.causes).toEqual([])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('takes differences found at start as a transfer where it is told to', async () => {
    const { world, journal } = await startTraded('adopt')
    world.alpha.ledger.credit(btc, Decimal.one)
    const { engine } = await restart(world, journal)
    expect(engine.halt.causes).toEqual([])
    expect(engine.portfolio.total(world.alpha.exchange, btc).toString()).toBe('7')
    expect(engine.portfolio.netPosition(btc).isZero).toBe(true)
  })

  it('takes no difference for a transfer that is only a balance shown late', async () => {
    const { world, journal } = await startTraded('adopt')
    const late = world.alpha.fetchBalances.bind(world.alpha)
    const shownAtMs = world.clock.nowMs() + 3_000
    world.alpha.fetchBalances = async () =>
      (await late()).map((balance) =>
        balance.asset === btc && world.clock.nowMs() < shownAtMs ? { ...balance, free: Decimal.of(5) } : balance,
      )
    const { engine } = await restart(world, journal)
    expect(engine.halt.causes).toEqual([])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('halts on differences found at start otherwise', async () => {
    const { world, journal } = await startTraded()
    world.alpha.ledger.credit(btc, Decimal.one)
    const { engine } = await restart(world, journal)
    expect(engine.halt.causes).toMatchObject([{ rule: 'ledger_mismatch', asset: 'BTC' }])
  })

  it('goes on comparing after a fetch that failed', async () => {
    const { world, engine } = await startTraded()
    world.alpha.balanceError = new Error('down')
    await world.clock.advance(10_000)
    world.alpha.balanceError = undefined
    world.alpha.ledger.credit(btc, Decimal.one)
    await world.clock.advance(20_000)
    expect(engine.halt.causes).toHaveLength(1)
  })

  it('counts an account as current only after a fetch that followed the connection', async () => {
    const { world, engine } = await startTraded()
    const { exchange, account } = world.alpha
    expect(engine.portfolio.isCurrent(exchange)).toBe(true)
    account.disconnect()
    expect(engine.portfolio.isCurrent(exchange)).toBe(false)
    world.alpha.balanceError = new Error('down')
    account.connect()
    await world.clock.advance(100)
    expect(engine.portfolio.isCurrent(exchange)).toBe(false)
    world.alpha.balanceError = undefined
    await world.clock.advance(2_000)
    expect(engine.portfolio.isCurrent(exchange)).toBe(true)
  })
})

describe('shut-down', () => {
  it('asks again while the rate budget has no room for the proof', () =>
    proveAfter(new RateLimitException({ message: 'Full.', retryAfterMs: 400 })))

  it('asks again while an exchange is too busy to answer', () =>
    proveAfter(new ExchangeUnavailableException({ message: 'No answer.' })))

  it('takes no more trades, lets open ones end and proves that nothing rests', async () => {
    const world = createTradingWorld({ latencyMs: 20 })
    const journal = new MemoryJournal()
    const { executor, outcomes } = world.startEngine(journal)
    await world.finish(executor.recover())
    const open = executor.execute(approveEverything.approvePlan(world.createPlan('t1')))
    const closing = executor.shutdown(5_000)
    await expect(executor.execute(approveEverything.approvePlan(world.createPlan('t2')))).rejects.toBeInstanceOf(
      ShuttingDownException,
    )
    const proof = await world.finish(closing)
    expect((await open).end).toBe('completed')
    expect(outcomes).toHaveLength(1)
    expect(proof.exchanges).toHaveLength(3)
    expect(journal.records.at(-1)).toMatchObject({ kind: 'session_stop', openOrders: 0 })
    expect(world.exchanges.every(({ account }) => !account.connected)).toBe(true)
    await world.clock.advance(60_000)
    expect(world.clock.pendingTimers).toBe(0)
  })

  it('cancels what a trade without an answer left, within its deadline', async () => {
    const world = createTradingWorld()
    const { executor } = world.startEngine()
    await world.finish(executor.recover())
    world.alpha.orders.submitFaults = [{ kind: 'lost_answer', matchLots: 0, rests: true, eventCopies: 0 }]
    world.alpha.orders.queryFaults = (call) => (call === 'order' ? { kind: 'error' } : undefined)
    void executor.execute(approveEverything.approvePlan(world.createPlan('t1')))
    await world.clock.advance(100)
    const startedAtMs = world.clock.nowMs()
    const proof = await world.finish(executor.shutdown(3_000))
    expect(world.clock.nowMs() - startedAtMs).toBeLessThan(6_000)
    expect(proof.exchanges.map(({ openOrders }) => openOrders)).toEqual([0, 0, 0])
  })

  it('names what ledger and exchange disagree on', async () => {
    const world = createTradingWorld()
    const { executor } = world.startEngine()
    await world.finish(executor.recover())
    world.gamma.ledger.credit(usdt, Decimal.one)
    const proof = await world.finish(executor.shutdown(3_000))
    expect(proof.exchanges[2]!.mismatches).toEqual([{ asset: 'USDT', ledger: '100000', exchange: '100001' }])
  })

  it('fails, with everything closed, when an exchange cannot be asked', async () => {
    const world = createTradingWorld()
    const { executor } = world.startEngine()
    await world.finish(executor.recover())
    world.gamma.orders.queryFaults = () => ({ kind: 'error' })
    await expect(world.finish(executor.shutdown(1_000))).rejects.toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
    expect(world.gamma.account.connected).toBe(false)
  })
})

describe('the cancel-all countdown of an exchange', () => {
  it('is renewed while the engine runs and ended with it', async () => {
    const world = createTradingWorld()
    Object.assign(world.alpha.capabilities, { deadManSwitch: true })
    const renew = world.alpha.orders.renewDeadManSwitch.bind(world.alpha.orders)
    let failures = 1
    world.alpha.orders.renewDeadManSwitch = (timeoutMs) =>
      failures-- > 0 ? Promise.reject(new Error('lost')) : renew(timeoutMs)
    const { executor } = world.startEngine()
    await world.finish(executor.recover())
    await world.clock.advance(60_000)
    expect(world.alpha.orders.deadManRenewals).toBeGreaterThanOrEqual(5)
    expect(world.alpha.orders.deadManSwitchMs).toBe(30_000)
    await world.finish(executor.shutdown(1_000))
    expect(world.alpha.orders.deadManSwitchMs).toBe(0)
    expect(world.beta.orders.deadManRenewals).toBe(0)
  })
})

describe('events of the streams', () => {
  it('that come before the acknowledgement and name no client order id find their order', async () => {
    const world = createTradingWorld()
    const { executor, portfolio, outcomes } = world.startEngine()
    await world.finish(executor.recover())
    for (const { account } of world.exchanges) {
      const emit = account.emit.bind(account)
      account.emit = (events, delivery) =>
        emit(
          events.map((event) => {
            if (event.kind === 'fill') return { kind: 'fill', fill: { ...event.fill, clientOrderId: undefined } }
            if (event.kind === 'order') return { kind: 'order', update: { ...event.update, clientOrderId: undefined } }
            return event
          }),
          delivery,
        )
    }
    world.alpha.orders.submitFaults = [{ ackDelayMs: 100 }]
    await world.finish(executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
    expect(outcomes).toMatchObject([{ end: 'completed', residuals: [] }])
    expect(portfolio.ledger.balance('foreign', btc).isZero).toBe(true)
  })

  it('that show an unknown resting order with our prefix have it cancelled', async () => {
    const world = createTradingWorld()
    const { executor } = world.startEngine()
    await world.finish(executor.recover())
    world.alpha.orders.cancelFaults = [{ kind: 'error' }]
    for (const id of ['arb-stranger', 'arb-other'] as ClientOrderId[]) await restingOrder(world, world.alpha, id)
    await restingOrder(world, world.alpha, 'by-hand')
    const update = world.alpha.orders.orders[0]!.update(world.clock.nowMs())
    world.alpha.account.emit([{ kind: 'order', update }])
    await world.clock.advance(1_000)
    expect(world.alpha.orders.orders.map(({ open }) => open)).toEqual([false, false, true])
  })
})
