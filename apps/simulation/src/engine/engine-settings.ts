import { Decimal } from '@cex-arbitrage/common'
import {
  defaultExecutionSettings,
  type CrossExchangeMarketMakingOptions,
  type ExecutionSettings,
  type RiskLimits,
  type SpotSpotOptions,
  type TriangularOptions,
} from '@cex-arbitrage/trading'

const quoteAge = { maxQuoteAgeUs: 1_000_000, maxAgeSkewUs: 1_000_000 }
const margin = { minNetEdgeBps: 3, edgeMarginBps: 0, edgeMarginBpsPerSecond: 1 }
const maxNotional = Decimal.of(1_000)

/** As in production but for the limits that would end a run before its faults are through. */
export const executionSettings: ExecutionSettings = { ...defaultExecutionSettings, lingerMs: 120_000 }

/** Few, so that every run begins again at some. */
export const checkpointAfterRecords = 50

export const riskLimits: RiskLimits = {
  ...quoteAge,
  ...margin,
  maxNotionalPerTrade: maxNotional,
  maxPositionByAsset: new Map(),
  maxExposurePerExchange: Decimal.of(20_000),
  maxExposurePerAsset: Decimal.of(20_000),
  maxExposureTotal: Decimal.of(40_000),
  maxOpenTrades: 4,
  maxOpenOrders: 20,
  maxOrdersPerSecond: 20,
  maxPriceDeviation: Decimal.of(2, 2),
  maxHedgePriceDeviation: Decimal.of(5, 2),
  maxDailyLoss: Decimal.of(1_000),
  maxConsecutiveFailures: 50,
  maxClockOffsetMs: 1_000,
  maxFeedSilenceMs: 30_000,
}

const shared = {
  ...quoteAge,
  ...margin,
  minNotional: Decimal.of(20),
  maxNotional,
  maxPriceDeviation: Decimal.of(2, 2),
  unwindMargin: Decimal.of(1, 2),
  maxSurplusNotional: Decimal.of(2),
  slackShare: Decimal.of(3, 1),
  coolDownMs: 200,
  failureCoolDownMs: 1_000,
}

export const strategyOptions: SpotSpotOptions = { ...shared, legOrder: 'concurrent' }

/** Three books of ever fewer levels are thin; what rounding leaves of them on two grids is more than of one. */
const roundOptions = { ...shared, maxSurplusNotional: Decimal.of(5) }
export const triangularOptions: Readonly<Record<TriangularOptions['legOrder'], TriangularOptions>> = {
  concurrent: { ...roundOptions, legOrder: 'concurrent' },
  sequential: { ...roundOptions, legOrder: 'sequential' },
}

export const quotingOptions: CrossExchangeMarketMakingOptions = {
  ...shared,
  spreadBps: 3,
  requoteThresholdBps: 3,
  requoteMinIntervalMs: 250,
  quoteLifetimeMs: 5_000,
  maxResidualNotional: executionSettings.maxResidualNotional,
}

/** What one trade may leave open, in quote. */
export const residualBound = executionSettings.maxResidualNotional
