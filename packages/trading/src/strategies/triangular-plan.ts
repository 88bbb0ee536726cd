import { bpsPerUnit, type CorrelationId } from '@cex-arbitrage/common'
import type { SizedCycle, SizedLeg } from '../sizing/cycle-request.js'
import type { CycleTerms } from '../sizing/cycle-terms.js'
import type { LegTerms } from '../sizing/leg-terms.js'
import type { LegPlan, LegSending, TradePlan } from '../types/trade-plan.js'

/** Three quantities that a strategy wants to trade, and why just then. */
export interface TriangularDecision {
  readonly strategy: string
  readonly correlationId: CorrelationId
  readonly terms: CycleTerms
  readonly cycle: SizedCycle
  readonly sending: LegSending
  /** Of the oldest book, microseconds. */
  readonly quoteAgeUs: number
  /** Monotonic. */
  readonly decidedAtUs: number
}

/** Writes a sized cycle down as a plan of three legs, in the way of the money. */
export function createTriangularPlan({ terms, cycle, ...decision }: TriangularDecision): TradePlan {
  const { opening, cross, closing } = terms
  return {
    correlationId: decision.correlationId,
    strategy: decision.strategy,
    symbol: cross.instrument.symbol,
    legs: [planLeg(opening, cycle.opening), planLeg(cross, cycle.cross), planLeg(closing, cycle.closing)],
    sending: decision.sending,
    expectedProfit: cycle.profit,
    surplusPrices: new Map([
      [opening.instrument.base, cycle.openingSurplusPrice],
      [closing.instrument.base, cycle.closingSurplusPrice],
    ]),
    profitAsset: terms.profitAsset,
    netEdgeBps: (cycle.profit.toNumber() / cycle.cost.toNumber()) * bpsPerUnit,
    quoteAgeUs: decision.quoteAgeUs,
    decidedAtUs: decision.decidedAtUs,
  }
}

const planLeg = (leg: LegTerms, { lots, limitTicks, notional }: SizedLeg): LegPlan => ({
  instrument: leg.instrument,
  side: leg.side,
  priceTicks: limitTicks,
  quantityLots: lots,
  expectedNotional: notional,
  expectedFee: leg.feeOf(leg.instrument.lotsToQuantity(lots), notional),
  expectedFeeAsset: leg.feeAsset,
})
