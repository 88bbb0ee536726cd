import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'
import type { AccountView } from '../types/account-view.js'

/** An account that says what a spec has written into it; amounts as decimal texts by `exchange:ASSET` or asset. */
export class FixedAccountView implements AccountView {
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

  available(exchange: ExchangeId, asset: AssetId): Decimal {
    return Decimal.parse(this.balances[`${exchange}:${asset}`] ?? '0')
  }

  total(exchange: ExchangeId, asset: AssetId): Decimal {
    return this.available(exchange, asset)
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
