import { Decimal } from '@cex-arbitrage/common'
import { evaluatePair } from './evaluate-pair.js'
import { findLargestFitting } from './largest-fitting.js'
import { loosenLimits } from './loosen-limits.js'
import { notionalBreach, statusBreach } from './order-rules.js'
import type { PairTerms } from './pair-terms.js'
import { payingUnits } from './paying-units.js'
import type { SizedPair, SizeExcess, SizingRefusal, SizingRequest } from './sizing-request.js'
import { unwindShortfall } from './unwind-rules.js'

/**
 * The largest pair of quantities of which every unit pays, that both venues take, that the account can fund, and that can
 * be unwound from either side: sold back where it was bought, bought back where it was sold (invariant S8).
 *
 * The buy is rounded up so that what arrives after the fee covers the sale. Of the two neighbouring pairs that do so most
 * closely, the one is taken that leaves less than a step of the finer grid over, and of two such the more profitable, the larger
 * where both cost something, as what closes a position may.
 * All arithmetic is exact.
 */
export function sizeJointTrade(request: SizingRequest): SizedPair | SizingRefusal {
  const { terms, limits } = request
  const { buy, sell } = terms
  if ((statusBreach(buy, 'buy') ?? statusBreach(sell, 'sell')) !== undefined) return 'instrument_status'
  if ((statusBreach(buy, 'sell') ?? statusBreach(sell, 'buy')) !== undefined) return 'unwind'
  const largest = largestPair(request)
  if (typeof largest === 'string') return largest
  const shorter = terms.sellUnitsFrom(largest.buyUnits - terms.buyStepUnits)
  const other = evaluatePair(request, terms.buyUnitsFor(shorter), shorter)
  const best = typeof other !== 'string' && isLargeEnough(request, other) ? closerPair(terms, largest, other) : largest
  if (best.surplus.times(best.surplusPrice).greaterThan(limits.maxSurplusNotional)) return 'rounding'
  return loosenLimits(request, best)
}

function closerPair(terms: PairTerms, one: SizedPair, other: SizedPair): SizedPair {
  const { buyStepUnits, sellStepUnits } = terms
  const finerStep = terms.toBase(buyStepUnits < sellStepUnits ? buyStepUnits : sellStepUnits)
  const oneIsClose = one.surplus.lessThan(finerStep)
  const otherIsClose = other.surplus.lessThan(finerStep)
  if (oneIsClose !== otherIsClose) return oneIsClose ? one : other
  return other.profit.sign > 0 && other.profit.greaterThan(one.profit) ? other : one
}

/** Where the largest size that fits is below a minimum, the answer is why it could not be larger. */
function largestPair(request: SizingRequest): SizedPair | SizingRefusal {
  const step = request.terms.sellStepUnits
  const evaluate = (steps: bigint): SizedPair | SizeExcess =>
    evaluatePair(request, request.terms.buyUnitsFor(steps * step), steps * step)
  const most = payingUnits(request, roughBound(request)) / step
  const { best, steps, excess = 'thin_depth' } = findLargestFitting(most, evaluate)
  if (best !== undefined && isLargeEnough(request, best)) return best
  const larger = evaluate(steps + 1n)
  const cause = typeof larger === 'string' ? larger : excess
  return cause === 'above_maximum' ? 'below_minimum' : cause
}

/** An upper bound of the quantity to sell, in common units: funds and the largest notional at the best ask, largest quantities. */
export function roughBound({ terms, buyBook, funds, limits }: SizingRequest): bigint {
  const { buy, sell } = terms
  const bestAsk = buy.ticksToPrice(buyBook.asks.priceTicksAt(0)).times(terms.buyQuoteFactor)
  const spendable = Decimal.min(funds.buyQuote, limits.maxNotional.times(terms.buyQuoteFactor))
  const affordable = spendable.dividedBy(bestAsk, terms.unitDecimals, 'down').times(terms.keep)
  const bounds = [affordable, funds.sellBase]
  if (buy.maxQuantity !== undefined) bounds.push(buy.maxQuantity.times(buy.contractSize))
  if (sell.maxQuantity !== undefined) bounds.push(sell.maxQuantity.times(sell.contractSize))
  return terms.toUnits(bounds.reduce((a, b) => Decimal.min(a, b)))
}

/**
 * Least notionals of both orders and of the strategy, and whether the orders that would unwind them are large enough, which
 * are never larger than what they unwind.
 */
function isLargeEnough(request: SizingRequest, pair: SizedPair): boolean {
  const { buy, sell } = request.terms
  return (
    notionalBreach(buy, buy.notional(pair.buyLimitTicks, pair.buyLots)) === undefined &&
    notionalBreach(sell, sell.notional(pair.sellLimitTicks, pair.sellLots)) === undefined &&
    !Decimal.min(pair.buyNotional, pair.sellNotional).lessThan(request.limits.minNotional) &&
    unwindShortfall(request, pair) === undefined
  )
}
