export { type AccountView } from './types/account-view.js'
export { type ExecutableQuote, type ExecutableQuotes } from './types/executable-quotes.js'
export { type HaltCause, type TradingHalt } from './types/halt.js'
export { type HedgeApprover } from './types/hedge-approver.js'
export { type Journal } from './types/journal.js'
export { isFinalLegState, type LegState } from './types/leg-state.js'
export { type RecoveryReport, type ShutdownProof, type TradeExecutor } from './types/trade-executor.js'
export {
  type LegOutcome,
  type ProfitAttribution,
  type Residual,
  type TradeEnd,
  type TradeOutcome,
} from './types/trade-outcome.js'
export { type LegPlan, type TradePlan } from './types/trade-plan.js'
export { type TradingVenue } from './types/trading-venue.js'
