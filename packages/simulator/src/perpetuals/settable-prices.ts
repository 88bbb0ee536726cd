import type { Decimal } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../matching/trading-symbol.js'
import type { PriceSource } from './price-source.js'

/** A price source of which single values can be held by whoever runs the venue. */
export class SettablePrices implements PriceSource {
  private readonly marks = new Map<string, Decimal>()
  private readonly rates = new Map<string, Decimal>()

  constructor(private readonly model: PriceSource) {}

  /** Holds the mark price of a perpetual, or lets the model have it back. */
  holdMark(symbol: string, price: Decimal | undefined): void {
    if (price === undefined) this.marks.delete(symbol)
    else this.marks.set(symbol, price)
  }

  /** Holds the rate of every interval to come, or lets the model have it back. */
  holdFundingRate(symbol: string, rate: Decimal | undefined): void {
    if (rate === undefined) this.rates.delete(symbol)
    else this.rates.set(symbol, rate)
  }

  indexPrice(symbol: TradingSymbol): Decimal {
    return this.model.indexPrice(symbol)
  }

  markPrice(symbol: TradingSymbol): Decimal {
    return this.marks.get(symbol.name) ?? this.model.markPrice(symbol)
  }

  fundingRate(symbol: TradingSymbol, n: number): Decimal {
    return this.rates.get(symbol.name) ?? this.model.fundingRate(symbol, n)
  }
}
