import { SeededRandom, UniqueIdSource, createAssetId, silentLogger, type Clock } from '@cex-arbitrage/common'
import { KillSwitch, TradingEngine, createTradingCore } from '@cex-arbitrage/trading'
import { connectVenues, createExchanges } from '../engine/connect-venues.js'
import { idPrefix } from '../engine/engine-process.js'
import { createStrategies, shapeFor, strategyOf, type SimulatedStrategy } from '../engine/create-strategy.js'
import { riskLimits } from '../engine/engine-settings.js'
import { NaiveAccount } from '../naive/naive-account.js'
import { NaiveExecutor } from '../naive/naive-executor.js'
import { NaiveOrderDesk } from '../naive/naive-order-desk.js'
import { naiveRules, type NaiveRuleName } from '../naive/naive-rules.js'
import { judgeNaive, type NaiveJudgement } from '../oracle/judge-naive.js'
import type { Schedule } from '../schedule/schedule.js'
import { SimulationClock } from '../virtual/simulation-clock.js'
import { VirtualNetwork } from '../virtual/virtual-network.js'
import { SimulatedWorld } from '../world/simulated-world.js'
import { faultsEndMs, oneWayMs, tradingEndsMs } from './timeline.js'

/** Everything has come to its end by then, milliseconds of virtual time. */
const settledMs = tradingEndsMs + 10_000

/** They send all legs at once and have no resting quotes: of those they take the prices instead. */
function naiveStrategyOf(seed: number): SimulatedStrategy {
  return shapeFor(strategyOf(seed)) === 'triangle' ? 'triangular-concurrent' : 'spot-spot'
}

/**
 * Runs one naive rule under one schedule, in the same engine otherwise: connectors, books, sizing and risk gate are ours.
 * Kills are left out, which flatters the rule: it keeps no journal.
 */
export async function simulateNaive(name: NaiveRuleName, seed: number, schedule: Schedule): Promise<NaiveJudgement> {
  const virtual = new SimulationClock()
  const strategy = naiveStrategyOf(seed)
  const world = new SimulatedWorld({ seed, clock: virtual, schedule, shape: shapeFor(strategy) })
  let isOver = false
  const clock: Clock = {
    nowMs: () => virtual.nowMs(),
    nowUs: () => virtual.nowUs(),
    setTimer: (callback, delayMs) => virtual.setTimer(() => (isOver ? undefined : callback()), delayMs),
  }
  const network = new VirtualNetwork({ clock: virtual, venues: world.hosts, oneWayMs, isDead: () => isOver })
  const random = new SeededRandom(seed).fork(`naive ${name}`)
  const exchanges = createExchanges({ clock, random, logger: silentLogger, network, addresses: world.addresses })
  let executor: NaiveExecutor | undefined
  const start = async (): Promise<TradingEngine> => {
    const venues = await connectVenues(exchanges)
    const account = new NaiveAccount()
    const core = createTradingCore({
      venues,
      account,
      halt: new KillSwitch(clock, silentLogger),
      clock,
      log: silentLogger,
      limits: riskLimits,
      reportingAsset: createAssetId('USDT'),
      serverTimeIntervalMs: 5_000,
    })
    const ids = new UniqueIdSource(idPrefix, clock, random)
    executor = new NaiveExecutor({
      venues,
      account,
      desk: new NaiveOrderDesk(venues, ids),
      rule: naiveRules[name],
      clock,
    })
    const engine = new TradingEngine({
      venues,
      core,
      strategies: createStrategies(strategy, { board: core.board, account, clock, ids }),
      executor,
      clock,
      log: silentLogger,
      options: { maxConcurrentTrades: riskLimits.maxOpenTrades, refusalRestMs: 20 },
    })
    await engine.start()
    return engine
  }
  // A start that fails under its faults makes no trades; that is no merit, but nothing is stranded either.
  const engine = start().catch(() => undefined)
  await virtual.run(faultsEndMs)
  world.heal()
  await virtual.run(tradingEndsMs)
  void engine.then((running) => running?.stop(0))
  await virtual.run(settledMs)
  isOver = true
  network.cut()
  const judgement = judgeNaive(world.truths(), world.shape, executor?.trades ?? [])
  await world.close()
  return judgement
}
