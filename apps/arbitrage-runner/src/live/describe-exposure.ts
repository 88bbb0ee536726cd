import { Decimal, type AssetId } from '@cex-arbitrage/common'
import type { AccountId, AssetValues, HaltRules, Portfolio } from '@cex-arbitrage/trading'
import type { AssetExposure, ExposureStatus } from './live-model.js'

export interface ExposureSources {
  readonly portfolio: Portfolio
  readonly values: AssetValues
  readonly rules: HaltRules
  readonly accounts: readonly AccountId[]
  readonly assets: readonly AssetId[]
}

const valueDecimals = 2

/** What is held, what is not flat, and what is under way. */
export function describeExposure({ portfolio, values, rules, accounts, assets }: ExposureSources): ExposureStatus {
  const sum = (of: (account: AccountId) => number): number =>
    accounts.reduce((total, account) => total + of(account), 0)
  const byAsset = assets.map((asset) => assetExposure(asset, portfolio, values, accounts))
  const total = byAsset.reduce((worth, { value }) => (value === undefined ? worth : worth.plus(value)), Decimal.zero)
  return {
    total: total.toFixed(valueDecimals),
    openTrades: portfolio.openTrades(),
    openOrders: sum((account) => portfolio.openOrders(account)),
    unknownOrders: sum((account) => portfolio.unknownOrders(account)),
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
  accounts: readonly AccountId[],
): Holding {
  const total = accounts.reduce((held, account) => held.plus(portfolio.total(account, asset)), Decimal.zero)
  const price = values.valueOf(asset)
  return {
    asset,
    total,
    net: portfolio.netPosition(asset),
    value: price === undefined ? undefined : total.times(price),
  }
}
