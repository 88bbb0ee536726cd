import { createSymbol, Decimal, type AssetId, type ExchangeId, type OrderBook } from '@cex-arbitrage/common'
import type { MarketBoard } from './market-board.js'
import { midPrice } from './mid-price.js'

/** What assets are worth in the reporting asset, for limits and display; never for the price of an order. */
export interface AssetValues {
  readonly reportingAsset: AssetId
  /**
   * `undefined` where no price is known.
   *
   * @param exchange - Where it is held; the price of that exchange goes before those of others.
   */
  valueOf(asset: AssetId, exchange?: ExchangeId): Decimal | undefined
}

/** Middle prices of the board: of any exchange that has quoted `ASSET/REPORTING`, the last known one while its book is not trusted. */
export class BoardAssetValues implements AssetValues {
  constructor(
    private readonly board: MarketBoard,
    readonly reportingAsset: AssetId,
  ) {}

  valueOf(asset: AssetId, exchange?: ExchangeId): Decimal | undefined {
    if (asset === this.reportingAsset) return Decimal.one
    let first: OrderBook | undefined
    for (const slot of this.board.slotsOf(createSymbol(asset, this.reportingAsset))) {
      const book = this.board.bookAt(slot)
      if (book === undefined || book.bids.depth === 0 || book.asks.depth === 0) continue
      if (exchange === undefined || book.instrument.exchange === exchange) return midPrice(book)
      first ??= book
    }
    return first === undefined ? undefined : midPrice(first)
  }
}
