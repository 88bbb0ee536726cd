import type { OrderBook } from '@cex-arbitrage/common'
import type { SizedPair } from '../sizing/sizing-request.js'

/**
 * Whether both legs go out at once, and if not, which waits for the fill of the other. `riskier-first` begins with the one
 * whose book has less depth to spare.
 */
export type LegOrder = 'concurrent' | 'riskier-first' | 'buy-first' | 'sell-first'

/** The leg that a plan names first. */
export function firstSide(
  legOrder: LegOrder,
  buyBook: OrderBook,
  sellBook: OrderBook,
  { buyLots, sellLots }: SizedPair,
): 'buy' | 'sell' {
  switch (legOrder) {
    case 'concurrent':
    case 'buy-first':
      return 'buy'
    case 'sell-first':
      return 'sell'
    case 'riskier-first':
      return sellBook.bids.quantityLotsAt(0) / sellLots < buyBook.asks.quantityLotsAt(0) / buyLots ? 'sell' : 'buy'
  }
}
