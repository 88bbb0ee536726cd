import { Decimal } from '@cex-arbitrage/common'
import type { CycleRequest, SizedCycle } from './cycle-request.js'
import { cycleUnwindExcess } from './cycle-unwind.js'
import { evaluateCycle } from './evaluate-cycle.js'
import { loosenLimit } from './loosen-limit.js'

const third = Decimal.of(333_333n, 6)

/**
 * Moves the limit prices away from the market by a third of `slackShare` of the expected profit each, one order after the
 * other; an order whose looser price would break a rule keeps the one that it has. The opening grows with the limit of the
 * cross, so that it still pays for it.
 *
 * @param isAllowed - Rules from below that a loosened size must keep as well.
 */
export function loosenCycle(
  request: CycleRequest,
  sized: SizedCycle,
  isAllowed: (loose: SizedCycle) => boolean,
): SizedCycle {
  const { slackShare } = request.limits
  if (slackShare.sign <= 0 || sized.profit.sign <= 0) return sized
  const slack = sized.profit.times(slackShare).times(third)
  const crossed = loosenCross(request, sized, slack)
  const steps = [isAllowed(crossed) ? crossed : sized]
  for (const name of ['closing', 'opening'] as const) {
    const loose = loosenOne(request, steps.at(-1)!, name, slack)
    if (cycleUnwindExcess(request, loose) === undefined) steps.push(loose)
  }
  return steps.at(-1)!
}

function loosenCross(request: CycleRequest, sized: SizedCycle, slack: Decimal): SizedCycle {
  const { crossSide, cross } = request.terms
  const quotePrice = crossSide === 'buy' ? sized.openingSurplusPrice : sized.closingSurplusPrice
  const worth = cross.instrument.lotsToQuantity(sized.cross.lots).times(quotePrice)
  const perUnit = slack.dividedBy(worth, cross.instrument.priceDecimals, 'down')
  const loose = evaluateCycle(request, sized.closing.lots, cross.instrument.priceToTicks(perUnit, 'down'))
  return typeof loose === 'string' ? sized : loose
}

function loosenOne(request: CycleRequest, sized: SizedCycle, name: 'opening' | 'closing', slack: Decimal): SizedCycle {
  const { terms, funds, limits, openingBook, closingBook } = request
  const limitTicks = loosenLimit({
    leg: terms[name],
    book: name === 'opening' ? openingBook : closingBook,
    order: sized[name],
    slack,
    available: funds.profitAsset,
    limits,
  })
  return { ...sized, [name]: { ...sized[name], limitTicks } }
}
