import { Decimal, type AssetId, type CorrelationId } from '@cex-arbitrage/common'
import type { TradeEnd, TradeOutcome } from '../types/trade-outcome.js'

/** Ended trades remembered one by one, so that a late change replaces what was counted. */
const remembered = 256

export interface ProfitTotals {
  readonly asset: AssetId
  readonly expected: Decimal
  readonly realised: Decimal
}

/** Counts and sums of ended trades since the start. */
export class TradeStatistics {
  private readonly ends: Record<TradeEnd, number> = {
    completed: 0,
    unwound: 0,
    hedged: 0,
    pulled: 0,
    aborted: 0,
    halted: 0,
  }
  private readonly totals = new Map<AssetId, { expected: Decimal; realised: Decimal }>()
  private readonly outcomes = new Map<CorrelationId, TradeOutcome>()
  /** Quotes pulled without a fill, apart: there are so many that they would push everything else out. */
  private readonly pulled = new Map<CorrelationId, TradeOutcome>()

  /** Takes an outcome; one of a trade that has been taken before replaces the earlier. */
  record(outcome: TradeOutcome): void {
    const { correlationId } = outcome
    const earlier = this.outcomes.get(correlationId) ?? this.pulled.get(correlationId)
    if (earlier !== undefined) this.add(earlier, -1)
    this.add(outcome, 1)
    this.pulled.delete(correlationId)
    const known = outcome.end === 'pulled' ? this.pulled : this.outcomes
    known.set(correlationId, outcome)
    if (known.size > remembered) known.delete(known.keys().next().value!)
  }

  countsByEnd(): Readonly<Record<TradeEnd, number>> {
    return { ...this.ends }
  }

  profits(): readonly ProfitTotals[] {
    return [...this.totals].map(([asset, sums]) => ({ asset, ...sums }))
  }

  /** The newest ended trades, oldest first, but for quotes that were pulled without a fill. */
  recent(count: number): readonly TradeOutcome[] {
    return [...this.outcomes.values()].slice(-count)
  }

  private add(outcome: TradeOutcome, sign: 1 | -1): void {
    this.ends[outcome.end] += sign
    const signed = (amount: Decimal): Decimal => (sign === 1 ? amount : amount.negated())
    const sums = this.totals.get(outcome.profitAsset) ?? { expected: Decimal.zero, realised: Decimal.zero }
    this.totals.set(outcome.profitAsset, {
      // Of a quote that nobody took nothing was to be had.
      expected: outcome.end === 'pulled' ? sums.expected : sums.expected.plus(signed(outcome.expectedProfit)),
      realised: sums.realised.plus(signed(outcome.realisedProfit)),
    })
  }
}
