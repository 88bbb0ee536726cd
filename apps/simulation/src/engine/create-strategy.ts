import { createExchangeId } from '@cex-arbitrage/common'
import {
  CrossExchangeMarketMakingStrategy,
  SpotSpotStrategy,
  type SpotSpotDependencies,
  type Strategy,
} from '@cex-arbitrage/trading'
import { simulatedExchanges, type SimulatedExchangeName } from '../schedule/schedule.js'
import { scheduleFamilies } from '../schedule/families.js'
import { quotingOptions, strategyOptions } from './engine-settings.js'

/** Takes on both venues at once, or quotes on one of them and hedges on the other. */
export type SimulatedStrategy = 'spot-spot' | `quotes-on-${SimulatedExchangeName}`

const turns: readonly SimulatedStrategy[] = ['spot-spot', 'quotes-on-mexc', 'spot-spot', 'quotes-on-gateio']

/** The strategy that trades in the world of a seed: seeds in a row, one of each family of schedules, share it. */
export const strategyOf = (seed: number): SimulatedStrategy =>
  turns[Math.floor(seed / scheduleFamilies) % turns.length]!

export function createStrategy(
  kind: SimulatedStrategy,
  deps: Omit<SpotSpotDependencies, 'options' | 'slots'>,
): Strategy {
  if (kind === 'spot-spot') return new SpotSpotStrategy({ ...deps, options: strategyOptions })
  const [maker, hedge] = kind === 'quotes-on-mexc' ? simulatedExchanges : simulatedExchanges.toReversed()
  return new CrossExchangeMarketMakingStrategy({
    ...deps,
    options: quotingOptions,
    makerExchange: createExchangeId(maker!),
    hedgeExchange: createExchangeId(hedge!),
  })
}
