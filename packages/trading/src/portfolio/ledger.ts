import { Decimal, InvariantBrokenException, type AssetId } from '@cex-arbitrage/common'

/**
 * Where value can be. `venue:<account>` is what an exchange holds for us, `position:<instrument>` what we hold of a perpetual
 * contract and what it has cost; the others say where it came from or went.
 */
export type LedgerAccount =
  | `venue:${string}`
  | `position:${string}`
  /** The other side of the legs of plans. */
  | 'trading'
  /** The other side of orders that repair a trade: what legging costs. */
  | 'legging'
  /** The other side of fills that are not ours. */
  | 'foreign'
  | 'fees'
  /** The other side of what the funding of a contract pays. */
  | `funding:${string}`
  | 'equity:opening'
  | 'equity:transfer'
  | 'equity:adjustment'

export interface LedgerEntry {
  readonly account: LedgerAccount
  readonly asset: AssetId
  /** Positive arrives, negative leaves. */
  readonly amount: Decimal
}

/** Double entry in exact decimals: every posting sums to zero per asset, so the whole does (invariant S7). */
export class Ledger {
  private readonly accounts = new Map<LedgerAccount, Map<AssetId, Decimal>>()
  private posted = 0

  /** Number of postings so far. */
  get postings(): number {
    return this.posted
  }

  /** @throws {@link InvariantBrokenException} The entries of an asset do not sum to zero; nothing was posted. */
  post(entries: readonly LedgerEntry[]): void {
    const sums = new Map<AssetId, Decimal>()
    for (const { asset, amount } of entries) sums.set(asset, (sums.get(asset) ?? Decimal.zero).plus(amount))
    for (const [asset, sum] of sums)
      if (!sum.isZero)
        throw new InvariantBrokenException({
          message: `A posting leaves ${sum.toString()} ${asset} without a counterpart. Nothing was posted; look for the code that built it.`,
        })
    for (const { account, asset, amount } of entries) {
      let balances = this.accounts.get(account)
      if (balances === undefined) this.accounts.set(account, (balances = new Map()))
      balances.set(asset, (balances.get(asset) ?? Decimal.zero).plus(amount))
    }
    this.posted++
  }

  /**
   * Forgets all and takes these balances.
   *
   * @throws {@link InvariantBrokenException} An asset does not sum to zero; nothing is there then.
   */
  restore(balances: readonly LedgerEntry[]): void {
    this.accounts.clear()
    this.post(balances)
  }

  balance(account: LedgerAccount, asset: AssetId): Decimal {
    return this.accounts.get(account)?.get(asset) ?? Decimal.zero
  }

  /** Everything an account has ever held, zero balances included. */
  balances(account: LedgerAccount): ReadonlyMap<AssetId, Decimal> {
    return this.accounts.get(account) ?? new Map<AssetId, Decimal>()
  }

  /** Sum of an asset over all accounts; zero, always. */
  sum(asset: AssetId): Decimal {
    let sum = Decimal.zero
    for (const balances of this.accounts.values()) sum = sum.plus(balances.get(asset) ?? Decimal.zero)
    return sum
  }

  /** Every account and asset with its balance, in a stable order; for reports and comparisons. */
  entries(): readonly LedgerEntry[] {
    return [...this.accounts]
      .flatMap(([account, balances]) => [...balances].map(([asset, amount]) => ({ account, asset, amount })))
      .sort((a, b) => compareText(a.account, b.account) || compareText(a.asset, b.asset))
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
