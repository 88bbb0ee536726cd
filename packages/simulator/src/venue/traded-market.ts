import type { Clock } from '@cex-arbitrage/common'

import type { Candles } from '../market/candles.js'
import type { ExchangeCore } from '../matching/exchange-core.js'

/** What views of a market need: the host's spot side, or its perpetuals. */
export interface TradedMarket {
  readonly core: ExchangeCore
  readonly clock: Clock
  /** @throws RangeError when the symbol is not listed. */
  candles(symbol: string): Candles
}
