import type { LimitOrderRequest, RiskApproved } from '@cex-arbitrage/common'
import type { HedgeApprover } from '../types/hedge-approver.js'
import type { TradePlan } from '../types/trade-plan.js'

/** Stands in for the risk gate where a spec is about something else. */
export const approveEverything: HedgeApprover & { approvePlan(plan: TradePlan): RiskApproved<TradePlan> } = {
  approvePlan: (plan) => plan as RiskApproved<TradePlan>,
  approveLeg: (_plan, order) => order as RiskApproved<LimitOrderRequest>,
  approveHedge: (order) => order as RiskApproved<LimitOrderRequest>,
  reviewQuote: () => undefined,
}
