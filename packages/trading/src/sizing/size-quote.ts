import { Decimal, type Instrument } from '@cex-arbitrage/common'
import { walkDepth } from '../market-data/depth-walk.js'
import { evaluateQuote } from './evaluate-quote.js'
import { findLargestFitting } from './largest-fitting.js'
import { notionalBreach, statusBreach } from './order-rules.js'
import { roughBound } from './size-joint-trade.js'
import type { QuoteSizingRequest, SizedPair, SizeExcess, SizingRefusal } from './sizing-request.js'
import { unwindShortfall } from './unwind-rules.js'

/**
 * The largest quote that both venues take, that the account can fund on both, whose hedge the book has depth for, and that
 * can be unwound where it rests; with the price at which hedging all of it by depth still leaves the required edge
 * (invariant S8). Any part of it that is worth more than the bound has a legal hedge as well.
 */
export function sizeQuote(request: QuoteSizingRequest): SizedPair | SizingRefusal {
  const { terms, side, limits } = request
  const { buy, sell } = terms
  const hedge = side === 'buy' ? sell : buy
  if ((statusBreach(buy, 'buy') ?? statusBreach(sell, 'sell')) !== undefined) return 'instrument_status'
  if (statusBreach(side === 'buy' ? buy : sell, side === 'buy' ? 'sell' : 'buy') !== undefined) return 'unwind'
  if (!hasLegalPartialHedges(request, hedge)) return 'below_minimum'
  const step = terms.sellStepUnits
  const evaluate = (steps: bigint): SizedPair | SizeExcess =>
    evaluateQuote(request, terms.buyUnitsFor(steps * step), steps * step)
  const { best, steps, excess = 'thin_depth' } = findLargestFitting(mostUnits(request) / step, evaluate)
  if (best !== undefined && isLargeEnough(request, best)) {
    const mostLeft = Decimal.min(limits.maxSurplusNotional, request.maxResidualNotional)
    return best.surplus.times(best.surplusPrice).greaterThan(mostLeft) ? 'rounding' : best
  }
  const larger = evaluate(steps + 1n)
  const cause = typeof larger === 'string' ? larger : excess
  return cause === 'above_maximum' ? 'below_minimum' : cause
}

/** Common units that funds, limits and the depth for the hedge allow at most. */
function mostUnits(request: QuoteSizingRequest): bigint {
  const { terms, side, buyBook, sellBook } = request
  const bound = roughBound(request)
  const hedgeSide = side === 'buy' ? sellBook.bids : buyBook.asks
  const lots = BigInt(walkDepth(hedgeSide, Number.MAX_SAFE_INTEGER).quantityLots)
  const deep = side === 'buy' ? lots * terms.sellLotUnits : terms.sellUnitsFrom(lots * terms.buyLotUnits)
  return deep < bound ? deep : bound
}

/**
 * Whether whatever is worth more than the bound can be hedged although it comes on no grid and prices are worse by the
 * margin: the least order of the hedge's venue and one lot that is cut off lie within the bound.
 */
function hasLegalPartialHedges(
  { side, buyBook, sellBook, limits, maxResidualNotional }: QuoteSizingRequest,
  hedge: Instrument,
): boolean {
  const book = side === 'buy' ? sellBook.bids : buyBook.asks
  const price = hedge.ticksToPrice(book.priceTicksAt(0)).times(hedge.contractSize)
  const lot = hedge.lotsToQuantity(hedge.lotStep)
  const least = Decimal.max(
    hedge.minQuantity.times(price),
    hedge.minNotional.times(Decimal.one.plus(limits.unwindMargin)),
  )
  return !least.plus(lot.times(price)).greaterThan(maxResidualNotional)
}

function isLargeEnough(request: QuoteSizingRequest, quote: SizedPair): boolean {
  const { buy, sell } = request.terms
  return (
    notionalBreach(buy, buy.notional(quote.buyLimitTicks, quote.buyLots)) === undefined &&
    notionalBreach(sell, sell.notional(quote.sellLimitTicks, quote.sellLots)) === undefined &&
    !Decimal.min(quote.buyNotional, quote.sellNotional).lessThan(request.limits.minNotional) &&
    unwindShortfall(request, quote) === undefined
  )
}
