import { Decimal, msPerHour, type AssetId, type OrderUpdate } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld, type TradingWorld } from '../testing/create-trading-world.js'
import type { TradingEngine } from '../testing/start-execution.js'
import { compareWithTruth } from '../testing/run-faulty-session.js'
import type { AccountEvent } from '../testing/simulated-account-feed.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { MemoryJournal } from './memory-journal.js'

const btc = 'BTC' as AssetId

async function startWorld(world: TradingWorld = createTradingWorld(), journal = new MemoryJournal()) {
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  const trade = (id = 't1'): Promise<TradeOutcome> =>
    engine.executor.execute(approveEverything.approvePlan(world.createPlan(id)))
  return { world, journal, engine, trade }
}

const residualOf = ({ halt }: TradingEngine): string =>
  halt.causes
    .filter(({ rule }) => rule === 'residual')
    .map(({ detail }) => detail)
    .join()

describe('fills that an exchange tells under two ids', () => {
  it('are not traded on but halted upon, when they add up to more than was ordered', async () => {
    const { world, engine, trade } = await startWorld()
    const { alpha } = world
    const emit = alpha.account.emit.bind(alpha.account)
    alpha.account.emit = (events, delivery) =>
      emit(
        events.flatMap((event): AccountEvent[] =>
          event.kind === 'fill' ? [event, { kind: 'fill', fill: { ...event.fill, fillId: 'twin' as never } }] : [event],
        ),
        delivery,
      )
    const outcome = await world.finish(trade())
    expect(outcome.end).toBe('halted')
    expect(residualOf(engine)).toMatch(/has fills of 2 in all, more than it can have had/)
    expect(world.exchanges.flatMap(({ orders }) => orders.submitted)).toHaveLength(2)
  })

  it('are believed when the exchange, asked again, knows of more than it told at the end', async () => {
    const { world, engine, trade } = await startWorld()
    const { beta } = world
    beta.orders.submitFaults = [{ matchLots: 6_000 }]
    const fetchOrder = beta.orders.fetchOrder.bind(beta.orders)
    let told = 0
    beta.account.emit = ((emit) => (events, delivery) => {
      emit(
        events.map((event): AccountEvent =>
          event.kind === 'order'
            ? {
                kind: 'order',
                update: { ...event.update, filledQuantity: event.update.filledQuantity.times(Decimal.zero) },
              }
            : event,
        ),
        delivery,
      )
    })(beta.account.emit.bind(beta.account))
    beta.orders.fetchOrder = (reference) => (told++, fetchOrder(reference))
    const outcome = await world.finish(trade())
    expect(told).toBeGreaterThan(0)
    expect(outcome.end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('an answer about another order', () => {
  it('teaches nothing about the one that was asked for', async () => {
    const { world, engine, trade } = await startWorld()
    const { alpha } = world
    const fetchOrder = alpha.orders.fetchOrder.bind(alpha.orders)
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    let lies = 3
    alpha.orders.fetchOrder = async (reference) => {
      if (lies-- <= 0) return fetchOrder(reference)
      return { ...otherOrder, instrumentId: reference.instrument.id }
    }
    await world.finish(trade())
    expect(engine.outcomes.at(-1)?.end).not.toBe('halted')
    expect(world.drift('BTC').isZero).toBe(true)
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('a wall clock that is set while a trade runs', () => {
  it.each([msPerHour, -msPerHour])('by %i ms proves no absence before its time', async (jumpMs) => {
    const { world, engine, trade } = await startWorld()
    const { alpha } = world
    alpha.orders.submitFaults = [{ kind: 'lost_answer', arrivalDelayMs: 4_500, eventCopies: 0 }]
    const outcome = trade()
    await world.clock.advance(100)
    world.wall.offsetMs = jumpMs
    await world.finish(outcome, 30_000)
    expect(engine.outcomes).toHaveLength(1)
    expect(engine.outcomes[0]!.legs.map(({ state }) => state)).toEqual(['filled', 'filled'])
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('back by an hour does not keep an order that never arrived unknown for an hour', async () => {
    const { world, engine, trade } = await startWorld()
    world.alpha.orders.submitFaults = [{ kind: 'lost_request' }]
    const outcome = trade()
    await world.clock.advance(100)
    world.wall.offsetMs = -msPerHour
    expect((await world.finish(outcome, 30_000)).end).toBe('completed')
    expect(engine.halt.causes).toEqual([])
  })

  it('ahead by an hour before it does not hide its fills', async () => {
    const { world, engine, trade } = await startWorld()
    const { alpha } = world
    world.wall.offsetMs = msPerHour
    alpha.orders.submitFaults = [{ kind: 'lost_answer', eventCopies: 0 }]
    expect((await world.finish(trade(), 30_000)).end).toBe('completed')
    expect(compareWithTruth(world, engine)).toEqual([])
  })
})

describe('a journal that has lost its newest records', () => {
  async function startOnOldJournal() {
    const { world, journal, trade } = await startWorld()
    world.beta.orders.submitFaults = [{ kind: 'refuse' }]
    for (const exchange of world.exchanges) exchange.orders.book(world.instrumentOf(exchange)).trusted = false
    void trade()
    await world.clock.advance(1_000)
    journal.kill()
    for (const { account } of world.exchanges) await account.close()
    const lost = journal.records.findIndex(({ kind }) => kind === 'trade_start')
    const old = new MemoryJournal({ records: journal.records.slice(0, lost) })
    return startWorld(world, old)
  }

  it('halts for fills of our orders that it does not know, naming the amount (S4)', async () => {
    const { world, engine } = await startOnOldJournal()
    await world.clock.advance(20_000)
    expect(residualOf(engine)).toMatch(/Orders of ours that the journal does not know have filled on alpha, by 1 BTC/)
    expect(engine.portfolio.netPosition(btc).toString()).toBe('1')
    expect(compareWithTruth(world, engine)).toEqual([])
  })

  it('halts again after a restart, until an operator has taken the amount over', async () => {
    const { world, journal } = await startOnOldJournal()
    await world.clock.advance(20_000)
    const again = async (before: MemoryJournal) => {
      before.kill()
      for (const { account } of world.exchanges) await account.close()
      return startWorld(world, new MemoryJournal({ records: before.records }))
    }
    const second = await again(journal)
    expect(residualOf(second.engine)).toContain('by 1 BTC in all')
    second.engine.halt.resume('residual')
    expect(second.engine.portfolio.netPosition(btc).isZero).toBe(true)
    const third = await again(second.journal)
    expect(third.engine.halt.causes).toEqual([])
    expect(third.engine.portfolio.netPosition(btc).isZero).toBe(true)
    expect(compareWithTruth(world, third.engine)).toEqual([])
  })
})

const otherOrder = {
  clientOrderId: 'somebody-else',
  exchangeOrderId: 'alpha-99',
  side: 'buy',
  status: 'cancelled',
  quantity: undefined,
  price: undefined,
  filledQuantity: Decimal.zero,
  filledNotional: Decimal.zero,
  exchangeTimeMs: 0,
  reason: undefined,
} as unknown as OrderUpdate
