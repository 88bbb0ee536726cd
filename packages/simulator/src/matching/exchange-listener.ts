import type { Side } from '@cex-arbitrage/common'

import type { BalanceChange } from '../accounts/account-book.js'
import type { VenueFill, VenueOrder } from './venue-order.js'

/** `created` shows the order before it is matched. */
export type OrderEvent = 'created' | 'filled_in_part' | 'amended' | 'ended'

/** A level of a book took a new quantity. */
export interface BookChange {
  readonly symbol: string
  readonly side: Side
  readonly priceTicks: number
  /** What rests there now; 0 when the level is gone. */
  readonly lots: number
  /** The symbol's counter after this change. */
  readonly sequence: number
  readonly atMs: number
}

/** What everybody sees of an execution. */
export interface PublicTrade {
  readonly tradeId: number
  readonly marketTradeId: number
  readonly symbol: string
  readonly priceTicks: number
  readonly lots: number
  /** Side of the taker. */
  readonly side: Side
  readonly atMs: number
}

/**
 * Told synchronously, in the order in which things happen. Orders are live objects: read what you need at once.
 * House orders raise book changes and trades alone.
 */
export interface ExchangeListener {
  onOrder?(order: VenueOrder, event: OrderEvent): void
  onFill?(fill: VenueFill, order: VenueOrder): void
  onBalance?(change: BalanceChange): void
  onBookChange?(change: BookChange): void
  onTrade?(trade: PublicTrade): void
}
