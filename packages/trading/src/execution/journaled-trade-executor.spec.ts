import { describe, expect, it } from 'vitest'
import { approveEverything } from '../testing/approve-everything.js'
import { createTradingWorld } from '../testing/create-trading-world.js'
import { MemoryJournal } from './memory-journal.js'

describe('a trade', () => {
  it('fills both legs, books them and ends completed with the expected profit', async () => {
    const world = createTradingWorld()
    const journal = new MemoryJournal()
    const { executor, portfolio, halt, outcomes } = world.startEngine(journal)
    await world.finish(executor.recover())
    const outcome = await world.finish(executor.execute(approveEverything.approvePlan(world.createPlan('t1'))))
    expect(outcome).toMatchObject({ end: 'completed', residuals: [] })
    expect(outcome.realisedProfit.toString()).toBe('0.799')
    expect(outcome.realisedProfit.equals(outcome.expectedProfit)).toBe(true)
    expect(outcomes).toEqual([outcome])
    expect(portfolio.realisedToday(outcome.profitAsset).toString()).toBe('0.799')
    expect(halt.causes).toEqual([])
    const proof = await world.finish(executor.shutdown(1_000))
    expect(proof.exchanges.map(({ openOrders, mismatches }) => [openOrders, mismatches])).toEqual([
      [0, []],
      [0, []],
      [0, []],
    ])
    expect(journal.records.map(({ kind }) => kind).filter((kind) => kind !== 'leg')).toEqual([
      'session_start',
      'posting',
      'posting',
      'posting',
      'trade_start',
      'intent',
      'intent',
      'send_quote',
      'send_quote',
      'trade_end',
      'session_stop',
    ])
  })
})
