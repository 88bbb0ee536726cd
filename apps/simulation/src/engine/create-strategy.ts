import { createAssetId, createExchangeId } from '@cex-arbitrage/common'
import {
  CrossExchangeMarketMakingStrategy,
  SpotSpotStrategy,
  TriangularStrategy,
  type SpotSpotDependencies,
  type Strategy,
} from '@cex-arbitrage/trading'
import { simulatedExchanges, type SimulatedExchangeName } from '../schedule/schedule.js'
import { scheduleFamilies } from '../schedule/families.js'
import { valueAsset, type MarketShape } from '../world/market-settings.js'
import { quotingOptions, strategyOptions, triangularOptions } from './engine-settings.js'

/** Takes on both venues at once, goes round three pairs of each, or quotes on one of them and hedges on the other. */
type SingleStrategy = 'spot-spot' | `triangular-${'concurrent' | 'sequential'}` | `quotes-on-${SimulatedExchangeName}`

/** One of them, or one of each kind side by side on the same symbols. */
export type SimulatedStrategy = SingleStrategy | 'together'

const sideBySide: readonly SingleStrategy[] = ['quotes-on-mexc', 'spot-spot', 'triangular-concurrent']

const turns: readonly SimulatedStrategy[] = [
  'spot-spot',
  'quotes-on-mexc',
  'triangular-concurrent',
  'spot-spot',
  'quotes-on-gateio',
  'triangular-sequential',
  'together',
]

/** The strategy that trades in the world of a seed: seeds in a row, one of each family of schedules, share it. */
export const strategyOf = (seed: number): SimulatedStrategy =>
  turns[Math.floor(seed / scheduleFamilies) % turns.length]!

/** What the venues must list for a strategy. */
export const shapeFor = (kind: SimulatedStrategy): MarketShape =>
  kind === 'together' || kind.startsWith('triangular') ? 'triangle' : 'pair'

export const createStrategies = (
  kind: SimulatedStrategy,
  deps: Parameters<typeof createStrategy>[1],
): readonly Strategy[] => (kind === 'together' ? sideBySide : [kind]).map((single) => createStrategy(single, deps))

function createStrategy(kind: SingleStrategy, deps: Omit<SpotSpotDependencies, 'options' | 'slots'>): Strategy {
  switch (kind) {
    case 'spot-spot':
      return new SpotSpotStrategy({ ...deps, options: strategyOptions })
    case 'triangular-concurrent':
    case 'triangular-sequential': {
      const options = triangularOptions[kind === 'triangular-concurrent' ? 'concurrent' : 'sequential']
      return new TriangularStrategy({ ...deps, options, startAssets: [createAssetId(valueAsset)] })
    }
    case 'quotes-on-mexc':
    case 'quotes-on-gateio': {
      const [maker, hedge] = kind === 'quotes-on-mexc' ? simulatedExchanges : simulatedExchanges.toReversed()
      return new CrossExchangeMarketMakingStrategy({
        ...deps,
        options: quotingOptions,
        makerExchange: createExchangeId(maker!),
        hedgeExchange: createExchangeId(hedge!),
      })
    }
  }
}
