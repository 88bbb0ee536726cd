import type { LimitOrderRequest, RiskApproved } from '@cex-arbitrage/common'
import type { RiskRefusal } from '../risk/risk-refusal.js'
import type { TradePlan } from './trade-plan.js'

/**
 * Mints the permits of the single orders of an approved trade. The risk gate implements it; it is the one place that
 * turns a request into a `RiskApproved` one.
 */
export interface HedgeApprover {
  /**
   * One leg of an approved plan, never larger or at a worse price than the plan has it.
   *
   * @throws {@link RiskRefusedException} The order is no leg of the plan.
   */
  approveLeg(plan: RiskApproved<TradePlan>, order: LimitOrderRequest): RiskApproved<LimitOrderRequest>
  /**
   * An order that reduces what a trade has left over: completes, unwinds or hedges. Passes while trading is halted.
   *
   * @throws {@link RiskRefusedException} It would break a rule of its exchange, or a limit that binds hedges too.
   */
  approveHedge(order: LimitOrderRequest): RiskApproved<LimitOrderRequest>
  /** What stands against a quote that rests, so that it has to be pulled; its price is judged by whoever keeps it. */
  reviewQuote(plan: TradePlan): RiskRefusal | undefined
}
