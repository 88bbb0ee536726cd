import type { OrderBook } from '@cex-arbitrage/common'
import type { CycleOrders, CycleRequest, SizedLeg } from './cycle-request.js'
import type { LegTerms } from './leg-terms.js'
import { buyBackCost, canSellBack, isUnwindLargeEnough, sellBackLots } from './leg-unwind.js'

/**
 * Whether a cycle is too large for any of its legs to be unwound alone: what was bought must find bids, what was sold must
 * find asks, at prices worse by the margin and within the funds. Legs that wait for each other never leave an asset short, so
 * they never buy back.
 */
export function cycleUnwindExcess(request: CycleRequest, orders: CycleOrders): 'unwind' | undefined {
  const { terms, openingBook, crossBook, closingBook, funds, limits, sending } = request
  const { opening, cross, closing } = orders
  const { unwindMargin } = limits
  if (!canSellBack(openingBook, unwindLots(terms.opening, openingBook, opening))) return 'unwind'
  if (terms.crossSide === 'buy' && !canSellBack(crossBook, unwindLots(terms.cross, crossBook, cross))) return 'unwind'
  const closingCost = buyBackCost(closingBook, closing.lots, unwindMargin)
  const crossCost = terms.crossSide === 'buy' ? undefined : buyBackCost(crossBook, cross.lots, unwindMargin)
  if (closingCost === undefined || (terms.crossSide === 'sell' && crossCost === undefined)) return 'unwind'
  if (sending === 'sequential') return undefined
  const leftToBuy = funds.profitAsset.minus(terms.opening.takesAtLimit(opening))
  if (closingCost.greaterThan(leftToBuy.plus(terms.closing.bringsAtLimit(closing)))) return 'unwind'
  if (crossCost === undefined) return undefined
  const leftToCross = funds.crossQuote.minus(terms.closing.takesAtLimit(closing))
  return crossCost.greaterThan(leftToCross.plus(terms.cross.bringsAtLimit(cross))) ? 'unwind' : undefined
}

/** Whether a cycle is too small for any of its legs to be unwound alone. */
export function cycleUnwindShortfall(request: CycleRequest, sized: CycleOrders): 'unwind' | undefined {
  const { terms, openingBook, crossBook, closingBook, limits } = request
  const isEnough = (leg: LegTerms, book: OrderBook, order: SizedLeg): boolean =>
    isUnwindLargeEnough(book, unwindLots(leg, book, order), limits.unwindMargin)
  return isEnough(terms.opening, openingBook, sized.opening) &&
    isEnough(terms.cross, crossBook, sized.cross) &&
    isEnough(terms.closing, closingBook, sized.closing)
    ? undefined
    : 'unwind'
}

/** Lots of the order that takes a filled leg back. */
function unwindLots(leg: LegTerms, book: OrderBook, { lots }: SizedLeg): number {
  return leg.side === 'sell' ? lots : sellBackLots(book, leg.instrument.lotsToQuantity(lots).times(leg.keep))
}
