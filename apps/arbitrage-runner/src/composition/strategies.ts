import { ConfigurationException, createAssetId, createExchangeId } from '@cex-arbitrage/common'
import {
  type CrossExchangeMarketMakingConfig,
  type EngineConfig,
  type SpotFuturesConfig,
  type SpotSpotConfig,
  type StrategyConfig,
  type TriangularConfig,
} from '@cex-arbitrage/config'
import {
  CrossExchangeMarketMakingStrategy,
  SpotFuturesStrategy,
  SpotSpotStrategy,
  TriangularStrategy,
  type FundingView,
  type MarginWatch,
  type MarketBoard,
  type SpotSpotDependencies,
  type Strategy,
  type TradingVenue,
} from '@cex-arbitrage/trading'
import type { LatencyRecorder } from '../live/latency-recorder.js'
import { MeasuredStrategy } from '../live/measured-strategy.js'
import type { LiveSettings } from './live-settings.js'
import {
  toMarketMakingOptions,
  toSpotFuturesOptions,
  toSpotSpotOptions,
  toTriangularOptions,
} from './strategy-options.js'

export interface StrategySources extends Omit<SpotSpotDependencies, 'options' | 'slots'> {
  readonly venues: readonly TradingVenue[]
  readonly settings: LiveSettings
  readonly latencies: LatencyRecorder
  readonly funding: FundingView
  readonly margins: MarginWatch
}

/** The enabled strategies, in the order of the configuration. */
export function createStrategies(config: EngineConfig, sources: StrategySources): readonly Strategy[] {
  const { board, clock, latencies } = sources
  const decisions = latencies.histogram('decision')
  return config.strategies.flatMap((strategy, index) =>
    strategy.enabled ? [new MeasuredStrategy(createStrategy(strategy, index, sources), board, decisions, clock)] : [],
  )
}

function createStrategy(strategy: StrategyConfig, index: number, sources: StrategySources): Strategy {
  const { settings, venues, board, account, clock, ids } = sources
  const shared = { board, account, clock, ids, slots: slotsOf(strategy, board) }
  switch (strategy.type) {
    case 'spot-spot': {
      const options = settings.keep((config) => toSpotSpotOptions(config.strategies[index] as SpotSpotConfig, config))
      return new SpotSpotStrategy({ ...shared, options })
    }
    case 'cross-exchange-market-making': {
      assertPostOnly(strategy, index, venues)
      return new CrossExchangeMarketMakingStrategy({
        ...shared,
        options: settings.keep((config) =>
          toMarketMakingOptions(config.strategies[index] as CrossExchangeMarketMakingConfig, config),
        ),
        makerExchange: createExchangeId(strategy.makerExchange),
        hedgeExchange: createExchangeId(strategy.hedgeExchange),
      })
    }
    case 'triangular': {
      const triangular = new TriangularStrategy({
        ...shared,
        options: settings.keep((config) => toTriangularOptions(config.strategies[index] as TriangularConfig, config)),
        startAssets: strategy.startAssets.map(createAssetId),
      })
      assertTriangles(triangular, index)
      return triangular
    }
    case 'spot-futures': {
      const options = settings.keep((config) =>
        toSpotFuturesOptions(config.strategies[index] as SpotFuturesConfig, config),
      )
      const { funding, margins } = sources
      const basis = new SpotFuturesStrategy({ ...shared, options, funding, margins })
      assertContracts(basis, index)
      for (const slot of basis.contracts) margins.watch(board.instruments[slot]!, () => options.minMarginRatio)
      return basis
    }
  }
}

/** What is watched may be a triangle that no exchange lists whole. */
function assertTriangles({ name, triangles }: TriangularStrategy, index: number): void {
  if (triangles.length > 0) return
  throw new ConfigurationException({
    message: `No exchange lists three pairs that the strategy '${name}' could go round.`,
    problems: [{ path: `strategies.${index}`, message: 'needs three pairs on one exchange; see instruments' }],
  })
}

/** A contract is held against the spot of its symbol, so both have to be listed. */
function assertContracts({ name, contracts }: SpotFuturesStrategy, index: number): void {
  if (contracts.length > 0) return
  throw new ConfigurationException({
    message: `No exchange lists a perpetual contract and spot of one symbol that the strategy '${name}' could hold.`,
    problems: [{ path: `strategies.${index}`, message: 'needs spot and futures of one symbol; see instruments' }],
  })
}

/** A quote must never take, so its exchange has to refuse an order that would. */
function assertPostOnly(
  { makerExchange }: CrossExchangeMarketMakingConfig,
  index: number,
  venues: readonly TradingVenue[],
): void {
  const isMissing = venues.some(
    ({ exchange, privateExchange }) =>
      exchange === makerExchange && privateExchange.marketType === 'spot' && !privateExchange.capabilities.postOnly,
  )
  if (!isMissing) return
  throw new ConfigurationException({
    message: `${makerExchange} has no post-only orders, so nothing can be quoted there.`,
    problems: [{ path: `strategies.${index}.makerExchange`, message: 'must be an exchange with post-only orders' }],
  })
}

/** Slots of the instruments that a strategy is confined to; all without a restriction. */
function slotsOf({ symbols, exchanges }: StrategyConfig, board: MarketBoard): readonly number[] {
  return board.instruments.flatMap((instrument, slot) => {
    const wanted = symbols === undefined || symbols.includes(instrument.symbol)
    const here = exchanges === undefined || exchanges.includes(instrument.exchange)
    return wanted && here ? [slot] : []
  })
}
