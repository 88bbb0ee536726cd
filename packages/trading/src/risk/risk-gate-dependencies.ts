import type { Clock, Instrument } from '@cex-arbitrage/common'
import type { OrderGateway } from '@cex-arbitrage/exchanges'
import type { AssetValues } from '../market-data/asset-values.js'
import type { MarketBoard } from '../market-data/market-board.js'
import type { AccountId } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import type { ClockOffsets } from './clock-offsets.js'
import type { FeedWatch } from './feed-watch.js'
import type { HaltRules } from './halt-rules.js'
import type { KillSwitch } from './kill-switch.js'
import type { RiskLimits } from './risk-limits.js'

export interface RiskGateDependencies {
  readonly limits: RiskLimits
  readonly account: AccountView
  readonly board: MarketBoard
  readonly values: AssetValues
  readonly halt: KillSwitch
  readonly rules: HaltRules
  readonly feeds: FeedWatch
  readonly offsets: ClockOffsets
  readonly clock: Clock
  readonly accounts: readonly AccountId[]
  /** The gateway through which orders on an instrument go; asked for rate budget alone. */
  gatewayOf(instrument: Instrument): Pick<OrderGateway, 'admitTrade'> | undefined
}
