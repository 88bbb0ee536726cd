import { Decimal, type AssetId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorldOptions } from '../testing/create-trading-world.js'
import { compareWithTruth } from '../testing/run-faulty-session.js'
import type { SimulatedOrder } from '../testing/simulated-order.js'
import type { QuotePlan } from '../types/trade-plan.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { MemoryJournal } from './memory-journal.js'

const [btc, usdt] = ['BTC', 'USDT'] as AssetId[] as [AssetId, AssetId]

async function startWorld(options: TradingWorldOptions = {}, journal = new MemoryJournal()) {
  const world = createTradingWorld(options)
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  const { alpha, beta, gamma, clock } = world
  const quote = (quantity = '1', terms: Partial<QuotePlan> = {}): Promise<TradeOutcome> =>
    engine.executor.execute(approveEverything.approvePlan(world.createQuotePlan('q1', quantity, terms)))
  /** The resting order, once it is there. */
  const rested = async (): Promise<SimulatedOrder> => {
    await clock.advance(50)
    return alpha.orders.orders[0]!
  }
  const bookOf = (exchange: typeof alpha) => exchange.orders.book(world.instrumentOf(exchange))
  const changed = (exchange: typeof alpha): void => engine.executor.reviewQuotes(world.instrumentOf(exchange).id)
  return { world, journal, engine, quote, rested, bookOf, changed, alpha, beta, gamma, clock }
}

const roles = (journal: MemoryJournal): readonly string[] =>
  journal.records.flatMap((record) => (record.kind === 'intent' ? [record.role] : []))

describe('a quote', () => {
  it('rests post-only until it is filled, and is hedged where it was to be', async () => {
    const { world, journal, engine, quote, rested, alpha, beta, clock } = await startWorld()
    const outcome = quote()
    const order = await rested()
    expect(order.request.execution).toEqual({ timeInForce: 'gtc', postOnly: true })
    await clock.advance(5_000)
    expect(order.open).toBe(true)
    alpha.orders.fillRest(order)
    const { end, realisedProfit, expectedProfit, attribution, residuals } = await world.finish(outcome)
    expect(end).toBe('completed')
    expect(roles(journal)).toEqual(['leg', 'complete'])
    expect(residuals).toEqual([])
    expect(beta.ledger.total(btc).toString()).toBe('4')
    expect(realisedProfit.equals(expectedProfit)).toBe(true)
    expect(Object.values(attribution).every((part: Decimal) => part.isZero)).toBe(true)
    expect(engine.portfolio.consecutiveFailures()).toBe(0)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('that is filled before its acknowledgement is hedged at once', async () => {
    const { world, engine, quote, rested, alpha, beta, clock } = await startWorld()
    alpha.orders.submitFaults = [{ ackDelayMs: 1_000 }]
    const outcome = quote()
    alpha.orders.fillRest(await rested())
    await clock.advance(50)
    expect(beta.ledger.total(btc).toString()).toBe('4')
    expect((await world.finish(outcome)).end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('has its rest cancelled and its fill hedged as soon as a part is filled', async () => {
    const { world, journal, engine, quote, rested, alpha, beta, clock } = await startWorld()
    const outcome = quote()
    const order = await rested()
    alpha.orders.fillRest(order, 4_000)
    await clock.advance(50)
    expect(order.status).toBe('cancelled')
    expect(beta.ledger.total(btc).toString()).toBe('4.6')
    const { end, legs, attribution } = await world.finish(outcome)
    expect(end).toBe('completed')
    expect(legs.map(({ filledQuantity }) => filledQuantity.toString())).toEqual(['0.4', '0.4'])
    expect(attribution.partialFill.sign).toBe(-1)
    expect(roles(journal)).toEqual(['leg', 'complete'])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('has every fill hedged before its cancel has ended (S3)', async () => {
    const { world, journal, engine, quote, rested, alpha, beta, clock } = await startWorld()
    const outcome = quote()
    const order = await rested()
    alpha.orders.cancelFaults = () => ({ kind: 'error' })
    alpha.orders.fillRest(order, 4_000)
    await clock.advance(1_000)
    expect(order.open).toBe(true)
    expect(beta.ledger.total(btc).toString()).toBe('4.6')
    alpha.orders.fillRest(order, 3_000)
    await clock.advance(1_000)
    expect(order.open).toBe(true)
    expect(beta.ledger.total(btc).toString()).toBe('4.3')
    alpha.orders.cancelFaults = []
    expect((await world.finish(outcome)).end).toBe('completed')
    expect(order.status).toBe('cancelled')
    expect(roles(journal)).toEqual(['leg', 'complete', 'complete'])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('that fills while it is cancelled is hedged all the same', async () => {
    const { world, engine, quote, rested, alpha } = await startWorld()
    const outcome = quote('1', { maxRestMs: 1_000 })
    await rested()
    alpha.orders.cancelFaults = [{ kind: 'fills_first' }]
    expect((await world.finish(outcome)).end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('whose fill the stream has lost is found by asking', async () => {
    const { world, engine, quote, rested, alpha } = await startWorld()
    const outcome = quote('1', { maxRestMs: 3_600_000 })
    alpha.orders.fillRest(await rested(), undefined, { eventCopies: 0 })
    expect((await world.finish(outcome, 10_000)).end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('whose cancel is not answered is asked for until its end is known', async () => {
    const { world, engine, quote, rested, alpha } = await startWorld()
    const outcome = quote('1', { maxRestMs: 1_000 })
    const order = await rested()
    alpha.orders.cancelFaults = [{ kind: 'error' }, { kind: 'done_unanswered' }]
    expect((await world.finish(outcome)).end).toBe('pulled')
    expect(order.status).toBe('cancelled')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it.each(['lost_answer', 'lost_request', 'error_after_accept', 'hang'] as const)(
    'without an answer is pulled and asked for (%s)',
    async (kind) => {
      const { world, engine, quote, alpha } = await startWorld()
      alpha.orders.submitFaults = [{ kind, eventCopies: 0 }]
      expect((await world.finish(quote('1', { maxRestMs: 3_600_000 }))).end).toBe('pulled')
      expect(alpha.orders.submitted).toHaveLength(1)
      expect(alpha.orders.orders.some(({ open }) => open)).toBe(false)
      expect(compareWithTruth(world, engine)).toEqual([])
    },
  )

  it.each([
    ['would_take', 'pulled', 0],
    ['refuse', 'aborted', 1],
  ] as const)(
    'counts as a failure only when it was refused for another reason than crossing (%s)',
    async (kind, end, failures) => {
      const { world, engine, quote, alpha } = await startWorld()
      alpha.orders.submitFaults = [{ kind }]
      expect((await world.finish(quote())).end).toBe(end)
      expect(engine.portfolio.consecutiveFailures()).toBe(failures)
    },
  )

  it('that the exchange takes in and cancels because it crosses is an ordinary end', async () => {
    const { world, engine, quote, bookOf, alpha } = await startWorld()
    bookOf(alpha).set([['99.8', '3']], [['99.9', '3']])
    expect((await world.finish(quote())).end).toBe('pulled')
    expect(engine.portfolio.consecutiveFailures()).toBe(0)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is not sent when the journal does not take its intent', async () => {
    const { world, journal, engine, quote, alpha } = await startWorld()
    journal.append = () => Promise.reject(new Error('The disk is full.'))
    expect((await world.finish(quote())).end).toBe('aborted')
    expect(alpha.orders.submitted).toEqual([])
    expect(engine.halt.causes[0]).toMatchObject({ rule: 'journal' })
    expect(engine.portfolio.available(alpha.exchange, usdt).toString()).toBe('100000')
  })

  it('does not keep the ledger from being compared while it rests (S7)', async () => {
    const { engine, quote, rested, alpha, clock } = await startWorld()
    void quote('1', { maxRestMs: 3_600_000 })
    const order = await rested()
    alpha.ledger.credit(btc, Decimal.parse('0.5'))
    await clock.advance(30_000)
    expect(engine.halt.causes).toMatchObject([{ rule: 'ledger_mismatch', asset: 'BTC' }])
    expect(order.open).toBe(false)
  })
})

describe('a quote that was pulled without a fill', () => {
  it('is let go of sooner than other trades, and a fill that comes even later halts by name', async () => {
    const { world, journal, engine, quote, alpha, clock } = await startWorld()
    await world.finish(quote('1', { maxRestMs: 500 }))
    const order = alpha.orders.orders[0]!
    await clock.advance(61_000)
    await world.finish(engine.executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
    expect(journal.records.find(({ kind }) => kind === 'trades_forgotten')).toMatchObject({ correlationIds: ['q1'] })
    order.status = 'open'
    alpha.orders.fillRest(order)
    await clock.advance(1_000)
    expect(engine.halt.causes.some(({ detail }) => detail.includes(order.request.clientOrderId))).toBe(true)
  })
})

describe('a quote is pulled', () => {
  type Started = Awaited<ReturnType<typeof startWorld>>

  it.each<[string, (world: Started) => void]>([
    [
      'when the book of its hedge is not to be trusted',
      ({ bookOf, changed, beta }) => {
        bookOf(beta).trusted = false
        changed(beta)
      },
    ],
    [
      'when the book that it rests on is not to be trusted',
      ({ bookOf, changed, alpha }) => {
        bookOf(alpha).trusted = false
        changed(alpha)
      },
    ],
    [
      'when hedging it has come to bring less by more than the tolerance',
      ({ bookOf, changed, beta }) => {
        bookOf(beta).set([['100.9', '3']], [['101.1', '3']])
        changed(beta)
      },
    ],
    [
      'when its hedge finds too little depth',
      ({ bookOf, changed, beta }) => {
        bookOf(beta).set([['101', '0.9']], [['101.1', '3']])
        changed(beta)
      },
    ],
    ['when trading is halted', ({ engine }) => engine.halt.halt({ rule: 'command', detail: 'Stop.' })],
  ])('%s, at once', async (_when, happen) => {
    const started = await startWorld()
    const { world, engine, quote, rested, clock } = started
    const outcome = quote()
    const order = await rested()
    happen(started)
    await clock.advance(0)
    expect(order.status).toBe('cancelled')
    expect((await world.finish(outcome)).end).toBe('pulled')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('without being told of a book that has grown old', async () => {
    const { bookOf, quote, rested, beta, clock } = await startWorld()
    void quote()
    const order = await rested()
    bookOf(beta).trusted = false
    await clock.advance(150)
    expect(order.open).toBe(false)
  })

  it('for a move in its favour only when it has rested long enough, and for a small one never', async () => {
    const { bookOf, changed, quote, rested, beta, clock } = await startWorld()
    void quote('1', { minRestMs: 1_000, maxRestMs: 3_600_000 })
    const order = await rested()
    bookOf(beta).set([['101.04', '3']], [['101.1', '3']])
    changed(beta)
    await clock.advance(5_000)
    expect(order.open).toBe(true)
    const { world, ...other } = await startWorld()
    void other.quote('1', { minRestMs: 1_000 })
    const young = await other.rested()
    other.bookOf(other.beta).set([['101.2', '3']], [['101.3', '3']])
    other.changed(other.beta)
    await world.clock.advance(500)
    expect(young.open).toBe(true)
    await world.clock.advance(500)
    expect(young.open).toBe(false)
  })

  it('when its time is over', async () => {
    const { quote, rested, clock } = await startWorld()
    void quote('1', { maxRestMs: 2_000 })
    const order = await rested()
    await clock.advance(1_900)
    expect(order.open).toBe(true)
    await clock.advance(200)
    expect(order.open).toBe(false)
  })

  it('when the risk gate has something against it', async () => {
    let objection: ReturnType<typeof approveEverything.reviewQuote>
    const approver = { ...approveEverything, reviewQuote: () => objection }
    const { quote, rested, clock } = await startWorld({ approver })
    void quote()
    const order = await rested()
    objection = { cause: 'balance', detail: 'The hedge has no funds.' }
    await clock.advance(150)
    expect(order.open).toBe(false)
  })

  it('by a halt, and what filled meanwhile is hedged under the halt (S10)', async () => {
    const { world, engine, quote, rested, alpha, beta } = await startWorld()
    const outcome = quote()
    await rested()
    alpha.orders.cancelFaults = [{ kind: 'fills_first' }]
    engine.halt.halt({ rule: 'command', detail: 'Stop.' })
    expect((await world.finish(outcome)).end).toBe('completed')
    expect(beta.ledger.total(btc).toString()).toBe('4')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('by a shut-down, which proves that nothing rests (S5)', async () => {
    const { world, engine, quote, rested } = await startWorld()
    const outcome = quote('1', { maxRestMs: 3_600_000 })
    const order = await rested()
    engine.halt.halt({ rule: 'shutdown', detail: 'The engine is stopping.' })
    const proof = await world.finish(engine.executor.shutdown(4_000), 10_000)
    expect(order.status).toBe('cancelled')
    expect(proof.exchanges.every(({ openOrders, mismatches }) => openOrders === 0 && mismatches.length === 0)).toBe(
      true,
    )
    expect((await world.finish(outcome)).end).toBe('pulled')
  })
})

describe('what a quote has filled', () => {
  it('is hedged elsewhere when its own hedge is refused', async () => {
    const { world, journal, engine, quote, rested, alpha, beta, gamma } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    const outcome = quote()
    alpha.orders.fillRest(await rested())
    expect((await world.finish(outcome)).end).toBe('hedged')
    expect(roles(journal)).toEqual(['leg', 'complete', 'hedge'])
    expect(gamma.ledger.total(btc).toString()).toBe('4')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is not hedged twice while the outcome of its hedge is unknown (S2)', async () => {
    const { world, engine, quote, rested, alpha, beta, gamma, clock } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    beta.orders.queryFaults = () => ({ kind: 'error' })
    const outcome = quote()
    alpha.orders.fillRest(await rested())
    await clock.advance(10_000)
    expect(beta.orders.submitted.length + gamma.orders.submitted.length).toBe(1)
    beta.orders.queryFaults = []
    expect((await world.finish(outcome)).end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is never sold to what is left of the quote itself', async () => {
    const { world, journal, quote, rested, bookOf, alpha, beta, gamma, clock } = await startWorld()
    for (const exchange of [beta, gamma]) exchange.orders.submitFaults = () => ({ kind: 'refuse' })
    const outcome = quote()
    const order = await rested()
    bookOf(alpha).set([['99.95', '0.6']], [['100', '3']])
    alpha.orders.cancelFaults = () => ({ kind: 'error' })
    alpha.orders.fillRest(order, 4_000)
    await clock.advance(5_000)
    expect(order.open).toBe(true)
    expect(alpha.orders.submitted).toHaveLength(1)
    alpha.orders.cancelFaults = []
    expect((await world.finish(outcome)).end).toBe('unwound')
    expect(roles(journal).at(-1)).toBe('unwind')
  })

  it('is left and named where it is too small for every exchange', async () => {
    const { world, journal, engine, quote, rested, alpha } = await startWorld({ instrument: { minNotional: '5' } })
    const outcome = quote()
    alpha.orders.fillRest(await rested(), 400)
    const { end, residuals } = await world.finish(outcome)
    expect(end).toBe('completed')
    expect(residuals.map(({ amount }) => amount.toString())).toEqual(['0.04'])
    expect(roles(journal)).toEqual(['leg'])
    expect(engine.halt.causes).toEqual([])
  })

  it('is hedged even within the bound where an order for it is legal', async () => {
    const { world, quote, rested, alpha, beta } = await startWorld()
    const outcome = quote()
    alpha.orders.fillRest(await rested(), 400)
    expect((await world.finish(outcome)).residuals).toEqual([])
    expect(beta.ledger.total(btc).toString()).toBe('4.96')
  })

  it('halts the engine with the exact exposure when nothing can hedge it (S4)', async () => {
    const { world, engine, quote, rested, bookOf, alpha } = await startWorld()
    const outcome = quote()
    const order = await rested()
    for (const exchange of world.exchanges) bookOf(exchange).trusted = false
    alpha.orders.fillRest(order)
    expect((await world.finish(outcome)).end).toBe('halted')
    expect(engine.halt.causes[0]!.detail).toContain('1 BTC on alpha')
  })

  it('after its trade had ended opens the trade again and is hedged (S3)', async () => {
    const { world, engine, quote, rested, alpha, clock } = await startWorld()
    const outcome = quote('1', { maxRestMs: 500 })
    const order = await rested()
    order.visibleFills = 0
    alpha.orders.fillRest(order)
    expect((await world.finish(outcome)).end).toBe('pulled')
    order.visibleFills = Number.POSITIVE_INFINITY
    alpha.account.emit([{ kind: 'fill', fill: order.fills[0]! }])
    await clock.advance(2_000)
    expect(engine.outcomes.map(({ end }) => end)).toEqual(['pulled', 'completed'])
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('an engine that dies while a quote rests or is filled', () => {
  it('comes back, whatever record was its last, cancels the quote and hedges what it filled', async () => {
    let records = Number.POSITIVE_INFINITY
    for (let killAfter = 0; killAfter < records; killAfter++) {
      const journal = new MemoryJournal({ killAfter })
      const world = createTradingWorld({ latencyMs: 5 })
      const first = world.startEngine(journal)
      const start = first.executor.recover().then(() => {
        void first.executor.execute(approveEverything.approvePlan(world.createQuotePlan('q1')))
      })
      start.catch(() => undefined)
      await world.clock.advance(500)
      const order = world.alpha.orders.orders[0]
      if (order?.open) world.alpha.orders.fillRest(order, 6_000)
      await world.clock.advance(5_000)
      if (!journal.killed) records = journal.records.length
      journal.kill()
      for (const { account } of world.exchanges) await account.close()
      const second = world.startEngine(new MemoryJournal({ records: journal.records }))
      await world.finish(second.executor.recover())
      await world.clock.advance(5_000)
      expect(compareWithTruth(world, second)).toEqual([])
      expect(second.halt.causes).toEqual([])
      expect(world.drift('BTC').abs().lessThan(Decimal.parse('0.1'))).toBe(true)
    }
    expect(records).toBeGreaterThan(15)
  })
})
