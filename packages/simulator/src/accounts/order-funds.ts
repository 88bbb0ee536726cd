import { Decimal } from '@cex-arbitrage/common'

import type { PublicTrade } from '../matching/exchange-listener.js'
import type { VenueOrder } from '../matching/venue-order.js'
import type { Account } from './account-book.js'

/** An amount of one asset. */
export interface FeeAmount {
  readonly asset: string
  readonly amount: Decimal
}

/** One party of an execution. */
export interface SettledSide {
  readonly order: VenueOrder
  readonly account: Account
  readonly role: 'maker' | 'taker'
}

/** What an execution came to for one party. */
export interface SettledShare {
  readonly fee: FeeAmount
  /** Contracts that closed a position; absent on spot. */
  readonly closedLots?: number
}

export interface SettledTrade {
  readonly buy: SettledShare
  readonly sell: SettledShare
}

/** What orders ask of the money behind them: balances on spot, margin on perpetuals. */
export interface OrderFunds {
  /** Whether a new order could be paid for; nothing is held. */
  canReserve(order: VenueOrder, account: Account): boolean
  /** Holds what a new order needs; `false`, and nothing done, when there is not enough. */
  reserve(order: VenueOrder, account: Account): boolean
  /** Holds what an order needs at another price or quantity; `false`, and nothing done, when there is not enough. */
  adjust(order: VenueOrder, account: Account, priceTicks: number, remainingLots: number): boolean
  /** Gives back whatever is still held. */
  release(order: VenueOrder, account: Account): void
  /** Moves the money of one execution. The orders already show it. */
  settle(buy: SettledSide, sell: SettledSide, trade: PublicTrade): SettledTrade
  /** Most lots that an order may trade now; absent where nothing but its own quantity bounds it. */
  limitLots?(order: VenueOrder): number
}

/** Fraction of the traded amount that a party pays; negative is a rebate. */
export function feeRateOf({ account, order, role }: SettledSide): Decimal {
  if (account.house) return Decimal.zero
  return account.fees?.[role] ?? (role === 'maker' ? order.symbol.makerFee : order.symbol.takerFee)
}
