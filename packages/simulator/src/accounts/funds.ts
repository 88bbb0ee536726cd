import { Decimal } from '@cex-arbitrage/common'

import type { PublicTrade } from '../matching/exchange-listener.js'
import type { VenueOrder } from '../matching/venue-order.js'
import type { Account, AccountBook } from './account-book.js'
import { type FeeAmount, feeRateOf, type OrderFunds, type SettledTrade, type SettledSide } from './order-funds.js'

/** Where a venue takes its fee: from what the trader receives, or always in the quote asset. */
export type FeeRule = 'received' | 'quote'

/**
 * Exchanges a fee that is due for another asset, as venues do that take it in their own token at a discount;
 * `undefined` leaves it as it is. What it names must be free on the account.
 */
export type FeeSubstitute = (account: Account, due: FeeAmount) => FeeAmount | undefined

/** Locks, releases and settles the money of spot orders. All amounts are exact. */
export class Funds implements OrderFunds {
  constructor(
    private readonly accounts: AccountBook,
    private readonly feeAccount: Account,
    private readonly feeRule: FeeRule,
    private readonly feeSubstitute?: FeeSubstitute,
  ) {}

  /** What must be held for the rest of an order, with room for the fee where that is paid on top. */
  required(order: VenueOrder, account: Account, priceTicks = order.priceTicks, lots = order.remainingLots): Decimal {
    if (order.side === 'sell') return order.symbol.quantity(lots)
    const spend = order.budgetLeft ?? order.symbol.notional(priceTicks!, lots)
    return spend.plus(this.headRoom(order, account, spend))
  }

  /** Whether a new order's lock is free on its account. */
  canReserve(order: VenueOrder, account: Account): boolean {
    return account.house || !account.balance(order.lockedAsset).free.lessThan(this.required(order, account))
  }

  /** Locks what a new order needs; `false`, and nothing done, when there is not enough. */
  reserve(order: VenueOrder, account: Account): boolean {
    if (account.house) return true
    if (!this.canReserve(order, account)) return false
    const needed = this.required(order, account)
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

  /** Moves base, quote and fees of one execution. */
  settle(buy: SettledSide, sell: SettledSide, trade: PublicTrade): SettledTrade {
    const { symbol } = buy.order
    const { base: baseAsset, quote: quoteAsset } = symbol
    const base = symbol.quantity(trade.lots)
    const notional = symbol.notional(trade.priceTicks, trade.lots)
    const buyFeeInQuote = this.feeRule === 'quote'
    const buyFeeDue = buyFeeInQuote ? { asset: quoteAsset, amount: notional } : { asset: baseAsset, amount: base }
    this.accounts.transfer(buy.account, sell.account, quoteAsset, notional, this.spend(buy, notional), 'order_match')
    this.accounts.transfer(sell.account, buy.account, baseAsset, base, this.spend(sell, base), 'order_match')
    const buyFee = this.charge(buy, buyFeeDue, buyFeeInQuote)
    const sellFee = this.charge(sell, { asset: quoteAsset, amount: notional }, false)
    this.trim(buy)
    this.trim(sell)
    return { buy: { fee: buyFee }, sell: { fee: sellFee } }
  }

  /** Takes the fee on `taxed`, out of the order's lock where told, and says what was paid. */
  private charge(side: SettledSide, taxed: FeeAmount, fromLock: boolean): FeeAmount {
    const due = { asset: taxed.asset, amount: taxed.amount.times(feeRateOf(side)) }
    if (due.amount.isZero) return due
    if (due.amount.sign < 0) {
      this.accounts.transfer(this.feeAccount, side.account, due.asset, due.amount.negated(), Decimal.zero, 'fee')
      return due
    }
    const substitute = side.account.house ? undefined : this.feeSubstitute?.(side.account, due)
    const paid = substitute ?? due
    const held = fromLock && substitute === undefined ? Decimal.min(paid.amount, side.order.locked) : Decimal.zero
    side.order.locked = side.order.locked.minus(held)
    this.accounts.transfer(side.account, this.feeAccount, paid.asset, paid.amount, held, 'fee')
    return paid
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
}
