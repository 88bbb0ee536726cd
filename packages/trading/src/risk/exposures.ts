import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'

/** Notional of trades under way, in the reporting asset: what could be stranded if every one of them lost a leg. */
export class Exposures {
  private readonly perExchange = new Map<ExchangeId, Decimal>()
  private readonly perAsset = new Map<AssetId, Decimal>()
  private readonly bought = new Map<AssetId, Decimal>()
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

  /** Quantity of an asset that open trades are buying. */
  boughtOf(asset: AssetId): Decimal {
    return this.bought.get(asset) ?? Decimal.zero
  }

  /** Adds a trade: each leg's notional on its exchange, the largest leg on the asset and in the total. */
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
    this.bought.set(trade.asset, this.boughtOf(trade.asset).plus(signed(trade.bought)))
    this.perAsset.set(trade.asset, this.ofAsset(trade.asset).plus(signed(trade.notional)))
    this.sum = this.sum.plus(signed(trade.notional))
  }
}

/** What one trade adds, in the reporting asset. */
export interface TradeExposure {
  readonly asset: AssetId
  /** Of the largest leg. */
  readonly notional: Decimal
  /** Quantity of the asset that the buying legs bring, in the asset. */
  readonly bought: Decimal
  readonly legs: readonly { readonly exchange: ExchangeId; readonly notional: Decimal }[]
}
