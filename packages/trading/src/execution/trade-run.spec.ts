import {
  Decimal,
  JournalException,
  RateLimitException,
  RiskRefusedException,
  type AssetId,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorldOptions } from '../testing/create-trading-world.js'
import { compareWithTruth } from '../testing/run-faulty-session.js'
import type { HedgeApprover } from '../types/hedge-approver.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { MemoryJournal } from './memory-journal.js'

const [btc, usdt] = ['BTC', 'USDT'] as AssetId[] as [AssetId, AssetId]

async function startWorld(options: TradingWorldOptions = {}) {
  const world = createTradingWorld(options)
  const journal = new MemoryJournal()
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  const trade = (quantity = '1', id = 't1'): Promise<TradeOutcome> =>
    engine.executor.execute(approveEverything.approvePlan(world.createPlan(id, quantity)))
  const { alpha, beta, gamma } = world
  return { world, journal, engine, trade, alpha, beta, gamma }
}

const roles = (journal: MemoryJournal): readonly string[] =>
  journal.records.flatMap((record) => (record.kind === 'intent' ? [record.role] : []))

describe('a trade with one leg that does not fill', () => {
  it('is completed where that costs least', async () => {
    const { world, journal, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    expect(roles(journal)).toEqual(['leg', 'leg', 'complete'])
    expect(outcome.residuals).toEqual([])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is unwound where the other exchanges pay less', async () => {
    const { world, journal, trade, alpha, beta, gamma } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    beta.orders.book(world.instrumentOf(beta)).set([['90', '3']], [])
    gamma.orders.book(world.instrumentOf(gamma)).set([['91', '3']], [])
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('unwound')
    expect(roles(journal).at(-1)).toBe('unwind')
    expect(alpha.ledger.total(btc).toString()).toBe('5')
    expect(outcome.realisedProfit.sign).toBe(-1)
    expect(outcome.attribution.unwind.sign).toBe(-1)
  })

  it('is hedged on a third exchange where that pays most', async () => {
    const { world, journal, trade, beta, gamma } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    beta.orders.book(world.instrumentOf(beta)).set([['99', '3']], [])
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('hedged')
    expect(roles(journal).at(-1)).toBe('hedge')
    expect(gamma.ledger.total(btc).toString()).toBe('4')
  })

  it('is bought back when it was the buying leg that failed', async () => {
    const { world, engine, trade, alpha } = await startWorld({ instrument: { feeAssetRule: 'received' } })
    alpha.orders.submitFaults = [{ kind: 'refuse' }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    expect(world.drift('BTC').abs().lessThan(Decimal.parse('0.1'))).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('leaves a residual within the bound alone and names it', async () => {
    const { world, journal, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ matchLots: 9_500 }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    expect(roles(journal)).toEqual(['leg', 'leg'])
    expect(outcome.residuals.map(({ exchange, amount }) => `${exchange} ${amount.toString()}`)).toEqual(['alpha 0.05'])
  })

  it('waits for a book that can be trusted before it repairs', async () => {
    const { world, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    const books = world.exchanges.map((exchange) => exchange.orders.book(world.instrumentOf(exchange)))
    for (const book of books) book.trusted = false
    const outcome = trade()
    await world.clock.advance(2_000)
    expect(engine.outcomes).toEqual([])
    for (const book of books) book.trusted = true
    expect((await world.finish(outcome)).end).toBe('completed')
  })

  it('halts with the exact exposure when nothing can repair it', async () => {
    const { world, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    for (const exchange of world.exchanges) exchange.orders.book(world.instrumentOf(exchange)).trusted = false
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('halted')
    expect(engine.halt.causes).toMatchObject([{ rule: 'residual', correlationId: 't1' }])
    expect(engine.halt.causes[0]!.detail).toContain('1 BTC on alpha')
    expect(engine.portfolio.netPosition(btc).toString()).toBe('1')
    expect(engine.portfolio.consecutiveFailures()).toBe(1)
  })

  it('still ends, and names the exact exposure, when planning its repair breaks down', async () => {
    const { world, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    const quote = world.quotes.quote.bind(world.quotes)
    let asked = 0
    world.quotes.quote = (...question) => {
      if (++asked > 2) throw new RangeError('a number that nobody thought of')
      return quote(...question)
    }
    expect((await world.finish(trade())).end).toBe('halted')
    expect(engine.halt.causes.map(({ rule }) => rule)).toEqual(['invariant', 'residual'])
    expect(engine.halt.causes[1]!.detail).toContain('1 BTC on alpha')
    expect(engine.portfolio.openTrades()).toBe(0)
  })

  it('tries elsewhere after a repair that filled nothing, and again where it was refused', async () => {
    const { world, journal, trade, beta, gamma } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }, { matchLots: 0 }]
    gamma.orders.submitFaults = [{ matchLots: 0 }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('unwound')
    expect(roles(journal)).toEqual(['leg', 'leg', 'complete', 'hedge', 'unwind'])
  })

  it('is repaired when the only exchange that could do it has refused for a while', async () => {
    const { world, engine, trade, beta } = await startWorld({ settings: { maxRepairOrders: 3 } })
    beta.orders.submitFaults = Array.from({ length: 6 }, () => ({ kind: 'refuse' }) as const)
    for (const exchange of [world.alpha, world.gamma])
      exchange.orders.book(world.instrumentOf(exchange)).trusted = false
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    expect(engine.halt.causes).toEqual([])
  })

  it('is repaired though the answer to a repairing order takes longer than the deadline', async () => {
    const { world, journal, engine, trade, beta } = await startWorld({ settings: { repairDeadlineMs: 2_000 } })
    beta.orders.submitFaults = [{ kind: 'refuse' }, { kind: 'lost_request' }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('hedged')
    expect(roles(journal)).toEqual(['leg', 'leg', 'complete', 'hedge'])
    expect(engine.halt.causes).toEqual([])
  })
})

describe('an order without an answer', () => {
  it('keeps its funds reserved until the exchange has answered', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ kind: 'lost_request' }]
    const outcome = trade()
    await world.clock.advance(4_000)
    expect(engine.portfolio.unknownOrders(alpha.exchange)).toBe(1)
    expect(engine.portfolio.openOrders(alpha.exchange)).toBe(1)
    const reserved = engine.portfolio
      .total(alpha.exchange, usdt)
      .minus(engine.portfolio.available(alpha.exchange, usdt))
    expect(reserved.toString()).toBe('100.3002')
    await world.finish(outcome)
    expect(engine.portfolio.unknownOrders(alpha.exchange)).toBe(0)
    expect(engine.portfolio.available(alpha.exchange, usdt).equals(engine.portfolio.total(alpha.exchange, usdt))).toBe(
      true,
    )
  })

  it.each(['lost_answer', 'hang', 'error_after_accept'] as const)(
    'that was accepted is found by its client order id and never sent again (%s)',
    async (kind) => {
      const { world, engine, trade, alpha } = await startWorld()
      alpha.orders.submitFaults = [{ kind, eventCopies: 0 }]
      const outcome = await world.finish(trade())
      expect(outcome.end).toBe('completed')
      expect(alpha.orders.submitted).toHaveLength(1)
      expect(compareWithTruth(world, engine)).toEqual([])
    },
  )

  it('that never arrived is given up only after repeated answers and the time that a request may travel', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ kind: 'lost_request' }]
    const outcome = trade()
    await world.clock.advance(5_900)
    expect(engine.outcomes).toEqual([])
    expect((await world.finish(outcome)).legs[0]!.state).toBe('rejected')
    expect(engine.portfolio.netPosition(btc).abs().lessThan(Decimal.parse('0.1'))).toBe(true)
  })

  it('is not given up on a wrong "not found"', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    alpha.orders.queryFaults = (call) => (call === 'order' ? { kind: 'not_found' } : undefined)
    const outcome = await world.finish(trade())
    expect(outcome.legs.map(({ state }) => state)).toEqual(['filled', 'filled'])
    expect(engine.outcomes).toHaveLength(1)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('that rests is found among the open orders when the lookup denies it, and is cancelled', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0, matchLots: 0, rests: true }]
    alpha.orders.queryFaults = (call) => (call === 'order' ? { kind: 'not_found' } : undefined)
    const outcome = trade()
    await world.clock.advance(20_000)
    alpha.orders.queryFaults = []
    expect((await world.finish(outcome)).legs[0]!.state).toBe('cancelled')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is found in the lists of an exchange that cannot be asked by client order id', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    Object.assign(alpha.capabilities, { queryByClientOrderId: false })
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is found by its fills where those name no client order id', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    const fetchFills = alpha.orders.fetchFills.bind(alpha.orders)
    alpha.orders.fetchFills = async (query) =>
      (await fetchFills(query)).map((fill) => ({ ...fill, clientOrderId: undefined }))
    Object.assign(alpha.capabilities, { clientOrderIdLookupMs: 0 })
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    const outcome = await world.finish(trade())
    expect(outcome.legs.map(({ state }) => state)).toEqual(['filled', 'filled'])
    expect(engine.outcomes).toHaveLength(1)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('has its fills asked for together with those that are known', async () => {
    const { world, trade, alpha } = await startWorld()
    const fetchFills = alpha.orders.fetchFills.bind(alpha.orders)
    const known: unknown[] = []
    alpha.orders.fetchFills = (query) => {
      if (query.exchangeOrderId !== undefined) known.push(query.known)
      return fetchFills(query)
    }
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    expect((await world.finish(trade())).end).toBe('completed')
    expect(known).toContainEqual([])
  })

  it('halts the engine at the deadline, and is repaired when its answer comes at last', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ kind: 'lost_request' }]
    alpha.orders.queryFaults = () => ({ kind: 'error' })
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('halted')
    expect(engine.halt.causes[0]!.detail).toContain('is unknown, up to 1 may still move')
    expect(engine.portfolio.unknownOrders(alpha.exchange)).toBe(1)
    alpha.orders.queryFaults = []
    await world.clock.advance(30_000)
    expect(engine.outcomes.map(({ end }) => end)).toEqual(['halted', 'completed'])
    expect(engine.portfolio.openTrades()).toBe(0)
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('sending', () => {
  it('repeats an intent under the same client order id only when nothing was done', async () => {
    const { world, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ kind: 'retry' }, { kind: 'retry' }]
    expect((await world.finish(trade())).end).toBe('completed')
    expect(alpha.orders.submitted).toHaveLength(3)
    expect(new Set(alpha.orders.submitted).size).toBe(1)
    expect(alpha.orders.orders).toHaveLength(1)
  })

  it('gives an intent up after its attempts', async () => {
    const { world, trade, alpha, beta } = await startWorld()
    const retry = { kind: 'retry' } as const
    alpha.orders.submitFaults = [retry, retry, retry]
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    const outcome = await world.finish(trade())
    expect(outcome).toMatchObject({ end: 'aborted', legs: [{ state: 'rejected' }, { state: 'rejected' }] })
  })

  it('asks before believing a refusal of the second sending', async () => {
    const { world, engine, trade, alpha } = await startWorld()
    alpha.orders.submitFaults = [{ eventCopies: 0 }]
    const submit = alpha.orders.submitOrder.bind(alpha.orders)
    let calls = 0
    alpha.orders.submitOrder = async (order, options) => {
      const answer = await submit(order, options)
      if (++calls > 1) return answer
      throw new RateLimitException({ message: 'A lie: it was done.' })
    }
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('reserves the funds of both legs before anything is awaited', async () => {
    const { world, engine, trade, alpha, beta } = await startWorld({ latencyMs: 10 })
    const outcome = trade('2')
    expect(engine.portfolio.available(alpha.exchange, usdt).lessThan(Decimal.of(100_000 - 200))).toBe(true)
    expect(engine.portfolio.available(beta.exchange, btc).toString()).toBe('3')
    expect(engine.portfolio.openTrades()).toBe(1)
    await world.finish(outcome)
  })

  it('sends nothing when the journal does not take the intents (S1)', async () => {
    const { world, journal, engine, trade, alpha, beta } = await startWorld()
    journal.append = (record) => {
      journal.enqueue(record)
      return Promise.reject(new JournalException({ message: 'The disk is full.' }))
    }
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('aborted')
    expect([alpha.orders.submitted, beta.orders.submitted]).toEqual([[], []])
    expect(engine.halt.causes[0]).toMatchObject({ rule: 'journal' })
    expect(engine.portfolio.available(beta.exchange, btc).toString()).toBe('5')
  })

  it('has every intent in the journal before its order leaves (S1)', async () => {
    const { world, journal, trade, alpha, beta } = await startWorld()
    const early: string[] = []
    for (const { orders } of [alpha, beta]) {
      const submit = orders.submitOrder.bind(orders)
      orders.submitOrder = (order, options) => {
        const { clientOrderId } = order
        if (!journal.records.some((record) => record.kind === 'intent' && record.clientOrderId === clientOrderId))
          early.push(clientOrderId)
        return submit(order, options)
      }
    }
    beta.orders.submitFaults = [{ matchLots: 10 }]
    await world.finish(trade())
    expect(early).toEqual([])
    expect(roles(journal).length).toBeGreaterThan(2)
  })

  it('has every leg on its way in the turn of the decision where the journal has nobody wait', async () => {
    const { world, journal, trade, alpha, beta } = await startWorld()
    journal.append = (record) => {
      journal.enqueue(record)
      return undefined
    }
    const outcome = trade()
    expect([alpha.orders.submitted.length, beta.orders.submitted.length]).toEqual([1, 1])
    expect(roles(journal)).toEqual(['leg', 'leg'])
    expect((await world.finish(outcome)).end).toBe('completed')
  })

  it('stops between the journal and the wire when a halt comes', async () => {
    const { world, journal, engine, trade, alpha } = await startWorld()
    const append = journal.append.bind(journal)
    journal.append = (record) => {
      if (record.kind === 'intent') engine.halt.halt({ rule: 'command', detail: 'now' })
      return append(record)
    }
    expect((await world.finish(trade())).end).toBe('aborted')
    expect(alpha.orders.submitted).toEqual([])
  })

  it('ends aborted when the risk gate refuses a leg', async () => {
    const approver: HedgeApprover = {
      ...approveEverything,
      approveLeg: () => {
        throw new RiskRefusedException({ message: 'No.' })
      },
    }
    const { world, engine, trade, alpha } = await startWorld({ approver })
    expect((await world.finish(trade())).end).toBe('aborted')
    expect(alpha.orders.submitted).toEqual([])
    expect(engine.portfolio.consecutiveFailures()).toBe(1)
  })
})

describe('a repair', () => {
  it('that the risk gate refuses is tried elsewhere', async () => {
    const approver: HedgeApprover = {
      ...approveEverything,
      approveHedge: (order) => {
        if (order.instrument.exchange === 'beta') throw new RiskRefusedException({ message: 'Not there.' })
        return approveEverything.approveHedge(order)
      },
    }
    const { world, engine, trade, beta } = await startWorld({ approver })
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    expect((await world.finish(trade())).end).toBe('hedged')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('without an answer at the deadline halts and names what may still move', async () => {
    const { world, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }, { kind: 'lost_request' }]
    beta.orders.queryFaults = () => ({ kind: 'hang' })
    expect((await world.finish(trade())).end).toBe('halted')
    expect(engine.halt.causes[0]!.detail).toMatch(/1 BTC on alpha; sell order arb.* is unknown, up to 1 may still move/)
  })

  it('is not sent when the journal no longer takes intents', async () => {
    const { world, engine, journal, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ kind: 'refuse' }]
    const append = journal.append.bind(journal)
    journal.append = (record) =>
      record.kind === 'intent' && record.role !== 'leg'
        ? Promise.reject(new JournalException({ message: 'The disk is full.' }))
        : append(record)
    expect((await world.finish(trade())).end).toBe('halted')
    expect(beta.orders.submitted).toHaveLength(1)
    expect(engine.halt.causes.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['journal', 'residual']))
  })
})

describe('an ended trade', () => {
  it('is forgotten after a while, and late copies of its fills are not booked again', async () => {
    const { world, engine, trade, alpha } = await startWorld({ settings: { lingerMs: 1_000 } })
    await world.finish(trade('1', 't1'))
    await world.clock.advance(2_000)
    world.refill()
    await world.finish(trade('1', 't2'))
    const fill = alpha.orders.orders[0]!.fills[0]!
    alpha.account.emit([{ kind: 'fill', fill }])
    expect(engine.outcomes.map(({ correlationId }) => correlationId)).toEqual(['t1', 't2'])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is forgotten before its time when too many newer ones have ended', async () => {
    const { world, engine, trade, journal } = await startWorld({ settings: { lingerTrades: 2 } })
    for (const id of ['t1', 't2', 't3', 't4']) {
      world.refill()
      await world.finish(trade('1', id))
    }
    const forgotten = journal.records.flatMap((record) =>
      record.kind === 'trades_forgotten' ? record.correlationIds : [],
    )
    expect(forgotten).toEqual(['t1', 't2'])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('does not keep others from being told when one listener fails', async () => {
    const { engine, trade, world } = await startWorld()
    engine.executor.onOutcome(() => {
      throw new Error('a broken listener')
    })
    const told: string[] = []
    engine.executor.onOutcome(({ end }) => told.push(end))
    await world.finish(trade())
    expect(told).toEqual(['completed'])
  })
})

describe('a cancelled order', () => {
  it('that fills late is hedged after the trade had ended (S3)', async () => {
    const { world, engine, trade, beta, journal } = await startWorld()
    beta.orders.submitFaults = [{ lateFillMs: 5_000 }]
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('completed')
    await world.clock.advance(20_000)
    expect(engine.outcomes.map(({ correlationId, end }) => `${correlationId} ${end}`)).toEqual([
      't1 completed',
      't1 completed',
    ])
    expect(roles(journal)).toEqual(['leg', 'leg', 'complete', 'complete'])
    expect(world.drift('BTC').isZero).toBe(true)
    expect(engine.portfolio.realisedToday(usdt).equals(engine.outcomes[1]!.realisedProfit)).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('is followed to its end: one that rests is cancelled, and what filled before the cancel counts', async () => {
    const { world, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ matchLots: 4_000, rests: true }]
    beta.orders.cancelFaults = [{ kind: 'error' }, { kind: 'fills_first' }]
    const outcome = await world.finish(trade())
    expect(outcome).toMatchObject({ end: 'completed', residuals: [] })
    expect(outcome.legs).toHaveLength(2)
    expect(outcome.legs[1]!.filledQuantity.toString()).toBe('1')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('whose cancel was done without an answer is believed only from the exchange', async () => {
    const { world, engine, trade, beta } = await startWorld()
    beta.orders.submitFaults = [{ matchLots: 9_900, rests: true }]
    beta.orders.cancelFaults = [{ kind: 'done_unanswered' }]
    const outcome = await world.finish(trade())
    expect(outcome.legs[1]).toMatchObject({ state: 'cancelled' })
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('legs sent in order', () => {
  const sending = 'sequential'

  it('are no larger than the one before was filled', async () => {
    const { world, journal, engine, trade, alpha } = await startWorld({ sending })
    alpha.orders.submitFaults = [{ matchLots: 6_000 }]
    const outcome = await world.finish(trade())
    expect(outcome).toMatchObject({ end: 'completed', residuals: [] })
    expect(outcome.legs.map(({ filledQuantity }) => filledQuantity.toString())).toEqual(['0.6', '0.6'])
    expect(roles(journal)).toEqual(['leg', 'leg'])
    expect(engine.portfolio.isQuiet(world.beta.exchange)).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('stop after a first leg that filled nothing, or too little for the second to be legal', async () => {
    for (const matchLots of [0, 50]) {
      const { world, engine, trade, alpha, beta } = await startWorld({ sending })
      alpha.orders.submitFaults = [{ matchLots }]
      const outcome = await world.finish(trade())
      expect(outcome.end).toBe(matchLots === 0 ? 'aborted' : 'completed')
      expect(beta.orders.submitted).toEqual([])
      expect(engine.portfolio.available(beta.exchange, btc).toString()).toBe('5')
    }
  })

  it('end flat when the whole goes well', async () => {
    const { world, trade } = await startWorld({ sending })
    expect((await world.finish(trade())).end).toBe('completed')
  })
})
