import { Decimal } from '@cex-arbitrage/common'
import { loosenLimit } from './loosen-limit.js'
import type { SizedPair, SizingRequest } from './sizing-request.js'

const half = Decimal.of(5n, 1)

/**
 * Moves both limit prices away from the market by half of `slackShare` of the expected profit each, so that a book that
 * moves a little still fills the order and the worst case still pays.
 */
export function loosenLimits(request: SizingRequest, pair: SizedPair): SizedPair {
  const { terms, buyBook, sellBook, funds, limits } = request
  if (limits.slackShare.sign <= 0 || pair.profit.sign <= 0) return pair
  const slack = pair.profit.times(limits.slackShare).times(half)
  return {
    ...pair,
    buyLimitTicks: loosenLimit({
      leg: terms.buying,
      book: buyBook,
      order: { lots: pair.buyLots, limitTicks: pair.buyLimitTicks },
      slack,
      available: funds.buyQuote,
      limits,
    }),
    sellLimitTicks: loosenLimit({
      leg: terms.selling,
      book: sellBook,
      order: { lots: pair.sellLots, limitTicks: pair.sellLimitTicks },
      slack,
      available: funds.sellBase,
      limits,
    }),
  }
}
