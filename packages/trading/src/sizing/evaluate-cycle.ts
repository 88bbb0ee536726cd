import { Decimal, type Instrument, type OrderBook } from '@cex-arbitrage/common'
import { exactEdgeRatio } from '../strategies/edge-margin.js'
import { midPrice } from '../market-data/mid-price.js'
import { chainOrders, type ChainedOrders } from './chain-orders.js'
import { cycleUnwindExcess } from './cycle-unwind.js'
import type { CycleRequest, SizedCycle, SizedLeg } from './cycle-request.js'
import type { LegTerms } from './leg-terms.js'
import { notionalBreach, priceBand, quantityBreach } from './order-rules.js'
import type { SizeExcess } from './sizing-request.js'

/**
 * What selling `closingLots` at the end of a cycle comes to, or the first bound from above that it breaks: whatever is too
 * large here stays too large when it grows.
 */
export function evaluateCycle(
  request: CycleRequest,
  closingLots: number,
  crossSlackTicks = 0,
): SizedCycle | SizeExcess {
  const { terms } = request
  const orders = chainOrders(request, closingLots, crossSlackTicks)
  if (orders === undefined) return 'thin_depth'
  const { opening, cross, closing } = orders
  const edge = exactEdgeRatio(request.requiredEdgeBps)
  if (!terms.pays(opening.worstTicks, cross.worstTicks, closing.worstTicks, edge)) return 'thin_depth'
  return (
    ruleExcess(request, orders) ??
    fundsExcess(request, orders) ??
    cycleUnwindExcess(request, orders) ??
    total(request, orders)
  )
}

/** Largest quantities and notionals of the venue and of the strategy, and price bands. */
function ruleExcess(request: CycleRequest, orders: ChainedOrders): SizeExcess | undefined {
  const { terms, openingBook, crossBook, closingBook, limits } = request
  const quotePairBook = terms.crossSide === 'buy' ? openingBook : closingBook
  return (
    legExcess(request, terms.opening, orders.opening, openingBook) ??
    legExcess(request, terms.cross, orders.cross, crossBook) ??
    legExcess(request, terms.closing, orders.closing, closingBook) ??
    isAboveLargest(largestNotional(terms.opening, orders.opening), limits.maxNotional) ??
    isAboveLargest(largestNotional(terms.closing, orders.closing), limits.maxNotional) ??
    isAboveLargest(largestNotional(terms.cross, orders.cross).times(midPrice(quotePairBook)), limits.maxNotional)
  )
}

const isAboveLargest = (notional: Decimal, largest: Decimal): 'above_maximum' | undefined =>
  notional.greaterThan(largest) ? 'above_maximum' : undefined

/** A buy costs at most its limit; a sale is counted at what it should bring, which is more than its limit. */
function largestNotional({ instrument }: LegTerms, { limitTicks, lots, notional }: SizedLeg): Decimal {
  return Decimal.max(instrument.notional(limitTicks, lots), notional)
}

function legExcess(request: CycleRequest, leg: LegTerms, order: SizedLeg, book: OrderBook): SizeExcess | undefined {
  const { instrument, side } = leg
  if (quantityBreach(instrument, order.lots) === 'above_maximum') return 'above_maximum'
  if (notionalBreach(instrument, largestNotional(leg, order)) === 'above_maximum') return 'above_maximum'
  const { maxBuy, minSell } = priceBand(instrument, midPrice(book), request.limits.maxPriceDeviation)
  const price = instrument.ticksToPrice(order.limitTicks)
  const isInBand = side === 'buy' ? !price.greaterThan(maxBuy) : !price.lessThan(minSell)
  return isInBand ? undefined : 'price_band'
}

function fundsExcess(request: CycleRequest, { opening, cross, closing }: ChainedOrders): SizeExcess | undefined {
  const { terms, funds, sending } = request
  if (terms.opening.takesAtLimit(opening).greaterThan(funds.profitAsset)) return 'balance'
  if (sending === 'sequential') return undefined
  const [openingAsset, closingAsset] =
    terms.crossSide === 'buy' ? [funds.crossQuote, funds.crossBase] : [funds.crossBase, funds.crossQuote]
  return terms.cross.takesAtLimit(cross).greaterThan(openingAsset) ||
    terms.closing.takesAtLimit(closing).greaterThan(closingAsset)
    ? 'balance'
    : undefined
}

function total(request: CycleRequest, { opening, cross, closing }: ChainedOrders): SizedCycle {
  const { terms, openingBook, closingBook } = request
  const bought = terms.opening.instrument.lotsToQuantity(opening.lots).times(terms.opening.keep)
  const crossed = terms.cross.instrument.lotsToQuantity(cross.lots)
  const crossQuote = cross.notional.times(terms.cross.quoteFactor)
  const sold = terms.closing.instrument.lotsToQuantity(closing.lots)
  const [taken, brought] =
    terms.crossSide === 'buy' ? [crossQuote, crossed.times(terms.cross.keep)] : [crossed, crossQuote]
  const openingSurplus = bought.minus(taken)
  const closingSurplus = brought.minus(sold)
  const openingSurplusPrice = surplusPriceOf(openingBook)
  const closingSurplusPrice = surplusPriceOf(closingBook)
  const cost = opening.notional.times(terms.opening.quoteFactor)
  const profit = closing.notional
    .times(terms.closing.quoteFactor)
    .minus(cost)
    .plus(openingSurplus.times(openingSurplusPrice))
    .plus(closingSurplus.times(closingSurplusPrice))
  return {
    opening: asOrder(opening),
    cross: asOrder(cross),
    closing: asOrder(closing),
    openingSurplus,
    closingSurplus,
    openingSurplusPrice,
    closingSurplusPrice,
    cost,
    profit,
  }
}

const asOrder = ({ lots, limitTicks, notional }: SizedLeg): SizedLeg => ({ lots, limitTicks, notional })

/** What one unit of base brings at the best bid, less the taker fee. */
function surplusPriceOf(book: OrderBook): Decimal {
  const instrument: Instrument = book.instrument
  return instrument.ticksToPrice(book.bids.priceTicksAt(0)).times(Decimal.one.minus(instrument.fees.taker))
}
