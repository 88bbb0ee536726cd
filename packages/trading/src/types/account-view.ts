import type { AssetId, Decimal, ExchangeId } from '@cex-arbitrage/common'

/** What sizing and the risk gate may know of our accounts. Kept by `portfolio`, from streams whose continuity is checked. */
export interface AccountView {
  /** Free balance less what planned, sent and unknown orders of ours have reserved. */
  available(exchange: ExchangeId, asset: AssetId): Decimal
  /** Free plus locked, as the ledger has it. */
  total(exchange: ExchangeId, asset: AssetId): Decimal
  /** The account's stream stands and the balances have been fetched since. */
  isCurrent(exchange: ExchangeId): boolean
  openOrders(exchange: ExchangeId): number
  /** Orders whose outcome is unknown; while there are any on an exchange, it is not traded. */
  unknownOrders(exchange: ExchangeId): number
  openTrades(): number
  /** Surplus of an asset over the inventory at start, all exchanges together; what is not flat. */
  netPosition(asset: AssetId): Decimal
  /** Realised since midnight UTC, in this asset. */
  realisedToday(profitAsset: AssetId): Decimal
  /** Trades that ended badly (halted, unwound at a loss, rejected) since the last good one. */
  consecutiveFailures(): number
}
