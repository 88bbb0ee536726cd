import type { AssetId, Decimal } from '@cex-arbitrage/common'
import type { QuoteAgeLimits } from '../market-data/quotability.js'
import type { EdgeMargin } from '../strategies/edge-margin.js'

/** Limits that no strategy can exceed. Amounts without another asset named are in the reporting asset. */
export interface RiskLimits extends QuoteAgeLimits, EdgeMargin {
  /** Largest notional of one leg. */
  readonly maxNotionalPerTrade: Decimal
  /** Largest holding of an asset, all exchanges together, that a trade may lead to when only its buying legs fill. In that asset. */
  readonly maxPositionByAsset: ReadonlyMap<AssetId, Decimal>
  /** Notional of open trades on one exchange. */
  readonly maxExposurePerExchange: Decimal
  /** Notional of open trades in one asset and the value of what is not flat of it. */
  readonly maxExposurePerAsset: Decimal
  /** Notional of all open trades and the value of all that is not flat. */
  readonly maxExposureTotal: Decimal
  readonly maxOpenTrades: number
  /** Open or unknown orders on all exchanges, those of the trade included. */
  readonly maxOpenOrders: number
  /** Orders within one second on all exchanges; hedges count and are never refused. */
  readonly maxOrdersPerSecond: number
  /** Largest distance of a price from the middle of its book; `0.02` is two percent. */
  readonly maxPriceDeviation: Decimal
  /** The same for hedges and unwinds, which may cost more. */
  readonly maxHedgePriceDeviation: Decimal
  /** Loss since midnight UTC that pulls the kill switch. */
  readonly maxDailyLoss: Decimal
  /** Failed trades in a row that pull the kill switch. */
  readonly maxConsecutiveFailures: number
  /** Milliseconds of difference to an exchange's clock. */
  readonly maxClockOffsetMs: number
  /** Milliseconds without any frame after which an exchange's feed is stale. */
  readonly maxFeedSilenceMs: number
}
