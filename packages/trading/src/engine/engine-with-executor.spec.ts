import { SeededRandom, UniqueIdSource, silentLogger } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTradeExecutor } from '../execution/create-trade-executor.js'
import { MemoryJournal } from '../execution/memory-journal.js'
import { Portfolio } from '../portfolio/portfolio.js'
import { createTwoVenueWorld, type WorldVenue } from '../testing/two-venue-world.js'
import type { TextLevels } from '../testing/simulated-market-data-feed.js'
import { TradingEngine } from './trading-engine.js'

const start = { BTC: '50', USDT: '100000' }

/** Board, strategy, sizing, gate, executor and ledger as an app puts them together, over exchanges in memory. */
function createWorld(options: Parameters<typeof createTwoVenueWorld>[0] = {}) {
  let portfolio: Portfolio | undefined
  const world = createTwoVenueWorld({
    balances: start,
    createAccount: (clock) => (portfolio = new Portfolio(clock)),
    ...options,
  })
  const { alpha, beta, core, clock, halt } = world
  const random = new SeededRandom(7)
  const executor = createTradeExecutor({
    venues: [alpha.venue, beta.venue],
    portfolio: portfolio!,
    journal: new MemoryJournal(),
    approver: core.gate,
    quotes: core.quotes,
    halt,
    clock,
    random,
    ids: new UniqueIdSource('arb', clock, random),
  })
  const engine = new TradingEngine({
    venues: [alpha.venue, beta.venue],
    core,
    strategies: [world.createStrategy()],
    executor,
    clock,
    log: silentLogger,
    options: { maxConcurrentTrades: 4, refusalRestMs: 20 },
  })
  const show = (venue: WorldVenue, bids: TextLevels, asks: TextLevels): void => {
    venue.exchange.orders.book(venue.instrument).set(bids, asks)
    venue.feed.set(venue.instrument, bids, asks)
  }
  const cross = (): void => {
    show(alpha, [['99.9', '5']], [['100', '5']])
    show(beta, [['101', '5']], [['101.1', '5']])
  }
  const part = (): void => show(beta, [['99.95', '5']], [['100.05', '5']])
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false
    const watched = promise.finally(() => (done = true))
    for (let i = 0; i < 200 && !done; i++) await clock.advance(10)
    return watched
  }
  const balance = (venue: WorldVenue, asset: string): string =>
    venue.exchange.ledger
      .balances()
      .find((entry) => entry.asset === asset)!
      .free.toString()
  return { ...world, engine, show, cross, part, settle, balance }
}

describe('board, strategy, gate, executor and ledger together', () => {
  it('turn a crossing into two fills, with the profit that was expected, and prove that nothing is left', async () => {
    const { engine, clock, settle, cross, part, alpha, beta, balance } = createWorld()
    part()
    await settle(engine.start())
    cross()
    await clock.advance(100)
    const { trades, profits, recent } = engine.status()
    expect(trades.completed).toBe(1)
    expect(profits[0]!.realised.toString()).toBe(profits[0]!.expected.toString())
    expect(recent[0]!.residuals).toEqual([])
    expect([balance(alpha, 'BTC'), balance(beta, 'BTC')]).toEqual(['55', '45'])
    const proof = await settle(engine.stop(2000))
    expect(proof.exchanges.map(({ openOrders, mismatches }) => [openOrders, mismatches])).toEqual([
      [0, []],
      [0, []],
    ])
  })

  it('count base left over by a fee in base at the price that was planned', async () => {
    const { engine, clock, settle, cross, part } = createWorld({
      alpha: { feeAssetRule: 'received', lotSize: '0.01' },
    })
    part()
    await settle(engine.start())
    cross()
    await clock.advance(100)
    const { trades, profits } = engine.status()
    expect(trades.completed).toBe(1)
    expect(profits[0]!.realised.toString()).toBe(profits[0]!.expected.toString())
    await settle(engine.stop(2000))
  })

  it('unwind a bought leg whose sale is refused, also while trading is halted in between', async () => {
    const { engine, clock, settle, cross, part, alpha, beta, balance, halt } = createWorld()
    part()
    await settle(engine.start())
    beta.exchange.orders.submitFaults = () => ({ kind: 'refuse', ackDelayMs: 30 })
    cross()
    await clock.advance(10)
    halt.halt({ rule: 'command', detail: 'stop' })
    await clock.advance(2000)
    const { trades, profits, openTrades } = engine.status()
    expect(openTrades).toBe(0)
    expect(trades.completed).toBe(0)
    expect(trades.halted).toBe(0)
    expect(profits[0]!.realised.sign).toBe(-1)
    expect(Number(balance(alpha, 'BTC')) + Number(balance(beta, 'BTC'))).toBe(100)
    await settle(engine.stop(2000))
  })
})
