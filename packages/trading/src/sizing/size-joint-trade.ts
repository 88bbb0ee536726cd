import { Decimal } from '@cex-arbitrage/common'
import { evaluatePair } from './evaluate-pair.js'
import { loosenLimits } from './loosen-limits.js'
import { notionalBreach, quantityBreach, statusBreach } from './order-rules.js'
import { payingUnits } from './paying-units.js'
import type { SizedPair, SizeExcess, SizingRefusal, SizingRequest } from './sizing-request.js'
import { unwindShortfall } from './unwind-rules.js'

/** A size within this part of the largest one is good enough; below a thousand steps it is the largest. */
const precision = 1000n

/**
 * The largest pair of quantities of which every unit pays, that both venues take, that the account can fund, and that can
 * be unwound from either side: sold back where it was bought, bought back where it was sold (invariant S8).
 *
 * The buy is rounded up so that what arrives after the fee covers the sale; of the two neighbouring pairs that waste least
 * the one with more profit is taken. All arithmetic is exact.
 */
export function sizeJointTrade(request: SizingRequest): SizedPair | SizingRefusal {
  const { buy, sell, buyStepUnits } = request.terms
  if ((statusBreach(buy, 'buy') ?? statusBreach(sell, 'sell')) !== undefined) return 'instrument_status'
  if ((statusBreach(buy, 'sell') ?? statusBreach(sell, 'buy')) !== undefined) return 'unwind'
  const largest = largestPair(request)
  if (typeof largest === 'string') return largest
  const fewer = largest.buyUnits - buyStepUnits
  const other = evaluatePair(request, fewer, request.terms.sellUnitsFrom(fewer))
  const otherIsBetter =
    typeof other !== 'string' && other.profit.greaterThan(largest.profit) && isLargeEnough(request, other)
  return loosenLimits(request, otherIsBetter ? other : largest)
}

/**
 * Whatever bounds a size from above keeps bounding it as it grows, so the largest that fits is found by bisection, mostly
 * at the first try. Where that is below a minimum, the answer is why it could not be larger.
 */
function largestPair(request: SizingRequest): SizedPair | SizingRefusal {
  const step = request.terms.sellStepUnits
  const evaluate = (steps: bigint): SizedPair | SizeExcess =>
    evaluatePair(request, request.terms.buyUnitsFor(steps * step), steps * step)
  let next = payingUnits(request, roughBound(request)) / step
  let fitting = 0n
  let failing = next + 1n
  let best: SizedPair | undefined
  let excess: SizeExcess = 'thin_depth'
  while (failing - fitting > 1n + fitting / precision) {
    const pair = evaluate(next)
    if (typeof pair === 'string') {
      excess = pair
      failing = next
    } else {
      best = pair
      fitting = next
    }
    next = (fitting + failing) / 2n
  }
  if (best !== undefined && isLargeEnough(request, best)) return best
  const larger = evaluate(fitting + 1n)
  const cause = typeof larger === 'string' ? larger : excess
  return cause === 'above_maximum' ? 'below_minimum' : cause
}

/** An upper bound of the quantity to sell, in common units, from funds and the largest notional at the best ask. */
function roughBound({ terms, buyBook, funds, limits }: SizingRequest): bigint {
  const bestAsk = terms.buy.ticksToPrice(buyBook.asks.priceTicksAt(0)).times(terms.buyQuoteFactor)
  const spendable = Decimal.min(funds.buyQuote, limits.maxNotional.times(terms.buyQuoteFactor))
  const affordable = spendable.dividedBy(bestAsk, terms.unitDecimals, 'down').times(terms.keep)
  return terms.toUnits(Decimal.min(affordable, funds.sellBase))
}

/** Least quantities and notionals of both orders, of the strategy, and of the orders that would unwind them. */
function isLargeEnough(request: SizingRequest, pair: SizedPair): boolean {
  const { buy, sell } = request.terms
  return (
    quantityBreach(buy, pair.buyLots) === undefined &&
    quantityBreach(sell, pair.sellLots) === undefined &&
    notionalBreach(buy, buy.notional(pair.buyLimitTicks, pair.buyLots)) === undefined &&
    notionalBreach(sell, sell.notional(pair.sellLimitTicks, pair.sellLots)) === undefined &&
    !Decimal.min(pair.buyNotional, pair.sellNotional).lessThan(request.limits.minNotional) &&
    unwindShortfall(request, pair) === undefined
  )
}
