import { type Clock, Decimal } from '@cex-arbitrage/common'

import {
  type Account,
  type AccountBook,
  clearingAccountId,
  feeAccountId,
  outsideAccountId,
} from '../accounts/account-book.js'
import type { MarginListener, WalletEntry, WalletEntryType } from './wallet-entry.js'

/** What an entry refers to. */
export type WalletReference = Pick<WalletEntry, 'symbol' | 'tradeId' | 'orderId'>

/** The other side of each kind of entry. */
const counterparts: Readonly<Record<WalletEntryType, string>> = {
  transfer: outsideAccountId,
  pnl: clearingAccountId,
  fee: feeAccountId,
  funding: clearingAccountId,
  insurance: feeAccountId,
}

/** Entries of one account that are remembered. */
const entriesKept = 20_000

/** Moves money into and out of wallets, always against one of the venue's own accounts, and writes it down. */
export class Wallets {
  private readonly entries = new Map<string, WalletEntry[]>()
  private readonly totals = new Map<string, Decimal>()
  private readonly listeners: MarginListener[] = []
  private count = 0

  constructor(
    private readonly accounts: AccountBook,
    private readonly clock: Clock,
  ) {}

  listen(listener: MarginListener): void {
    this.listeners.push(listener)
  }

  balance(account: Account, asset: string): Decimal {
    return account.balance(asset).free
  }

  /** Adds `change`, which may be negative, to a wallet. */
  post(account: Account, asset: string, type: WalletEntryType, change: Decimal, reference: WalletReference = {}): void {
    if (change.isZero) return
    const other = this.accounts.get(counterparts[type])
    const reason = type === 'fee' ? 'fee' : type === 'transfer' ? 'deposit' : 'order_match'
    this.accounts.transfer(other, account, asset, change, Decimal.zero, reason)
    if (account.house) return
    const balance = this.balance(account, asset)
    const id = ++this.count
    const entry = { id, accountId: account.id, asset, type, change, balance, ...reference, atMs: this.clock.nowMs() }
    const key = totalKey(account.id, type)
    this.totals.set(key, (this.totals.get(key) ?? Decimal.zero).plus(change))
    const list = this.entries.get(account.id) ?? []
    list.push(entry)
    if (list.length > entriesKept * 1.25) list.splice(0, list.length - entriesKept)
    this.entries.set(account.id, list)
    for (const listener of this.listeners) listener.onWallet?.(entry)
  }

  /** What all entries of one type have come to. */
  total(accountId: string, type: WalletEntryType): Decimal {
    return this.totals.get(totalKey(accountId, type)) ?? Decimal.zero
  }

  /** Oldest first. */
  entriesOf(accountId: string): readonly WalletEntry[] {
    return this.entries.get(accountId) ?? []
  }
}

const totalKey = (accountId: string, type: WalletEntryType): string => `${type} ${accountId}`
