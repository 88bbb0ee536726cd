import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'

/** Notional of trades under way, in the reporting asset: what could be stranded if every one of them lost a leg. */
export class Exposures {
  private readonly perExchange = new Map<ExchangeId, Decimal>()
  private readonly perAsset = new Map<AssetId, Decimal>()
  private readonly brought = new Map<AssetId, Decimal>()
  private sum = Decimal.zero

  get total(): Decimal {
    return this.sum
  }

  onExchange(exchange: ExchangeId): Decimal {
    return this.perExchange.get(exchange) ?? Decimal.zero
  }

  ofAsset(asset: AssetId): Decimal {
    return this.perAsset.get(asset) ?? Decimal.zero
  }

  /** Quantity of an asset that legs of open trades bring. */
  broughtOf(asset: AssetId): Decimal {
    return this.brought.get(asset) ?? Decimal.zero
  }

  /** Adds a trade: each leg's notional on its exchange, each asset's on the asset and in the total. */
  add(trade: TradeExposure): void {
    this.change(trade, 1)
  }

  remove(trade: TradeExposure): void {
    this.change(trade, -1)
  }

  private change(trade: TradeExposure, sign: 1 | -1): void {
    const signed = (amount: Decimal): Decimal => (sign === 1 ? amount : amount.negated())
    for (const { exchange, notional } of trade.legs)
      this.perExchange.set(exchange, this.onExchange(exchange).plus(signed(notional)))
    for (const [asset, { notional, brought }] of trade.assets) {
      this.brought.set(asset, this.broughtOf(asset).plus(signed(brought)))
      this.perAsset.set(asset, this.ofAsset(asset).plus(signed(notional)))
      this.sum = this.sum.plus(signed(notional))
    }
  }
}

/** What could be stranded of one asset. */
export interface AssetAtRisk {
  /** Of the largest leg that moves the asset, in the reporting asset. */
  readonly notional: Decimal
  /** Quantity that the legs bring when those that take it away fail, in the asset. */
  readonly brought: Decimal
}

/** What one trade adds, in the reporting asset. */
export interface TradeExposure {
  /** Every asset that the trade should leave as it was: the base of a pair, both assets within a cycle. */
  readonly assets: ReadonlyMap<AssetId, AssetAtRisk>
  readonly legs: readonly { readonly exchange: ExchangeId; readonly notional: Decimal }[]
}
