import { parseSymbol } from '@cex-arbitrage/common'
import { getEnabledExchanges } from '../exchanges/exchanges-config.js'
import type { EngineConfig } from './base-config.js'
import type { Report } from './contradiction.js'
import type { ConfigPath } from './schema-tree.js'
import type { TriangularConfig } from './strategy-config.js'

/** A cycle needs three watched pairs of one exchange, two of them quoted in the asset in which it begins. */
export function checkTriangles(
  strategy: TriangularConfig,
  path: ConfigPath,
  config: EngineConfig,
  report: Report,
): void {
  const exchanges = [...getEnabledExchanges(config.exchanges).keys()].filter(
    (name) => strategy.exchanges === undefined || strategy.exchanges.includes(name),
  )
  const pairsOf = exchanges.map((exchange) => watchedPairs(strategy, exchange, config))
  for (const [index, asset] of strategy.startAssets.entries())
    if (!pairsOf.some((pairs) => hasTriangle(pairs, asset)))
      report(
        [...path, 'startAssets', index],
        `no cycle begins in ${asset}: watch two pairs that are quoted in it and the pair between them, such as BTC/${asset}, ETH/${asset} and ETH/BTC, on one exchange`,
        ['instruments'],
        ['exchanges'],
      )
}

/** Spot pairs of one exchange that the strategy may trade, as base and quote. */
function watchedPairs(strategy: TriangularConfig, exchange: string, config: EngineConfig): readonly string[] {
  return config.instruments.flatMap(({ symbol, marketTypes, exchanges }) => {
    const isHere = exchanges === undefined || (exchanges as readonly string[]).includes(exchange)
    const isWanted = strategy.symbols === undefined || strategy.symbols.includes(symbol)
    return isHere && isWanted && marketTypes.includes('spot') ? [symbol] : []
  })
}

function hasTriangle(pairs: readonly string[], asset: string): boolean {
  return pairs.some((pair) => {
    const { base, quote } = parseSymbol(pair)
    return pairs.includes(`${base}/${asset}`) && pairs.includes(`${quote}/${asset}`)
  })
}
