import { Decimal } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../matching/exchange-core.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import type { PriceSource } from './price-source.js'

const two = Decimal.of(2)

/** Prices out of the perpetual's own book, for markets without a model: the middle, else the reference price. */
export class BookPrices implements PriceSource {
  constructor(private readonly core: () => ExchangeCore) {}

  indexPrice(symbol: TradingSymbol): Decimal {
    return this.markPrice(symbol)
  }

  markPrice(symbol: TradingSymbol): Decimal {
    const { asks, bids } = this.core().engine(symbol.name)
    if (asks.best === undefined || bids.best === undefined) return Decimal.fromNumber(symbol.referencePrice)
    const sum = symbol.price(asks.best.priceTicks).plus(symbol.price(bids.best.priceTicks))
    return sum.dividedBy(two, symbol.priceDecimals + 1, 'down')
  }

  fundingRate(): Decimal {
    return Decimal.zero
  }
}
