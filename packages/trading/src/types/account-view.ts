import type { AssetId, Decimal } from '@cex-arbitrage/common'
import type { AccountId } from './account-id.js'
import type { PositionView } from './position-view.js'

/** What sizing and the risk gate may know of our accounts. Kept by `portfolio`, from streams whose continuity is checked. */
export interface AccountView {
  readonly positions: PositionView
  /** Free balance less what planned, sent and unknown orders of ours have reserved. */
  available(account: AccountId, asset: AssetId): Decimal
  /** Free plus locked, as the ledger has it. */
  total(account: AccountId, asset: AssetId): Decimal
  /** The account's stream stands and the balances have been fetched since. */
  isCurrent(account: AccountId): boolean
  openOrders(account: AccountId): number
  /** Orders whose outcome is unknown; while there are any on an account, it is not traded. */
  unknownOrders(account: AccountId): number
  openTrades(): number
  /** Surplus of an asset over the inventory at start, all exchanges together; what is not flat. */
  netPosition(asset: AssetId): Decimal
  /** Realised since midnight UTC, in this asset. */
  realisedToday(profitAsset: AssetId): Decimal
  /** Trades that ended badly (halted, unwound at a loss, rejected) since the last good one. */
  consecutiveFailures(): number
}
