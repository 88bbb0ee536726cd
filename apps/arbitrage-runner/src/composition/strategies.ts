import { ConfigurationException } from '@cex-arbitrage/common'
import { getStrategyName, type EngineConfig, type StrategyConfig } from '@cex-arbitrage/config'
import { SpotSpotStrategy, type MarketBoard, type SpotSpotDependencies, type Strategy } from '@cex-arbitrage/trading'
import { toSpotSpotOptions } from './trading-settings.js'

/** The enabled strategies, in the order of the configuration. */
export function createStrategies(
  config: EngineConfig,
  shared: Omit<SpotSpotDependencies, 'options' | 'slots'>,
): readonly Strategy[] {
  return config.strategies
    .filter(({ enabled }) => enabled)
    .map((strategy) => {
      if (strategy.type !== 'spot-spot')
        throw new ConfigurationException({
          message: `The strategy '${getStrategyName(strategy)}' is of type ${strategy.type}, which this version does not run.`,
          problems: [{ path: 'strategies', message: `type ${strategy.type} is not available; use spot-spot` }],
        })
      return new SpotSpotStrategy({
        ...shared,
        options: toSpotSpotOptions(strategy, config),
        slots: slotsOf(strategy, shared.board),
      })
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
