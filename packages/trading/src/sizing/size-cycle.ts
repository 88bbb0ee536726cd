import { Decimal } from '@cex-arbitrage/common'
import type { CycleRequest, SizedCycle } from './cycle-request.js'
import { cycleUnwindShortfall } from './cycle-unwind.js'
import { evaluateCycle } from './evaluate-cycle.js'
import { findLargestFitting } from './largest-fitting.js'
import { loosenCycle } from './loosen-cycle.js'
import { notionalBreach, statusBreach } from './order-rules.js'
import { payingCycleLots } from './paying-cycle-lots.js'
import type { SizeExcess, SizingRefusal } from './sizing-request.js'

/** Doubles differ from the exact result by less than this part. */
const estimateError = 1e-9

/**
 * The largest cycle of which every unit pays, that the venue takes order by order, that the account can fund, and of which
 * every leg can be unwound alone (invariant S8).
 *
 * The sale at the end is on its grid, and the orders before it are rounded up so that each brings what the next one takes.
 * What is left over of either asset within the cycle is less than a step of the order that bought it and what a better
 * price than its limit leaves of the cross. All arithmetic is exact.
 */
export function sizeCycle(request: CycleRequest): SizedCycle | SizingRefusal {
  for (const { instrument, side } of request.terms.legs) {
    if (statusBreach(instrument, side) !== undefined) return 'instrument_status'
    if (statusBreach(instrument, side === 'buy' ? 'sell' : 'buy') !== undefined) return 'unwind'
  }
  const largest = largestCycle(request)
  if (typeof largest === 'string') return largest
  const best = moreProfitable(largest, stepLess(request, largest))
  const loose = loosenCycle(request, best, (sized) => isLargeEnough(request, sized))
  return surplusWorth(loose).greaterThan(request.limits.maxSurplusNotional) ? 'rounding' : loose
}

/** The value of what a cycle leaves over, in profit asset. */
function surplusWorth(sized: SizedCycle): Decimal {
  return sized.openingSurplus
    .times(sized.openingSurplusPrice)
    .plus(sized.closingSurplus.times(sized.closingSurplusPrice))
}

/** One step less is better where the last one made an order before it jump to the next step of a coarser grid. */
function stepLess(request: CycleRequest, sized: SizedCycle): SizedCycle | undefined {
  const less = evaluateCycle(request, sized.closing.lots - request.terms.closing.instrument.lotStep)
  return typeof less !== 'string' && isLargeEnough(request, less) ? less : undefined
}

const moreProfitable = (one: SizedCycle, other: SizedCycle | undefined): SizedCycle =>
  other?.profit.greaterThan(one.profit) === true ? other : one

/** The largest that fits. Where that is below a minimum, the answer is why it could not be larger. */
function largestCycle(request: CycleRequest): SizedCycle | SizingRefusal {
  const step = request.terms.closing.instrument.lotStep
  const evaluate = (steps: bigint): SizedCycle | SizeExcess => evaluateCycle(request, Number(steps) * step)
  const estimate = payingCycleLots(request) / step
  const most = BigInt(Math.floor(estimate * (1 + estimateError)))
  const likely = BigInt(Math.max(1, Math.floor(estimate * (1 - estimateError))))
  const { best, steps, excess } = findLargestFitting(most, evaluate, likely)
  if (best !== undefined && isLargeEnough(request, best)) return best
  const larger = evaluate(steps + 1n)
  const cause = typeof larger === 'string' ? larger : (excess ?? 'thin_depth')
  return cause === 'above_maximum' ? 'below_minimum' : cause
}

/** Least notionals of the orders and of the strategy, and whether the orders that would unwind them are large enough. */
function isLargeEnough(request: CycleRequest, sized: SizedCycle): boolean {
  const { opening, cross, closing } = request.terms
  const isTaken = [
    [opening.instrument, sized.opening] as const,
    [cross.instrument, sized.cross] as const,
    [closing.instrument, sized.closing] as const,
  ].every(([instrument, { limitTicks, lots }]) => {
    return notionalBreach(instrument, instrument.notional(limitTicks, lots)) === undefined
  })
  return (
    isTaken &&
    !Decimal.min(sized.opening.notional, sized.closing.notional).lessThan(request.limits.minNotional) &&
    cycleUnwindShortfall(request, sized) === undefined
  )
}
