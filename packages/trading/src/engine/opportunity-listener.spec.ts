import { silentLogger } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import { createTwoVenueWorld } from '../testing/two-venue-world.js'
import type { TradeExecutor } from '../types/trade-executor.js'
import { TradingEngine } from './trading-engine.js'

/** Trades that do not end. */
const endlessExecutor: TradeExecutor = {
  execute: () => new Promise(() => undefined),
  recover: () => Promise.resolve({ adopted: 0, cancelled: [], hedged: [], unresolved: [] }),
  shutdown: () => Promise.resolve({ exchanges: [] }),
  reviewQuotes: () => undefined,
  pullQuotes: () => undefined,
  onOutcome: () => undefined,
}

async function watch(maxConcurrentTrades: number) {
  const world = createTwoVenueWorld()
  const seen: string[] = []
  const engine = new TradingEngine({
    venues: [world.alpha.venue, world.beta.venue],
    core: world.core,
    strategies: [world.createStrategy()],
    executor: endlessExecutor,
    clock: world.clock,
    log: silentLogger,
    options: { maxConcurrentTrades, refusalRestMs: 0 },
    opportunities: {
      onProposal: (plan, verdict) => seen.push(`${plan.symbol} ${verdict}`),
      onCrossingEnd: (symbol, survivalUs) => seen.push(`${symbol} stood ${survivalUs}`),
    },
  })
  await engine.start()
  const cross = (): void => {
    world.alpha.feed.set(world.alpha.instrument, [['99.9', '5']], [['100', '5']])
    world.beta.feed.set(world.beta.instrument, [['101', '5']], [['101.1', '5']])
  }
  const part = (): void => world.beta.feed.set(world.beta.instrument, [['99.9', '5']], [['100', '5']])
  return { ...world, seen, cross, part }
}

it('is told of a plan that is executed', async () => {
  const { seen, cross } = await watch(1)
  cross()
  expect(seen).toEqual(['BTC/USDT approved'])
})

it('is told why a plan is not executed, and how long the quotes crossed', async () => {
  const { seen, cross, part, clock, halt } = await watch(1)
  halt.halt({ rule: 'command', detail: 'by hand' })
  cross()
  await clock.advance(3)
  part()
  expect(seen).toEqual(['BTC/USDT halted', 'BTC/USDT stood 3000'])
})

it('is told when the engine has no place for another trade', async () => {
  const { seen, cross } = await watch(0)
  cross()
  expect(seen).toEqual(['BTC/USDT engine_busy'])
})
