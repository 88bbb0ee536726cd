import { bpsPerUnit, type CorrelationId } from '@cex-arbitrage/common'
import type { SizedPair } from '../sizing/sizing-request.js'
import type { QuotePlan, TradePlan } from '../types/trade-plan.js'
import { createPairLegs } from './pair-legs.js'
import type { QuotingSide } from './quoting-side.js'

interface QuoteDecision {
  readonly strategy: string
  readonly correlationId: CorrelationId
  readonly side: QuotingSide
  readonly sized: SizedPair
  readonly keeping: Omit<QuotePlan, 'hedge'>
  readonly quoteAgeUs: number
  readonly decidedAtUs: number
}

/** Writes a sized quote down as a plan of one leg that rests, with the hedge that it counts on. */
export function createQuotePlan(decision: QuoteDecision): TradePlan {
  const { sized, keeping } = decision
  const { side, terms } = decision.side
  const { buy, sell } = terms
  const { buyLeg, sellLeg } = createPairLegs(terms, sized)
  const [quoted, hedge] = side === 'buy' ? [buyLeg, sellLeg] : [sellLeg, buyLeg]
  const cost = sized.buyNotional.times(terms.buyQuoteFactor)
  return {
    correlationId: decision.correlationId,
    strategy: decision.strategy,
    symbol: buy.symbol,
    legs: [quoted],
    sending: 'concurrent',
    quote: { ...keeping, hedge },
    expectedProfit: sized.profit,
    surplusPrices: new Map([[buy.base, sized.surplusPrice]]),
    profitAsset: sell.quote,
    netEdgeBps: (sized.profit.toNumber() / cost.toNumber()) * bpsPerUnit,
    quoteAgeUs: decision.quoteAgeUs,
    decidedAtUs: decision.decidedAtUs,
  }
}
