import { Decimal, type OrderBook } from '@cex-arbitrage/common'
import { walkDepth } from '../market-data/depth-walk.js'
import { notionalBreach, quantityBreach } from './order-rules.js'
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
  const backLots = sellBackLots(request, buyUnits)
  if (walkDepth(buyBook.bids, backLots).quantityLots < backLots) return 'unwind'
  const asks = walkDepth(sellBook.asks, sellLots)
  if (asks.quantityLots < sellLots) return 'unwind'
  const rate = terms.sell.fees.taker
  const feeFactor = terms.sell.fees.assetRule === 'received' ? Decimal.one : Decimal.one.plus(rate)
  const cost = terms.sell
    .notional(asks.worstPriceTicks, sellLots)
    .times(Decimal.one.plus(limits.unwindMargin))
    .times(feeFactor)
  return cost.greaterThan(funds.sellQuote.plus(saleAtLimit.times(terms.sellQuoteFactor))) ? 'unwind' : undefined
}

/** Whether a pair is too small to be unwound by one leg alone, prices being worse by the margin. */
export function unwindShortfall(request: SizingRequest, pair: SizedPair): 'unwind' | undefined {
  const { buyBook, sellBook } = request
  const backLots = sellBackLots(request, pair.buyUnits)
  return backLots > 0 &&
    isLargeEnough(buyBook, backLots, request.limits.unwindMargin) &&
    isLargeEnough(sellBook, pair.sellLots, request.limits.unwindMargin)
    ? undefined
    : 'unwind'
}

/** What arrives of a bought quantity, cut to the grid on which it would be sold back. */
function sellBackLots(request: SizingRequest, buyUnits: bigint): number {
  const { buy } = request.terms
  const arriving = request.terms.arriving(buyUnits).dividedBy(buy.contractSize, buy.quantityDecimals, 'down')
  return buy.quantityToLots(arriving, 'down')
}

function isLargeEnough(book: OrderBook, lots: number, margin: Decimal): boolean {
  const { instrument } = book
  const notional = instrument.notional(book.bids.priceTicksAt(0), lots).times(Decimal.one.minus(margin))
  return quantityBreach(instrument, lots) === undefined && notionalBreach(instrument, notional) !== 'below_minimum'
}
