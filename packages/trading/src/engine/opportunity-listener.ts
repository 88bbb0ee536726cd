import type { Symbol } from '@cex-arbitrage/common'
import type { WhyNot } from '../risk/why-not.js'
import type { TradePlan } from '../types/trade-plan.js'

/** Sees opportunities as they come and go. Called on the hot path: return quickly, throw never. */
export interface OpportunityListener {
  /** A plan was made; it is executed, or this was the first cause against it. */
  onProposal(plan: TradePlan, verdict: 'approved' | WhyNot): void
  /** The quotes of a symbol have ceased to cross by more than the margin, after so many microseconds. */
  onCrossingEnd(symbol: Symbol, survivalUs: number): void
}
