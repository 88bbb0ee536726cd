import { Decimal, bpsPerUnit, createAssetId, usPerMs } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import type { ExecutionSettings, RiskLimits, TradingEngineOptions } from '@cex-arbitrage/trading'
import { defaultExecutionSettings } from '@cex-arbitrage/trading'

/** Basis points as an exact ratio. */
export const ratioOfBps = (bps: number): Decimal =>
  Decimal.fromNumber(bps).dividedBy(Decimal.of(bpsPerUnit), 12, 'down')

/** The risk gate's limits, from the configuration. */
export function toRiskLimits({ risk, execution }: EngineConfig): RiskLimits {
  return {
    maxNotionalPerTrade: risk.maxNotionalPerTrade,
    maxPositionByAsset: new Map(
      Object.entries(risk.maxPositionByAsset).map(([asset, amount]) => [createAssetId(asset), amount]),
    ),
    maxExposurePerExchange: risk.maxExposurePerExchange,
    maxExposurePerAsset: risk.maxExposurePerAsset,
    maxExposureTotal: risk.maxExposureTotal,
    maxOpenTrades: execution.maxConcurrentTrades,
    maxOpenOrders: risk.maxOpenOrders,
    maxOrdersPerSecond: risk.maxOrdersPerSecond,
    maxPriceDeviation: ratioOfBps(risk.priceBandBps),
    maxHedgePriceDeviation: ratioOfBps(risk.hedgePriceBandBps),
    maxDailyLoss: risk.maxDailyLoss,
    maxConsecutiveFailures: risk.maxConsecutiveFailures,
    maxClockOffsetMs: risk.maxClockOffsetMs,
    maxFeedSilenceMs: risk.maxFeedSilenceMs,
    maxQuoteAgeUs: risk.maxQuoteAgeMs * usPerMs,
    maxAgeSkewUs: risk.maxAgeSkewMs * usPerMs,
    minNetEdgeBps: risk.minNetEdgeBps,
    edgeMarginBps: 0,
    edgeMarginBpsPerSecond: 0,
  }
}

/** Milliseconds that a symbol rests after the risk gate refused it, so that one cause is not asked about at every tick. */
const refusalRestMs = 20

/** The engine's own bounds, from the configuration. */
export const toEngineOptions = ({ execution }: EngineConfig): TradingEngineOptions => ({
  maxConcurrentTrades: execution.maxConcurrentTrades,
  refusalRestMs,
})

/** How trades are carried out, from the configuration; what it leaves unsaid keeps its default. */
export function toExecutionSettings({ execution, risk }: EngineConfig): ExecutionSettings {
  return {
    ...defaultExecutionSettings,
    ackTimeoutMs: execution.ackTimeoutMs,
    submitAttempts: execution.submitAttempts,
    cancelAfterMs: execution.fillTimeoutMs,
    queryInitialMs: execution.reconcileIntervalMs,
    queryTimeoutMs: execution.queryTimeoutMs,
    absentAfterMs: execution.absentAfterMs,
    reconcileDeadlineMs: execution.unknownHaltMs,
    maxResidualNotional: risk.maxResidualNotional,
    repairSlippageBps: execution.unwind.slippageBps,
    maxRepairOrders: execution.unwind.maxAttempts,
    repairDeadlineMs: execution.unwind.timeoutMs,
    lingerMs: execution.lateFillWatchMs,
    balanceCheckMs: execution.balanceCheckMs,
    deadManSwitchMs: execution.deadManSwitchMs,
    startDifferences: execution.startDifferences,
  }
}
