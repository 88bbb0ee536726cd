import { parseSymbol } from '@cex-arbitrage/common'
import { getEnabledExchanges } from '../exchanges/exchanges-config.js'
import type { EngineConfig } from './base-config.js'
import { checkTriangles } from './consistency-triangles.js'
import type { Report } from './contradiction.js'
import type { ConfigPath } from './schema-tree.js'
import { getStrategyName, type StrategyConfig } from './strategy-config.js'
import { didYouMean } from './suggestions.js'

/** Names that point nowhere, bounds that exclude each other, too few exchanges for what a strategy does. */
export function checkStrategies(config: EngineConfig, report: Report): void {
  const names = new Map<string, number>()
  checkWatched(config, report)
  for (const [index, strategy] of config.strategies.entries()) {
    const name = getStrategyName(strategy)
    const before = names.get(name)
    if (before !== undefined)
      report(['strategies', index, 'name'], `'${name}' is the name of strategies.${before} as well; give each its own`)
    names.set(name, index)
    if (!strategy.enabled) continue
    checkBounds(strategy, ['strategies', index], config, report)
    checkPlaces(strategy, ['strategies', index], config, report)
  }
}

function checkWatched(config: EngineConfig, report: Report): void {
  for (const [index, { exchanges }] of config.instruments.entries())
    checkNames(exchanges, ['instruments', index, 'exchanges'], config, report)
}

function checkBounds(strategy: StrategyConfig, path: ConfigPath, config: EngineConfig, report: Report): void {
  const { minNotional, maxNotional, minNetEdgeBps } = strategy
  const { maxNotionalPerTrade, reportingAsset } = config.risk
  if (minNotional.greaterThan(maxNotional))
    report(
      [...path, 'minNotional'],
      `is ${minNotional.toString()}, more than maxNotional (${maxNotional.toString()}): it could never trade`,
      [...path, 'maxNotional'],
    )
  // Only amounts of one asset can be compared here; the risk gate converts the others.
  if (
    assetsOfNotionals(strategy, config).every((asset) => asset === reportingAsset) &&
    maxNotional.greaterThan(maxNotionalPerTrade)
  )
    report(
      [...path, 'maxNotional'],
      `is ${maxNotional.toString()}, more than risk.maxNotionalPerTrade (${maxNotionalPerTrade.toString()})`,
      ['risk', 'maxNotionalPerTrade'],
    )
  if (minNetEdgeBps < config.risk.minNetEdgeBps)
    report(
      [...path, 'minNetEdgeBps'],
      `is ${minNetEdgeBps}, less than risk.minNetEdgeBps (${config.risk.minNetEdgeBps}), which would refuse such trades`,
      ['risk', 'minNetEdgeBps'],
    )
  if (strategy.type === 'spot-futures' && strategy.exitBasisBps >= strategy.entryBasisBps)
    report(
      [...path, 'exitBasisBps'],
      `is ${strategy.exitBasisBps}, not below entryBasisBps (${strategy.entryBasisBps}): it would close what it opens`,
      [...path, 'entryBasisBps'],
    )
}

/** Assets in which a strategy's notionals are counted. */
function assetsOfNotionals(strategy: StrategyConfig, config: EngineConfig): readonly string[] {
  if (strategy.type === 'triangular') return strategy.startAssets
  const symbols = strategy.symbols ?? config.instruments.map((instrument) => instrument.symbol)
  return symbols.map((symbol) => parseSymbol(symbol).quote)
}

function checkPlaces(strategy: StrategyConfig, path: ConfigPath, config: EngineConfig, report: Report): void {
  const watched = config.instruments.map((instrument) => instrument.symbol)
  for (const [index, symbol] of (strategy.symbols ?? []).entries())
    if (!watched.includes(symbol))
      report(
        [...path, 'symbols', index],
        `'${symbol}' is not watched${didYouMean(symbol, watched) || '.'} Add it to instruments`,
        ['instruments'],
      )
  checkNames(strategy.exchanges, [...path, 'exchanges'], config, report)
  const enabled = [...getEnabledExchanges(config.exchanges)].filter(
    ([name]) => strategy.exchanges === undefined || strategy.exchanges.includes(name),
  )
  if (strategy.type === 'spot-spot' && enabled.length === 1)
    report([...path, 'exchanges'], `spot-spot needs two enabled exchanges, and there is ${enabled[0]?.[0]} alone`, [
      'exchanges',
    ])
  if (strategy.type === 'triangular') checkTriangles(strategy, path, config, report)
  if (strategy.type === 'spot-futures' && !enabled.some(([, exchange]) => exchange.marketTypes.includes('futures')))
    report([...path, 'type'], "spot-futures needs an exchange with 'futures' among its marketTypes", ['exchanges'])
  if (strategy.type === 'spot-futures' && config.mode === 'paper')
    report([...path, 'type'], 'spot-futures holds positions, which there are none of on paper; use simulated or live', [
      'mode',
    ])
  if (strategy.type === 'cross-exchange-market-making') {
    checkNames([strategy.makerExchange], [...path, 'makerExchange'], config, report)
    checkNames([strategy.hedgeExchange], [...path, 'hedgeExchange'], config, report)
    if (strategy.makerExchange === strategy.hedgeExchange)
      report([...path, 'hedgeExchange'], 'must be another exchange than makerExchange', [...path, 'makerExchange'])
  }
}

function checkNames(
  names: readonly string[] | undefined,
  path: ConfigPath,
  config: EngineConfig,
  report: Report,
): void {
  const enabled = [...getEnabledExchanges(config.exchanges).keys()]
  for (const name of names ?? [])
    if (!(enabled as readonly string[]).includes(name))
      report(
        path,
        `'${name}' is no enabled exchange${didYouMean(name, enabled) || '.'} Enabled: ${enabled.join(', ')}`,
        ['exchanges'],
      )
}
