import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'
import type { AssetValues, HaltRules, Portfolio } from '@cex-arbitrage/trading'
import type { AssetExposure, ExposureStatus } from './live-model.js'

export interface ExposureSources {
  readonly portfolio: Portfolio
  readonly values: AssetValues
  readonly rules: HaltRules
  readonly exchanges: readonly ExchangeId[]
  readonly assets: readonly AssetId[]
}

const valueDecimals = 2

/** What is held, what is not flat, and what is under way. */
export function describeExposure({ portfolio, values, rules, exchanges, assets }: ExposureSources): ExposureStatus {
  const sum = (of: (exchange: ExchangeId) => number): number =>
    exchanges.reduce((total, exchange) => total + of(exchange), 0)
  const byAsset = assets.map((asset) => assetExposure(asset, portfolio, values, exchanges))
  const total = byAsset.reduce((worth, { value }) => (value === undefined ? worth : worth.plus(value)), Decimal.zero)
  return {
    total: total.toFixed(valueDecimals),
    openTrades: portfolio.openTrades(),
    openOrders: sum((exchange) => portfolio.openOrders(exchange)),
    unknownOrders: sum((exchange) => portfolio.unknownOrders(exchange)),
    realisedToday: rules.realisedToday().toString(),
    consecutiveFailures: portfolio.consecutiveFailures(),
    byAsset: byAsset.map((row) => ({
      asset: row.asset,
      total: row.total.toString(),
      net: row.net.toString(),
      value: row.value?.toFixed(valueDecimals),
    })),
  }
}

interface Holding extends Pick<AssetExposure, 'asset'> {
  readonly total: Decimal
  readonly net: Decimal
  readonly value: Decimal | undefined
}

function assetExposure(
  asset: AssetId,
  portfolio: Portfolio,
  values: AssetValues,
  exchanges: readonly ExchangeId[],
): Holding {
  const total = exchanges.reduce((held, exchange) => held.plus(portfolio.total(exchange, asset)), Decimal.zero)
  const price = values.valueOf(asset)
  return {
    asset,
    total,
    net: portfolio.netPosition(asset),
    value: price === undefined ? undefined : total.times(price),
  }
}
