import type { Decimal } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../matching/trading-symbol.js'

/** The prices that margin and funding follow, as opposed to what is traded. */
export interface PriceSource {
  indexPrice(symbol: TradingSymbol): Decimal
  markPrice(symbol: TradingSymbol): Decimal
  /** Part of the notional that longs pay at the end of the `n`-th funding interval since 1970; negative when shorts pay. */
  fundingRate(symbol: TradingSymbol, n: number): Decimal
}
