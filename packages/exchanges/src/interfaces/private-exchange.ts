import type { Balance, ExchangeId, FeeSchedule, Instrument, MarketType } from '@cex-arbitrage/common'
import type { ExchangeCapabilities } from '../structs/exchange-capabilities.js'
import type { KeyRights } from '../structs/key-rights.js'
import type { AccountFeed } from './account-feed.js'
import type { OrderGateway } from './order-gateway.js'
import type { PositionDesk } from './position-desk.js'

/** One account on one kind of market of one exchange. */
export interface PrivateExchange {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly capabilities: ExchangeCapabilities
  readonly orders: OrderGateway
  readonly account: AccountFeed
  /** On perpetual contracts alone. */
  readonly positions?: PositionDesk
  /**
   * All assets with a balance; a missing asset is zero. On perpetual contracts it is the wallet: the total without
   * unrealised profit, of which `free` is what new orders may use.
   */
  fetchBalances(): Promise<readonly Balance[]>
  /** The account's own rates on the instrument. */
  fetchFees(instrument: Instrument): Promise<FeeSchedule>
  fetchKeyRights(): Promise<KeyRights>
  close(): Promise<void>
}
