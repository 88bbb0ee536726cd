import { SeededRandom, UniqueIdSource, silentLogger } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTradeExecutor } from '../execution/create-trade-executor.js'
import { MemoryJournal } from '../execution/memory-journal.js'
import { Portfolio } from '../portfolio/portfolio.js'
import type { TextLevels } from '../testing/simulated-market-data-feed.js'
import { createTwoVenueWorld, type WorldVenue } from '../testing/two-venue-world.js'
import type { CrossExchangeMarketMakingOptions } from '../strategies/cross-exchange-market-making-options.js'
import { TradingEngine } from './trading-engine.js'

/** An engine that quotes on alpha and hedges on beta, and could take as well, over exchanges in memory. */
async function startEngine(quoting: Partial<CrossExchangeMarketMakingOptions> = {}) {
  let portfolio: Portfolio | undefined
  const world = createTwoVenueWorld({
    balances: { BTC: '50', USDT: '100000' },
    createAccount: (clock) => (portfolio = new Portfolio(clock)),
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
    strategies: [world.createQuotingStrategy(quoting), world.createStrategy()],
    executor,
    clock,
    log: silentLogger,
    options: { maxConcurrentTrades: 4, refusalRestMs: 20 },
  })
  const show = (venue: WorldVenue, bids: TextLevels, asks: TextLevels): void => {
    venue.exchange.orders.book(venue.instrument).set(bids, asks)
    venue.feed.set(venue.instrument, bids, asks)
  }
  const level = (): void => {
    show(alpha, [['100', '5']], [['100.2', '5']])
    show(beta, [['100', '5']], [['100.2', '5']])
  }
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false
    const watched = promise.finally(() => (done = true))
    for (let i = 0; i < 400 && !done; i++) await clock.advance(10)
    return watched
  }
  level()
  await settle(engine.start())
  level()
  const resting = () => alpha.exchange.orders.orders.filter(({ open }) => open)
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      level()
      await clock.advance(50)
    }
  }
  return { ...world, portfolio: portfolio!, engine, show, level, settle, resting, run }
}

describe('an engine that quotes', () => {
  it('keeps one quote of each side, which no other trade of the symbol joins', async () => {
    const { engine, resting, run, show, alpha, beta, clock } = await startEngine()
    await run(500)
    expect(resting().map(({ request }) => request.side)).toEqual(['buy', 'sell'])
    expect(engine.status()).toMatchObject({ openTrades: 2, approvals: 2, opportunities: 0 })
    // Taking would pay now, but the symbol is the quotes' own until they are pulled.
    show(beta, [['101', '5']], [['101.1', '5']])
    expect(alpha.exchange.orders.submitted).toHaveLength(2)
    expect(engine.status().whyNot.symbol_busy).toBeGreaterThan(0)
    await clock.advance(10)
    expect(resting().length).toBe(0)
  })

  it('gives way to a trade that takes from the same symbol, and quotes again after it', async () => {
    const { resting, run, show, alpha, beta, clock } = await startEngine({ requoteThresholdBps: 1_000 })
    await run(500)
    expect(resting()).toHaveLength(2)
    const taken = (): number =>
      alpha.exchange.orders.orders.filter(({ request }) => request.execution.timeInForce === 'ioc').length
    for (let i = 0; i < 10 && taken() === 0; i++) {
      show(beta, [['100.9', '5']], [['101.1', `${5 + i}`]])
      await clock.advance(50)
    }
    expect(taken()).toBe(1)
    await run(1_500)
    expect(resting()).toHaveLength(2)
  })

  it('pulls a quote in the turn in which its hedge has become dearer, also below the best price', async () => {
    const { resting, run, show, beta, clock } = await startEngine()
    await run(500)
    const [bid, ask] = resting()
    show(
      beta,
      [
        ['100', '0.1'],
        ['99.5', '50'],
      ],
      [['100.2', '5']],
    )
    await clock.advance(0)
    expect(bid!.open).toBe(false)
    expect(ask!.open).toBe(true)
  })

  it('hedges a fill, and quotes that side again after its rest', async () => {
    const { alpha, beta, engine, resting, run, show, clock } = await startEngine()
    await run(500)
    const [bid] = resting()
    show(alpha, [['99.6', '5']], [['99.8', '5']])
    alpha.exchange.orders.fillRest(bid!, 20_000)
    await clock.advance(50)
    const { trades, recent } = engine.status()
    expect(trades.completed).toBe(1)
    expect(recent[0]).toMatchObject({ strategy: 'cross-exchange-market-making', residuals: [] })
    expect(recent[0]!.realisedProfit.sign).toBe(1)
    expect(beta.exchange.orders.orders.map(({ filledLots }) => filledLots)).toEqual([20_000])
    await run(600)
    expect(
      resting()
        .map(({ request }) => request.side)
        .toSorted(),
    ).toEqual(['buy', 'sell'])
  })

  it('takes every quote off the books at a halt, makes no new one, and proves it when it stops', async () => {
    const { engine, halt, resting, run, settle, level } = await startEngine()
    await run(500)
    expect(resting()).toHaveLength(2)
    halt.halt({ rule: 'command', detail: 'Stop.' })
    await run(50)
    expect(resting()).toEqual([])
    await run(1_000)
    expect(resting()).toEqual([])
    halt.resume('command')
    await run(500)
    expect(resting()).toHaveLength(2)
    level()
    const proof = await settle(engine.stop(2_000))
    expect(proof.exchanges.every(({ openOrders, mismatches }) => openOrders === 0 && mismatches.length === 0)).toBe(
      true,
    )
    expect(resting()).toEqual([])
  })

  it('replaces a quote no more often than the least interval, however often its price moves', async () => {
    const { alpha, beta, show, clock } = await startEngine()
    for (let i = 0; i < 100; i++) {
      const price = 100 + (i % 2) / 5
      show(alpha, [[String(price), '5']], [[String(price + 0.2), '5']])
      show(beta, [[String(price), '5']], [[String(price + 0.2), '5']])
      await clock.advance(20)
    }
    // Two seconds and a quarter of a second between two of one side.
    expect(alpha.exchange.orders.orders.length).toBeGreaterThan(8)
    expect(alpha.exchange.orders.orders.length).toBeLessThanOrEqual(18)
  })
})
