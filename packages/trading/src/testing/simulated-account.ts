import { Decimal, type AssetId, type Balance } from '@cex-arbitrage/common'

interface Holding {
  free: Decimal
  locked: Decimal
}

/** Exact balances of one simulated account. */
export class SimulatedAccount {
  private readonly holdings = new Map<AssetId, Holding>()

  constructor(balances: Readonly<Record<string, string>> = {}) {
    for (const [asset, amount] of Object.entries(balances)) this.holding(asset as AssetId).free = Decimal.parse(amount)
  }

  free(asset: AssetId): Decimal {
    return this.holding(asset).free
  }

  total(asset: AssetId): Decimal {
    const { free, locked } = this.holding(asset)
    return free.plus(locked)
  }

  /** Adds to the free balance; negative takes. */
  credit(asset: AssetId, amount: Decimal): void {
    const holding = this.holding(asset)
    holding.free = holding.free.plus(amount)
  }

  lock(asset: AssetId, amount: Decimal): void {
    const holding = this.holding(asset)
    holding.free = holding.free.minus(amount)
    holding.locked = holding.locked.plus(amount)
  }

  balance(asset: AssetId): Balance {
    return { asset, ...this.holding(asset) }
  }

  balances(): readonly Balance[] {
    return [...this.holdings.keys()].map((asset) => this.balance(asset))
  }

  private holding(asset: AssetId): Holding {
    let holding = this.holdings.get(asset)
    if (holding === undefined) this.holdings.set(asset, (holding = { free: Decimal.zero, locked: Decimal.zero }))
    return holding
  }
}
