import { Decimal, usPerMs } from '@cex-arbitrage/common'
import {
  getStrategyName,
  type CrossExchangeMarketMakingConfig,
  type EngineConfig,
  type SpotFuturesConfig,
  type SpotSpotConfig,
  type StrategyConfig,
  type TriangularConfig,
} from '@cex-arbitrage/config'
import type {
  CrossExchangeMarketMakingOptions,
  SpotFuturesOptions,
  SpotSpotOptions,
  TriangularOptions,
} from '@cex-arbitrage/trading'
import { ratioOfBps } from './trading-settings.js'

/** What every strategy takes from its section and from the limits. */
const toSharedOptions = (strategy: StrategyConfig, { risk }: EngineConfig) => ({
  name: getStrategyName(strategy),
  minNetEdgeBps: strategy.minNetEdgeBps,
  edgeMarginBps: strategy.edgeMarginBps,
  edgeMarginBpsPerSecond: strategy.edgeMarginBpsPerSecond,
  minNotional: strategy.minNotional,
  maxNotional: Decimal.min(strategy.maxNotional, risk.maxNotionalPerTrade),
  maxPriceDeviation: ratioOfBps(risk.priceBandBps),
  unwindMargin: ratioOfBps(strategy.unwindMarginBps),
  maxSurplusNotional: strategy.maxSurplusNotional,
  slackShare: Decimal.fromNumber(strategy.slackShare),
  maxQuoteAgeUs: risk.maxQuoteAgeMs * usPerMs,
  maxAgeSkewUs: risk.maxAgeSkewMs * usPerMs,
  coolDownMs: strategy.coolDownMs,
  failureCoolDownMs: strategy.failureCoolDownMs,
})

/** One spot-spot strategy's options, from the configuration. */
export const toSpotSpotOptions = (strategy: SpotSpotConfig, config: EngineConfig): SpotSpotOptions => ({
  ...toSharedOptions(strategy, config),
  legOrder: strategy.legOrder,
})

/** One spot-futures strategy's options, from the configuration. */
export const toSpotFuturesOptions = (strategy: SpotFuturesConfig, config: EngineConfig): SpotFuturesOptions => ({
  ...toSharedOptions(strategy, config),
  legOrder: strategy.legOrder,
  entryBasisBps: strategy.entryBasisBps,
  exitBasisBps: strategy.exitBasisBps,
  basisStandsMs: strategy.basisStandsMs,
  minFundingBpsPerDay: strategy.minFundingBpsPerDay,
  maxPositionNotional: strategy.maxPositionNotional,
  minMarginRatio: Decimal.fromNumber(strategy.minMarginRatio),
})

/** One triangular strategy's options, from the configuration. */
export const toTriangularOptions = (strategy: TriangularConfig, config: EngineConfig): TriangularOptions => ({
  ...toSharedOptions(strategy, config),
  legOrder: strategy.legOrder,
})

/** One market-making strategy's options, from the configuration. */
export const toMarketMakingOptions = (
  strategy: CrossExchangeMarketMakingConfig,
  config: EngineConfig,
): CrossExchangeMarketMakingOptions => ({
  ...toSharedOptions(strategy, config),
  spreadBps: strategy.spreadBps,
  requoteThresholdBps: strategy.requoteThresholdBps,
  requoteMinIntervalMs: strategy.requoteMinIntervalMs,
  quoteLifetimeMs: strategy.quoteLifetimeMs,
  maxResidualNotional: config.risk.maxResidualNotional,
})
