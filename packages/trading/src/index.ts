export { type EngineStatus } from './engine/engine-status.js'
export { type OpportunityListener } from './engine/opportunity-listener.js'
export { type ProfitTotals } from './engine/trade-statistics.js'
export { createTradingCore, type TradingCore, type TradingCoreDependencies } from './engine/trading-core.js'
export { TradingEngine, type TradingEngineDependencies, type TradingEngineOptions } from './engine/trading-engine.js'
export { createTradeExecutor, type TradeExecutorOptions } from './execution/create-trade-executor.js'
export { executionRecordSchema, type ExecutionRecord, type ExecutionRecordOf } from './execution/execution-record.js'
export { executionRecordCodec } from './execution/execution-record-codec.js'
export { defaultExecutionSettings, type ExecutionSettings } from './execution/execution-settings.js'
export { HashingJournal } from './execution/hashing-journal.js'
export { mapRecordToEvidence, mapRecordToFill } from './execution/record-mapping.js'
export { type JournaledTradeExecutor } from './execution/journaled-trade-executor.js'
export { Leg } from './execution/leg.js'
export { type LegEvidence } from './execution/leg-evidence.js'
export { type LedgerPostings } from './execution/ledger-postings.js'
export { MemoryJournal, type MemoryJournalOptions } from './execution/memory-journal.js'
export { BoardAssetValues, type AssetValues } from './market-data/asset-values.js'
export { describeBoard, type BoardRow } from './market-data/board-rows.js'
export { BookQuotes } from './market-data/book-quotes.js'
export { walkDepth, type DepthWalk } from './market-data/depth-walk.js'
export { MarketBoard, type MarketChangeListener } from './market-data/market-board.js'
export { pairDistrust, quoteDistrust, type PairDistrust, type QuoteAgeLimits } from './market-data/quotability.js'
export {
  attributeProfit,
  type AssetValuation,
  type ExecutedLeg,
  type ExecutedOrder,
  type ProfitResult,
} from './portfolio/attribute-profit.js'
export { type BalanceDifference } from './portfolio/balance-auditor.js'
export {
  acceptanceEntries,
  createFillEntries,
  positionIn,
  strangerOrigin,
  type FillOrigin,
} from './portfolio/fill-entries.js'
export { Ledger, type LedgerAccount, type LedgerEntry } from './portfolio/ledger.js'
export { PaperExchange, type PaperExchangeOptions } from './paper/paper-exchange.js'
export { type PaperSettings } from './paper/paper-settings.js'
export { Positions, fundingAccountOf, type HeldPosition } from './portfolio/positions.js'
export { Portfolio } from './portfolio/portfolio.js'
export { type RehearsalJournal } from './rehearsal/rehearsal-journal.js'
export { TradingRehearsal, type RehearsalLeg, type TradingRehearsalOptions } from './rehearsal/trading-rehearsal.js'
export { ClockOffsets } from './risk/clock-offsets.js'
export { FeedWatch } from './risk/feed-watch.js'
export { HaltFile, type HaltFileOptions } from './risk/halt-file.js'
export { HaltRules } from './risk/halt-rules.js'
export { KillSwitch, type TimedHaltCause } from './risk/kill-switch.js'
export { FundingRates, type FundingView } from './risk/funding-rates.js'
export { MarginWatch } from './risk/margin-watch.js'
export { RiskGate, type RiskApproval } from './risk/risk-gate.js'
export { type RiskLimits } from './risk/risk-limits.js'
export { type RiskRefusal } from './risk/risk-refusal.js'
export { WhyNotCounters, whyNotCauses, type WhyNot } from './risk/why-not.js'
export { readQuoteCapture, type CapturedQuote } from './scan/quote-capture.js'
export { scanCaptures, type CaptureSource, type ScanDirection, type ScanReport } from './scan/scan-captures.js'
export { orderBreach, type OrderRuleBreach } from './sizing/order-rules.js'
export { PairTerms } from './sizing/pair-terms.js'
export { sizeJointTrade } from './sizing/size-joint-trade.js'
export {
  type SizedPair,
  type SizingFunds,
  type SizingLimits,
  type SizingRefusal,
  type SizingRequest,
} from './sizing/sizing-request.js'
export { requiredEdgeBps, type EdgeMargin } from './strategies/edge-margin.js'
export { type CrossExchangeMarketMakingOptions } from './strategies/cross-exchange-market-making-options.js'
export {
  CrossExchangeMarketMakingStrategy,
  type CrossExchangeMarketMakingDependencies,
} from './strategies/cross-exchange-market-making.js'
export { type LegOrder } from './strategies/leg-order.js'
export { type SpotSpotOptions } from './strategies/spot-spot-options.js'
export { createSpotSpotPlan, type SpotSpotDecision } from './strategies/spot-spot-plan.js'
export { SpotSpotStrategy, type SpotSpotDependencies } from './strategies/spot-spot.js'
export { type SpotFuturesOptions } from './strategies/spot-futures-options.js'
export { SpotFuturesStrategy, type SpotFuturesDependencies } from './strategies/spot-futures.js'
export { type TriangularOptions } from './strategies/triangular-options.js'
export { TriangularStrategy, type TriangularDependencies } from './strategies/triangular.js'
export { findTriangles, type SlotTriangle } from './strategies/find-triangles.js'
export { type Strategy, type Verdict } from './strategies/strategy.js'
export { accountOf, exchangeOf, type AccountId } from './types/account-id.js'
export { type AccountView } from './types/account-view.js'
export { noPositions, type PositionView } from './types/position-view.js'
export { type ExecutableQuote, type ExecutableQuotes } from './types/executable-quotes.js'
export { type HaltCause, type TradingHalt } from './types/halt.js'
export { type HedgeApprover } from './types/hedge-approver.js'
export { type Journal } from './types/journal.js'
export { type LegRole } from './types/leg-role.js'
export { isFinalLegState, type LegState } from './types/leg-state.js'
export { type RecoveryReport, type ShutdownProof, type TradeExecutor } from './types/trade-executor.js'
export {
  type LegOutcome,
  type ProfitAttribution,
  type Residual,
  type TradeEnd,
  type TradeOutcome,
} from './types/trade-outcome.js'
export { ordersOf, type LegPlan, type LegSending, type QuotePlan, type TradePlan } from './types/trade-plan.js'
export { type TradingVenue } from './types/trading-venue.js'
export { CapturedExchange } from './replay/captured-exchange.js'
export { CapturedQuoteFeed } from './replay/captured-quote-feed.js'
export { CrossingTally, type CrossingCount } from './replay/crossing-tally.js'
export { OpportunityMeter, type EdgeHistogram, type OpportunitySpell } from './replay/opportunity-meter.js'
export { loadQuoteSeries, type QuoteSeries, type QuoteSeriesOptions } from './replay/quote-series.js'
export { commonStartMs, replayQuotes, type QuoteReplayOptions, type ReplayedQuotes } from './replay/replay-quotes.js'
