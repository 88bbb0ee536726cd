import { Decimal, type AssetId, type Balance, type Fill, type Instrument } from '@cex-arbitrage/common'

interface Holding {
  free: Decimal
  locked: Decimal
}

/** The account of one paper exchange, in exact decimals. */
export class PaperBalances {
  private readonly holdings = new Map<AssetId, Holding>()

  constructor(initial: ReadonlyMap<AssetId, Decimal>) {
    for (const [asset, amount] of initial) this.holdings.set(asset, { free: amount, locked: Decimal.zero })
  }

  all(): readonly Balance[] {
    return [...this.holdings].map(([asset, { free, locked }]) => ({ asset, free, locked }))
  }

  of(asset: AssetId): Balance {
    const { free, locked } = this.holding(asset)
    return { asset, free, locked }
  }

  free(asset: AssetId): Decimal {
    return this.holding(asset).free
  }

  /** Binds an amount to an order. The caller has asked `free` before. */
  lock(asset: AssetId, amount: Decimal): void {
    const holding = this.holding(asset)
    holding.free = holding.free.minus(amount)
    holding.locked = holding.locked.plus(amount)
  }

  unlock(asset: AssetId, amount: Decimal): void {
    this.lock(asset, amount.negated())
  }

  /** Books one execution; what the order had locked for it is to be unlocked before. */
  settle(fill: Fill, instrument: Instrument): void {
    const base = fill.quantity.times(instrument.contractSize)
    const quote = fill.price.times(base)
    const bought = fill.side === 'buy'
    this.add(instrument.base, bought ? base : base.negated())
    this.add(instrument.quote, bought ? quote.negated() : quote)
    this.add(fill.feeAsset, fill.fee.negated())
  }

  private add(asset: AssetId, amount: Decimal): void {
    const holding = this.holding(asset)
    holding.free = holding.free.plus(amount)
  }

  private holding(asset: AssetId): Holding {
    let holding = this.holdings.get(asset)
    if (holding === undefined) this.holdings.set(asset, (holding = { free: Decimal.zero, locked: Decimal.zero }))
    return holding
  }
}
