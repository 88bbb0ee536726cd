import { Decimal, silentLogger, type InstrumentId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTwoVenueWorld, type TwoVenueWorld } from '../testing/two-venue-world.js'
import type { SpotSpotOptions } from '../strategies/spot-spot-options.js'
import type { TradeExecutor } from '../types/trade-executor.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import { TradingEngine, type TradingEngineOptions } from './trading-engine.js'

/** Ends trades when told. */
class ScriptedExecutor implements TradeExecutor {
  readonly plans: TradePlan[] = []
  readonly calls: string[] = []
  recoverError: Error | undefined
  executeError: Error | undefined
  private readonly endings: ((outcome: TradeOutcome) => void)[] = []
  private readonly listeners: ((outcome: TradeOutcome) => void)[] = []

  execute(plan: TradePlan): Promise<TradeOutcome> {
    this.plans.push(plan)
    if (this.executeError !== undefined) return Promise.reject(this.executeError)
    return new Promise((resolve) => void this.endings.push(resolve))
  }

  recover() {
    this.calls.push('recover')
    if (this.recoverError !== undefined) return Promise.reject(this.recoverError)
    return Promise.resolve({ adopted: 0, cancelled: [], hedged: [], unresolved: [] })
  }

  shutdown(deadlineMs: number) {
    this.calls.push(`shutdown ${deadlineMs}`)
    return Promise.resolve({ exchanges: [] })
  }

  reviewQuotes(instrumentId: InstrumentId): void {
    this.calls.push(`review ${instrumentId}`)
  }

  pullQuotes(instrumentId: InstrumentId): void {
    this.calls.push(`pull ${instrumentId}`)
  }

  onOutcome(listener: (outcome: TradeOutcome) => void): void {
    this.listeners.push(listener)
  }

  /** Ends the oldest open trade. */
  async end(end: TradeOutcome['end'], realised = '1'): Promise<TradeOutcome> {
    const outcome = this.tell(this.plans[this.plans.length - this.endings.length]!, end, realised)
    this.endings.shift()!(outcome)
    await new Promise((resolve) => void setImmediate(resolve))
    return outcome
  }

  tell(plan: TradePlan, end: TradeOutcome['end'], realised: string): TradeOutcome {
    const zero = Decimal.zero
    const outcome: TradeOutcome = {
      correlationId: plan.correlationId,
      strategy: plan.strategy,
      symbol: plan.symbol,
      end,
      legs: plan.legs.map((leg) => ({
        role: 'leg',
        instrument: leg.instrument,
        side: leg.side,
        clientOrderId: 'arb1' as never,
        state: 'filled',
        filledQuantity: zero,
        filledNotional: zero,
        fees: [],
      })),
      expectedProfit: plan.expectedProfit,
      realisedProfit: Decimal.parse(realised),
      profitAsset: plan.profitAsset,
      attribution: { latency: zero, slippage: zero, fees: zero, rounding: zero, partialFill: zero, unwind: zero },
      residuals: [],
      startedAtMs: 0,
      durationUs: 1,
    }
    for (const listener of this.listeners) listener(outcome)
    return outcome
  }
}

function createEngine(
  options: Partial<TradingEngineOptions> = {},
  strategy: Partial<SpotSpotOptions> = {},
  world: TwoVenueWorld = createTwoVenueWorld(),
) {
  const executor = new ScriptedExecutor()
  const engine = new TradingEngine({
    venues: [world.alpha.venue, world.beta.venue],
    core: world.core,
    strategies: [world.createStrategy({ coolDownMs: 0, failureCoolDownMs: 0, ...strategy })],
    executor,
    clock: world.clock,
    log: silentLogger,
    options: { maxConcurrentTrades: 4, refusalRestMs: 20, ...options },
  })
  const cross = (): void => {
    world.alpha.feed.set(world.alpha.instrument, [['99.9', '5']], [['100', '5']])
    world.beta.feed.set(world.beta.instrument, [['101', '5']], [['101.1', '5']])
  }
  const part = (): void => world.beta.feed.set(world.beta.instrument, [['99', '5']], [['99.1', '5']])
  return { ...world, executor, engine, cross, part }
}

describe('the trading engine', () => {
  it('settles what an earlier run left before it trades, then turns a crossing into a trade in one go', async () => {
    const { engine, executor, cross, alpha } = createEngine()
    const starting = engine.start()
    expect(engine.status().state).toBe('starting')
    cross()
    expect(executor.plans).toEqual([])
    await starting
    expect(executor.calls).toEqual(['recover'])
    alpha.feed.set(alpha.instrument, [['99.8', '5']], [['100', '5']])
    expect(executor.plans).toHaveLength(1)
    expect(engine.status()).toMatchObject({
      state: 'running',
      opportunities: 1,
      proposals: 1,
      approvals: 1,
      openTrades: 1,
    })
    await engine.stop(100)
  })

  it('runs one trade of a symbol at a time and the next when it has ended', async () => {
    const { engine, executor, cross, part } = createEngine()
    await engine.start()
    cross()
    cross()
    expect(executor.plans).toHaveLength(1)
    expect(engine.status().whyNot.symbol_busy).toBeGreaterThan(0)
    await executor.end('completed')
    expect(engine.status().openTrades).toBe(0)
    cross()
    expect(executor.plans).toHaveLength(2)
    await executor.end('unwound', '-0.5')
    part()
    const { trades, profits, recent } = engine.status()
    expect(trades).toMatchObject({ completed: 1, unwound: 1 })
    expect(profits.map(({ asset, realised }) => [asset, realised.toString()])).toEqual([['USDT', '0.5']])
    expect(recent.map(({ end }) => end)).toEqual(['completed', 'unwound'])
    await engine.stop(100)
  })

  it('sees depth change while quotes cross, and counts a crossing once', async () => {
    const { engine, executor, cross, part, account, beta } = createEngine()
    await engine.start()
    account.balances['beta:BTC'] = '0'
    cross()
    beta.feed.set(beta.instrument, [['101', '6']], [['101.1', '5']])
    expect(engine.status().whyNot.balance).toBe(2)
    account.balances['beta:BTC'] = '10'
    beta.feed.set(beta.instrument, [['101', '7']], [['101.1', '5']])
    expect(executor.plans).toHaveLength(1)
    await executor.end('completed')
    part()
    beta.feed.set(beta.instrument, [['99', '7']], [['99.1', '5']])
    expect(engine.status().opportunities).toBe(1)
    await engine.stop(100)
  })

  it('opens nothing from the moment of a halt, and again once it is taken back', async () => {
    const { engine, executor, cross, halt, clock } = createEngine()
    await engine.start()
    halt.halt({ rule: 'command', detail: 'stop' })
    cross()
    expect(executor.plans).toEqual([])
    expect(engine.status().whyNot.halted).toBe(1)
    expect(engine.status().halts).toMatchObject([{ rule: 'command' }])
    cross()
    expect(engine.status().whyNot).toMatchObject({ halted: 1, cool_down: 2 })
    halt.resume('command')
    await clock.advance(20)
    cross()
    expect(executor.plans).toHaveLength(1)
    await engine.stop(100)
  })

  it('keeps to the number of trades at once', async () => {
    const { engine, executor, cross } = createEngine({ maxConcurrentTrades: 0 })
    await engine.start()
    cross()
    expect(executor.plans).toEqual([])
    expect(engine.status().whyNot.engine_busy).toBe(1)
    await engine.stop(100)
  })

  it('halts on the daily loss in the same turn in which the outcome is told', async () => {
    const { engine, executor, cross, account, halt } = createEngine()
    await engine.start()
    cross()
    account.realised['USDT'] = '-500'
    executor.tell(executor.plans[0]!, 'unwound', '-500')
    expect(halt.causes).toMatchObject([{ rule: 'daily_loss' }])
    await engine.stop(100)
  })

  it('replaces what it counted of a trade when late evidence changes its outcome', async () => {
    const { engine, executor, cross } = createEngine()
    await engine.start()
    cross()
    const { correlationId } = await executor.end('completed', '2')
    executor.tell({ ...executor.plans[0]!, correlationId }, 'unwound', '-1')
    expect(engine.status().trades).toMatchObject({ completed: 0, unwound: 1 })
    expect(engine.status().profits[0]!.realised.toString()).toBe('-1')
    await engine.stop(100)
  })

  it('halts and gives back the budget of a trade whose execution fails in an unforeseen way', async () => {
    const { engine, executor, cross, halt } = createEngine()
    await engine.start()
    executor.executeError = new Error('unforeseen')
    cross()
    await new Promise((resolve) => void setImmediate(resolve))
    expect(halt.causes).toMatchObject([{ rule: 'invariant' }])
    expect(engine.status().openTrades).toBe(0)
    await engine.stop(100)
  })

  it('stops: opens nothing more, hands out the proof, and leaves no listener or timer behind', async () => {
    const { engine, executor, cross, alpha, clock, halt } = createEngine()
    await engine.start()
    const proof = engine.stop(2500)
    expect(engine.status().state).toBe('stopping')
    cross()
    expect(await proof).toEqual({ exchanges: [] })
    expect(executor.calls).toEqual(['recover', 'shutdown 2500'])
    expect(executor.plans).toEqual([])
    expect(engine.status()).toMatchObject({ proposals: 0, opportunities: 0 })
    expect(halt.causes).toMatchObject([{ rule: 'shutdown' }])
    expect([alpha.feed.listenerCount, clock.pendingTimers, engine.status().state]).toEqual([0, 0, 'stopped'])
  })

  it('is stopped after a start that failed', async () => {
    const { engine, executor, alpha, clock } = createEngine()
    executor.recoverError = new Error('journal')
    await expect(engine.start()).rejects.toThrow('journal')
    expect([engine.status().state, alpha.feed.listenerCount]).toEqual(['stopped', 0])
    await clock.advance(0)
    expect(clock.pendingTimers).toBe(0)
    const other = createEngine()
    other.alpha.feed.subscribeError = new Error('no such symbol')
    await expect(other.engine.start()).rejects.toThrow('no such symbol')
    expect(other.executor.calls).toEqual([])
  })
})
