import { Decimal } from '@cex-arbitrage/common'

/** What an account holds of one asset. Total = free + locked. */
export interface AssetBalance {
  readonly free: Decimal
  readonly locked: Decimal
}

export type BalanceReason = 'deposit' | 'order_created' | 'order_match' | 'order_updated' | 'order_ended' | 'fee'

/** One change of one balance; `free` and `locked` are the values after it. */
export interface BalanceChange {
  readonly accountId: string
  readonly asset: string
  readonly free: Decimal
  readonly locked: Decimal
  readonly freeChange: Decimal
  readonly lockedChange: Decimal
  readonly reason: BalanceReason
  /** Counts the changes of this balance from 1. */
  readonly version: number
}

export interface FeeRates {
  readonly maker: Decimal
  readonly taker: Decimal
}

export interface ApiKey {
  readonly key: string
  readonly secret: string
  /** `trade` includes reading. */
  readonly permission: 'read' | 'trade'
  /** Addresses that may use the key; all when absent. */
  readonly ipWhitelist?: readonly string[]
}

export interface AccountOptions {
  readonly id: string
  /** Number that the venue shows as user id. */
  readonly uid: number
  readonly keys: readonly ApiKey[]
  /** Opening balances by asset, decimal text. */
  readonly balances: Readonly<Record<string, string>>
  /** Rates of this account; those of the symbol when absent. */
  readonly fees?: { readonly maker: string; readonly taker: string }
  /** Opening balances of the wallet behind perpetuals, by asset, decimal text; none when absent. */
  readonly wallet?: Readonly<Record<string, string>>
  /** Rates of this account for perpetuals; those of the contract when absent. */
  readonly walletFees?: { readonly maker: string; readonly taker: string }
}

interface MutableBalance {
  free: Decimal
  locked: Decimal
  version: number
}

/** One owner: keys, balances, rates. A house account may go below zero. */
export class Account {
  readonly fees: FeeRates | undefined
  readonly balances = new Map<string, MutableBalance>()

  constructor(
    readonly id: string,
    readonly uid: number,
    readonly keys: readonly ApiKey[],
    readonly house: boolean,
    fees?: { readonly maker: string; readonly taker: string },
  ) {
    this.fees = fees && { maker: Decimal.parse(fees.maker), taker: Decimal.parse(fees.taker) }
  }

  balance(asset: string): AssetBalance {
    return this.balances.get(asset) ?? { free: Decimal.zero, locked: Decimal.zero }
  }

  version(asset: string): number {
    return this.balances.get(asset)?.version ?? 0
  }
}

/** Accounts that the venue keeps for itself. */
export const houseAccountId = 'house'
export const feeAccountId = 'fees'
export const outsideAccountId = 'outside'
/** Stands between the two sides of perpetuals, whose profits are realised at different times. */
export const clearingAccountId = 'clearing'

/** Whether an account is the venue's own. */
export const isVenueAccount = (id: string): boolean =>
  [houseAccountId, feeAccountId, outsideAccountId, clearingAccountId].includes(id)

/** All accounts of a venue. Every posting has its counterpart, so per asset everything sums to zero. */
export class AccountBook {
  private readonly accounts = new Map<string, Account>()
  private readonly byKey = new Map<string, { account: Account; apiKey: ApiKey }>()
  private readonly listeners: ((change: BalanceChange) => void)[] = []

  constructor() {
    for (const id of [houseAccountId, feeAccountId, outsideAccountId, clearingAccountId])
      this.accounts.set(id, new Account(id, 0, [], true))
  }

  /** @throws TypeError when the id or a key is taken, or a balance is no decimal. */
  open(options: AccountOptions): Account {
    if (this.accounts.has(options.id)) throw new TypeError(`There is an account '${options.id}' already.`)
    const account = new Account(options.id, options.uid, options.keys, false, options.fees)
    for (const apiKey of options.keys) {
      if (this.byKey.has(apiKey.key)) throw new TypeError(`The key of account '${options.id}' is taken.`)
      this.byKey.set(apiKey.key, { account, apiKey })
    }
    this.accounts.set(options.id, account)
    for (const [asset, amount] of Object.entries(options.balances)) this.deposit(account, asset, Decimal.parse(amount))
    return account
  }

  onChange(listener: (change: BalanceChange) => void): void {
    this.listeners.push(listener)
  }

  get all(): readonly Account[] {
    return [...this.accounts.values()]
  }

  find(id: string): Account | undefined {
    return this.accounts.get(id)
  }

  /** @throws RangeError when there is no such account. */
  get(id: string): Account {
    const account = this.accounts.get(id)
    if (account === undefined) throw new RangeError(`There is no account '${id}'.`)
    return account
  }

  findByKey(key: string): { readonly account: Account; readonly apiKey: ApiKey } | undefined {
    return this.byKey.get(key)
  }

  deposit(account: Account, asset: string, amount: Decimal): void {
    this.post(this.get(outsideAccountId), asset, amount.negated(), Decimal.zero, 'deposit')
    this.post(account, asset, amount, Decimal.zero, 'deposit')
  }

  /** Moves from free to locked (or back, when negative). */
  lock(account: Account, asset: string, amount: Decimal, reason: BalanceReason): void {
    if (!amount.isZero) this.post(account, asset, amount.negated(), amount, reason)
  }

  /** Moves `amount` of `asset` between two accounts; the payer gives `fromLocked` out of what is locked. */
  transfer(
    from: Account,
    to: Account,
    asset: string,
    amount: Decimal,
    fromLocked: Decimal,
    reason: BalanceReason,
  ): void {
    this.post(from, asset, fromLocked.minus(amount), fromLocked.negated(), reason)
    this.post(to, asset, amount, Decimal.zero, reason)
  }

  /** Sum over all accounts; zero unless a posting was one-sided. */
  sum(asset: string): Decimal {
    let sum = Decimal.zero
    for (const account of this.accounts.values()) {
      const { free, locked } = account.balance(asset)
      sum = sum.plus(free).plus(locked)
    }
    return sum
  }

  private post(
    account: Account,
    asset: string,
    freeChange: Decimal,
    lockedChange: Decimal,
    reason: BalanceReason,
  ): void {
    let balance = account.balances.get(asset)
    if (balance === undefined) {
      balance = { free: Decimal.zero, locked: Decimal.zero, version: 0 }
      account.balances.set(asset, balance)
    }
    balance.free = balance.free.plus(freeChange)
    balance.locked = balance.locked.plus(lockedChange)
    balance.version++
    if (account.house) return
    const { free, locked, version } = balance
    const change = { accountId: account.id, asset, free, locked, freeChange, lockedChange, reason, version }
    for (const listener of this.listeners) listener(change)
  }
}
