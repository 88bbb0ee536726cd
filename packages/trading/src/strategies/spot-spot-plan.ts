import { bpsPerUnit, type CorrelationId } from '@cex-arbitrage/common'
import type { PairTerms } from '../sizing/pair-terms.js'
import type { SizedPair } from '../sizing/sizing-request.js'
import type { LegSending, TradePlan } from '../types/trade-plan.js'
import { createPairLegs } from './pair-legs.js'

/** A pair of quantities that a strategy wants to trade, and why just then. */
export interface SpotSpotDecision {
  readonly strategy: string
  readonly correlationId: CorrelationId
  readonly terms: PairTerms
  readonly pair: SizedPair
  /** The leg that the plan names first. */
  readonly firstSide: 'buy' | 'sell'
  readonly sending: LegSending
  /** Of the older book, microseconds. */
  readonly quoteAgeUs: number
  /** Monotonic. */
  readonly decidedAtUs: number
}

/** Writes a sized pair down as a plan of two legs. */
export function createSpotSpotPlan(decision: SpotSpotDecision): TradePlan {
  const { terms, pair } = decision
  const { buy, sell } = terms
  const { buyLeg, sellLeg } = createPairLegs(terms, pair)
  const cost = pair.buyNotional.times(terms.buyQuoteFactor)
  return {
    correlationId: decision.correlationId,
    strategy: decision.strategy,
    symbol: buy.symbol,
    legs: decision.firstSide === 'buy' ? [buyLeg, sellLeg] : [sellLeg, buyLeg],
    sending: decision.sending,
    expectedProfit: pair.profit,
    surplusPrices: new Map([[buy.base, pair.surplusPrice]]),
    profitAsset: sell.quote,
    netEdgeBps: (pair.profit.toNumber() / cost.toNumber()) * bpsPerUnit,
    quoteAgeUs: decision.quoteAgeUs,
    decidedAtUs: decision.decidedAtUs,
  }
}
