import { ConfigurationException } from '@cex-arbitrage/common'
import { getStrategyName, type EngineConfig, type StrategyConfig } from '@cex-arbitrage/config'
import { SpotSpotStrategy, type MarketBoard, type SpotSpotDependencies, type Strategy } from '@cex-arbitrage/trading'
import type { LatencyRecorder } from '../live/latency-recorder.js'
import { MeasuredStrategy } from '../live/measured-strategy.js'
import type { LiveSettings } from './live-settings.js'

export interface StrategySources extends Omit<SpotSpotDependencies, 'options' | 'slots'> {
  readonly settings: LiveSettings
  readonly latencies: LatencyRecorder
}

/** The enabled strategies, in the order of the configuration. */
export function createStrategies(config: EngineConfig, sources: StrategySources): readonly Strategy[] {
  const { settings, latencies, ...shared } = sources
  const decisions = latencies.histogram('decision')
  return config.strategies.flatMap((strategy, index) => {
    if (!strategy.enabled) return []
    if (strategy.type !== 'spot-spot')
      throw new ConfigurationException({
        message: `The strategy '${getStrategyName(strategy)}' is of type ${strategy.type}, which this version does not run.`,
        problems: [{ path: 'strategies', message: `type ${strategy.type} is not available; use spot-spot` }],
      })
    const options = settings.optionsOf(index)
    const spotSpot = new SpotSpotStrategy({ ...shared, options, slots: slotsOf(strategy, shared.board) })
    return [new MeasuredStrategy(spotSpot, shared.board, decisions, shared.clock)]
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
