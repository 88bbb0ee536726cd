import { Decimal, type Clock, type RiskApproved } from '@cex-arbitrage/common'
import type {
  LegOutcome,
  LegPlan,
  RecoveryReport,
  ShutdownProof,
  TradeExecutor,
  TradeOutcome,
  TradePlan,
  TradingVenue,
} from '@cex-arbitrage/trading'
import type { NaiveAccount } from './naive-account.js'
import type { NaiveLeg, NaiveOrderDesk } from './naive-order-desk.js'
import type { NaiveRule } from './naive-rules.js'

export interface NaiveExecutorParts {
  readonly venues: readonly TradingVenue[]
  readonly account: NaiveAccount
  readonly desk: NaiveOrderDesk
  readonly rule: NaiveRule
  readonly clock: Clock
}

/** Stands where the engine's executor stands, and follows a rule seen in other tools: no journal, no unknown, no repair. */
export class NaiveExecutor implements TradeExecutor {
  /** What it sent, trade by trade. */
  readonly trades: (readonly NaiveLeg[])[] = []
  private readonly listeners: ((outcome: TradeOutcome) => void)[] = []

  constructor(private readonly parts: NaiveExecutorParts) {}

  async execute(plan: RiskApproved<TradePlan>): Promise<TradeOutcome> {
    const { account, venues, rule, desk, clock } = this.parts
    const legs = plan.legs.map((leg): NaiveLeg => ({ plan: leg, sentIds: [] }))
    const [startedAtMs, startedAtUs] = [clock.nowMs(), clock.nowUs()]
    this.trades.push(legs)
    account.tradeOpened()
    await rule(legs, desk)
    await account.refresh(venues)
    account.tradeClosed()
    const outcome = believe(plan, startedAtMs, clock.nowUs() - startedAtUs)
    for (const listener of this.listeners) listener(outcome)
    return outcome
  }

  async recover(): Promise<RecoveryReport> {
    await this.parts.account.refresh(this.parts.venues)
    return { adopted: 0, cancelled: [], hedged: [], unresolved: [] }
  }

  shutdown(): Promise<ShutdownProof> {
    return Promise.resolve({ exchanges: [] })
  }

  reviewQuotes(): void {
    // It makes none.
  }

  pullQuotes(): void {
    // As above.
  }

  onOutcome(listener: (outcome: TradeOutcome) => void): void {
    this.listeners.push(listener)
  }
}

/** It takes every trade for done as planned. */
function believe(plan: TradePlan, startedAtMs: number, durationUs: number): TradeOutcome {
  const none = Decimal.zero
  return {
    correlationId: plan.correlationId,
    strategy: plan.strategy,
    symbol: plan.symbol,
    end: 'completed',
    legs: plan.legs.map((leg) => believedLeg(leg, plan)),
    expectedProfit: plan.expectedProfit,
    realisedProfit: plan.expectedProfit,
    profitAsset: plan.profitAsset,
    attribution: { latency: none, slippage: none, fees: none, rounding: none, partialFill: none, unwind: none },
    residuals: [],
    startedAtMs,
    durationUs,
  }
}

const believedLeg = ({ instrument, side, quantityLots, expectedNotional }: LegPlan, plan: TradePlan): LegOutcome => ({
  role: 'leg',
  instrument,
  side,
  clientOrderId: plan.correlationId as string as LegOutcome['clientOrderId'],
  state: 'filled',
  filledQuantity: instrument.lotsToQuantity(quantityLots),
  filledNotional: expectedNotional,
  fees: [],
})
