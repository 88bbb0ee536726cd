import {
  createAssetId,
  Decimal,
  silentLogger,
  SeededRandom,
  UniqueIdSource,
  type AssetId,
  type Instrument,
} from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { PublicExchange } from '@cex-arbitrage/exchanges'
import { createTradingCore } from '../engine/trading-core.js'
import { TradingEngine } from '../engine/trading-engine.js'
import { createTradeExecutor } from '../execution/create-trade-executor.js'
import { MemoryJournal } from '../execution/memory-journal.js'
import { Portfolio } from '../portfolio/portfolio.js'
import { KillSwitch } from '../risk/kill-switch.js'
import type { RiskLimits } from '../risk/risk-limits.js'
import type { TriangularOptions } from '../strategies/triangular-options.js'
import { TriangularStrategy } from '../strategies/triangular.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradingVenue } from '../types/trading-venue.js'
import { createTriangle, type CycleWorld } from './cycle-sizing-world.js'
import { createMortalProcess } from './mortal-process.js'
import { SimulatedExchange } from './simulated-exchange.js'
import { SimulatedMarketDataFeed, type TextLevels } from './simulated-market-data-feed.js'
import { testRiskLimits, testStrategyOptions } from './two-venue-world.js'

export interface TriangleWorldOptions extends Pick<CycleWorld, 'basePair' | 'quotePair' | 'crossPair'> {
  readonly balances?: Readonly<Record<string, string>>
  readonly options?: Partial<TriangularOptions>
  readonly limits?: Partial<RiskLimits>
  readonly latencyMs?: number
  readonly startAssets?: readonly string[]
}

/** What is there of each asset unless a spec says otherwise. */
export const triangleBalances = { USDT: '10000', BTC: '5', ETH: '100' } as const

/** Everything from board to ledger of one engine; what a process loses when it dies. */
export interface TriangleEngine {
  readonly engine: TradingEngine
  readonly core: ReturnType<typeof createTradingCore>
  readonly strategy: TriangularStrategy
  readonly portfolio: Portfolio
  readonly halt: KillSwitch
  readonly journal: MemoryJournal
  readonly outcomes: TradeOutcome[]
}

/** One exchange in memory with BTC/USDT at 1,000, ETH/USDT at 50 and ETH/BTC at 0.05, and engines that go round. */
export function createTriangleWorld(world: TriangleWorldOptions = {}) {
  const clock = new ManualClock()
  const { basePair, quotePair, crossPair } = createTriangle(world)
  const instruments = [basePair, quotePair, crossPair]
  const balances: Readonly<Record<string, string>> = world.balances ?? triangleBalances
  const exchange = new SimulatedExchange({
    name: 'alpha',
    instruments,
    clock,
    balances,
    latencyMs: world.latencyMs ?? 0,
  })
  const feed = new SimulatedMarketDataFeed(clock)
  const publicExchange = {
    exchange: exchange.exchange,
    marketType: 'spot',
    marketData: feed,
    fetchServerTime: () => Promise.resolve({ exchangeTimeMs: 0, offsetMs: 0, roundTripMs: 10 }),
  } as unknown as PublicExchange
  const venue: TradingVenue = { ...exchange.venue, publicExchange }
  let engines = 0

  const shown = new Map<Instrument, readonly [TextLevels, TextLevels]>()
  const show = (instrument: Instrument, bids: TextLevels, asks: TextLevels): void => {
    shown.set(instrument, [bids, asks])
    exchange.orders.book(instrument).set(bids, asks)
    feed.set(instrument, bids, asks)
  }
  /** Three books that agree. */
  const calm = (): void => {
    show(basePair, [['50', '50']], [['50.1', '50']])
    show(quotePair, [['999', '5']], [['1000', '5']])
    show(crossPair, [['0.05', '50']], [['0.0502', '50']])
  }
  /** The cross becomes cheap, so that buying it pays, or dear, so that selling it does. */
  const dislocate = (way: 'cheap' | 'dear' = 'cheap'): void =>
    way === 'cheap'
      ? show(crossPair, [['0.0485', '50']], [['0.049', '50']])
      : show(crossPair, [['0.0512', '50']], [['0.0514', '50']])

  const startEngine = (journal = new MemoryJournal()): TriangleEngine => {
    const outside = createMortalProcess(clock, [venue], () => journal.killed)
    const venues = outside.venues.map((mortal) => ({ ...mortal, publicExchange }))
    const portfolio = new Portfolio(clock)
    const halt = new KillSwitch(clock, silentLogger)
    const random = new SeededRandom(7 + engines++)
    const core = createTradingCore({
      venues,
      account: portfolio,
      halt,
      clock: outside.clock,
      log: silentLogger,
      limits: { ...testRiskLimits, maxExposurePerExchange: testRiskLimits.maxExposureTotal, ...world.limits },
      reportingAsset: createAssetId('USDT'),
      serverTimeIntervalMs: 1_000,
    })
    const ids = new UniqueIdSource('arb', clock, random)
    const strategy = new TriangularStrategy({
      board: core.board,
      account: portfolio,
      clock,
      ids,
      options: { ...testStrategyOptions, legOrder: 'concurrent', ...world.options },
      startAssets: (world.startAssets ?? ['USDT']).map(createAssetId),
    })
    const executor = createTradeExecutor({
      venues,
      portfolio,
      journal,
      approver: core.gate,
      quotes: core.quotes,
      halt,
      clock: outside.clock,
      random,
      ids,
    })
    const outcomes: TradeOutcome[] = []
    executor.onOutcome((outcome) => outcomes.push(outcome))
    const engine = new TradingEngine({
      venues,
      core,
      strategies: [strategy],
      executor,
      clock: outside.clock,
      log: silentLogger,
      options: { maxConcurrentTrades: 4, refusalRestMs: 20 },
    })
    return { engine, core, strategy, portfolio, halt, journal, outcomes }
  }

  /** Runs the clock, frames coming as they do, until the condition holds. */
  const until = async (isReached: () => boolean): Promise<void> => {
    for (let turn = 0; !isReached(); turn++) {
      if (turn === 2_000) throw new Error('Nothing came within 100 simulated seconds.')
      for (const [instrument, [bids, asks]] of shown) feed.set(instrument, bids, asks)
      await clock.advance(50)
    }
  }
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let isDone = false
    const watched = promise.finally(() => (isDone = true))
    watched.catch(() => undefined)
    await until(() => isDone)
    return watched
  }

  /** What the account has more or less than at the beginning. */
  const drift = (asset: string): Decimal =>
    exchange.ledger.total(asset as AssetId).minus(Decimal.parse(balances[asset] ?? '0'))
  return {
    clock,
    exchange,
    feed,
    basePair,
    quotePair,
    crossPair,
    show,
    calm,
    dislocate,
    startEngine,
    until,
    settle,
    drift,
  }
}
