import { Decimal } from '@cex-arbitrage/common'

import type { VenueOrder } from '../matching/venue-order.js'
import type { Account, AccountBook } from './account-book.js'

/** Where a venue takes its fee: from what the trader receives, or always in the quote asset. */
export type FeeRule = 'received' | 'quote'

/** Locks, releases and settles the money of orders. All amounts are exact. */
export class Funds {
  constructor(
    private readonly accounts: AccountBook,
    private readonly feeAccount: Account,
    private readonly feeRule: FeeRule,
  ) {}

  /** What must be held for the rest of an order, with room for the fee where that is paid on top. */
  required(order: VenueOrder, account: Account, priceTicks = order.priceTicks, lots = order.remainingLots): Decimal {
    if (order.side === 'sell') return order.symbol.quantity(lots)
    const spend = order.budgetLeft ?? order.symbol.notional(priceTicks!, lots)
    return spend.plus(this.headRoom(order, account, spend))
  }

  /** Locks what a new order needs; `false`, and nothing done, when there is not enough. */
  reserve(order: VenueOrder, account: Account): boolean {
    if (account.house) return true
    const needed = this.required(order, account)
    if (account.balance(order.lockedAsset).free.lessThan(needed)) return false
    this.accounts.lock(account, order.lockedAsset, needed, 'order_created')
    order.locked = needed
    return true
  }

  /** Changes the lock of an order to what `priceTicks` and `remainingLots` need; `false` when there is not enough. */
  adjust(order: VenueOrder, account: Account, priceTicks: number, remainingLots: number): boolean {
    if (account.house) return true
    const change = this.required(order, account, priceTicks, remainingLots).minus(order.locked)
    if (account.balance(order.lockedAsset).free.lessThan(change)) return false
    this.accounts.lock(account, order.lockedAsset, change, 'order_updated')
    order.locked = order.locked.plus(change)
    return true
  }

  /** Gives back whatever is still held. */
  release(order: VenueOrder, account: Account): void {
    if (account.house) return
    this.accounts.lock(account, order.lockedAsset, order.locked.negated(), 'order_ended')
    order.locked = Decimal.zero
  }

  /** Moves base, quote and fees of one execution. The orders already show it. Returns the fees of buyer and seller. */
  settle(
    buy: SettledSide,
    sell: SettledSide,
    base: Decimal,
    notional: Decimal,
  ): { readonly buyFee: Decimal; readonly sellFee: Decimal } {
    const { base: baseAsset, quote: quoteAsset } = buy.order.symbol
    const buyFee = (this.feeRule === 'received' ? base : notional).times(this.rate(buy))
    const sellFee = notional.times(this.rate(sell))
    this.accounts.transfer(buy.account, sell.account, quoteAsset, notional, this.spend(buy, notional), 'order_match')
    this.accounts.transfer(sell.account, buy.account, baseAsset, base, this.spend(sell, base), 'order_match')
    const buyFeeInQuote = this.feeRule === 'quote'
    this.charge(buy, buyFeeInQuote ? quoteAsset : baseAsset, buyFee, buyFeeInQuote)
    this.charge(sell, quoteAsset, sellFee, false)
    this.trim(buy)
    this.trim(sell)
    return { buyFee, sellFee }
  }

  private charge(side: SettledSide, asset: string, fee: Decimal, fromLock: boolean): void {
    if (fee.isZero) return
    if (fee.sign > 0) {
      const held = fromLock && !side.account.house ? Decimal.min(fee, side.order.locked) : Decimal.zero
      side.order.locked = side.order.locked.minus(held)
      this.accounts.transfer(side.account, this.feeAccount, asset, fee, held, 'fee')
    } else this.accounts.transfer(this.feeAccount, side.account, asset, fee.negated(), Decimal.zero, 'fee')
  }

  /** Takes `amount` out of an order's lock. */
  private spend(side: SettledSide, amount: Decimal): Decimal {
    if (side.account.house) return Decimal.zero
    side.order.locked = side.order.locked.minus(amount)
    return amount
  }

  /** Gives back what a better price left over in the lock. */
  private trim(side: SettledSide): void {
    if (side.account.house) return
    const excess = side.order.locked.minus(this.required(side.order, side.account))
    this.accounts.lock(side.account, side.order.lockedAsset, excess.negated(), 'order_updated')
    side.order.locked = side.order.locked.minus(excess)
  }

  private headRoom(order: VenueOrder, account: Account, spend: Decimal): Decimal {
    if (this.feeRule !== 'quote') return Decimal.zero
    const maker = account.fees?.maker ?? order.symbol.makerFee
    const taker = account.fees?.taker ?? order.symbol.takerFee
    return spend.times(Decimal.max(Decimal.zero, Decimal.max(maker, taker)))
  }

  private rate(side: SettledSide): Decimal {
    if (side.account.house) return Decimal.zero
    const own = side.account.fees?.[side.role]
    return own ?? (side.role === 'maker' ? side.order.symbol.makerFee : side.order.symbol.takerFee)
  }
}

/** One party of an execution. */
export interface SettledSide {
  readonly order: VenueOrder
  readonly account: Account
  readonly role: 'maker' | 'taker'
}
