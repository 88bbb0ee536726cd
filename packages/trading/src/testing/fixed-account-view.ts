import { Decimal, type AssetId } from '@cex-arbitrage/common'
import type { AccountId } from '../types/account-id.js'
import { noPositions, type PositionView } from '../types/position-view.js'
import type { AccountView } from '../types/account-view.js'

/** An account that says what a spec has written into it; amounts as decimal texts by `account:ASSET` or asset. */
export class FixedAccountView implements AccountView {
  positions: PositionView = noPositions
  current = true
  openOrderCount = 0
  unknownOrderCount = 0
  openTradeCount = 0
  failures = 0
  readonly balances: Record<string, string>
  readonly netPositions: Record<string, string> = {}
  readonly realised: Record<string, string> = {}

  constructor(balances: Readonly<Record<string, string>> = {}) {
    this.balances = { ...balances }
  }

  available(account: AccountId, asset: AssetId): Decimal {
    return Decimal.parse(this.balances[`${account}:${asset}`] ?? '0')
  }

  total(account: AccountId, asset: AssetId): Decimal {
    return this.available(account, asset)
  }

  isCurrent(): boolean {
    return this.current
  }

  openOrders(): number {
    return this.openOrderCount
  }

  unknownOrders(): number {
    return this.unknownOrderCount
  }

  openTrades(): number {
    return this.openTradeCount
  }

  netPosition(asset: AssetId): Decimal {
    return Decimal.parse(this.netPositions[asset] ?? '0')
  }

  realisedToday(profitAsset: AssetId): Decimal {
    return Decimal.parse(this.realised[profitAsset] ?? '0')
  }

  consecutiveFailures(): number {
    return this.failures
  }
}
