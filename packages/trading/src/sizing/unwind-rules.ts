import type { Decimal } from '@cex-arbitrage/common'
import { buyBackCost, canSellBack, isUnwindLargeEnough, sellBackLots } from './leg-unwind.js'
import type { SizedPair, SizingRequest } from './sizing-request.js'

/**
 * Whether a pair is too large to be unwound by one leg alone: what arrived must find bids where it was bought, and what
 * was sold must find asks where it was sold, at prices worse by the margin and within the funds there.
 *
 * @param saleAtLimit - What the selling leg brings at least, in quote before its fee.
 */
export function unwindExcess(
  request: SizingRequest,
  buyUnits: bigint,
  sellLots: number,
  saleAtLimit: Decimal,
): 'unwind' | undefined {
  const { terms, buyBook, sellBook, funds, limits } = request
  if (!canSellBack(buyBook, sellBackLots(buyBook, terms.arriving(buyUnits)))) return 'unwind'
  const cost = buyBackCost(sellBook, sellLots, limits.unwindMargin)
  return cost?.greaterThan(funds.sellQuote.plus(saleAtLimit.times(terms.sellQuoteFactor))) === false
    ? undefined
    : 'unwind'
}

/** Whether a pair is too small to be unwound by one leg alone, prices being worse by the margin. */
export function unwindShortfall(request: SizingRequest, pair: SizedPair): 'unwind' | undefined {
  const { terms, buyBook, sellBook, limits } = request
  return isUnwindLargeEnough(buyBook, sellBackLots(buyBook, terms.arriving(pair.buyUnits)), limits.unwindMargin) &&
    isUnwindLargeEnough(sellBook, pair.sellLots, limits.unwindMargin)
    ? undefined
    : 'unwind'
}
