import type { Balance, Fill, Instrument, OrderUpdate } from '@cex-arbitrage/common'
import type { Position } from '../structs/position.js'

/** What happens on an account. Events may come late, twice, or out of order; a consumer must converge. */
export interface AccountListener {
  onOrder(update: OrderUpdate): void
  onFill(fill: Fill): void
  onBalance(balance: Balance, exchangeTimeMs: number): void
  /** A position changed; on perpetual contracts alone. */
  onPosition?(position: Position, exchangeTimeMs: number): void
  /** The stream stands and is subscribed. What happened before must be fetched. */
  onConnected(): void
  /** The stream broke: events may be missing from now until the fetch after the next `onConnected`. */
  onDisconnected(): void
}

/** Order states, fills and balances of one account as they happen. */
export interface AccountFeed {
  readonly connected: boolean
  /**
   * Connects, authenticates and subscribes; resolves when the stream stands.
   *
   * @throws {@link AuthenticationException} The key is refused.
   * @throws {@link ExchangeConnectionException} No connection could be made.
   */
  open(instruments: readonly Instrument[], listener: AccountListener): Promise<void>
  close(): Promise<void>
}
