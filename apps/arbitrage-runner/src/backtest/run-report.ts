import type { Decimal } from '@cex-arbitrage/common'
import type { CrossingCount, OpportunitySpell, TradeOutcome } from '@cex-arbitrage/trading'
import type { Observations } from '../replay/session-engine.js'
import type { RunResult } from '../replay/run-result.js'
import type { ParameterSet } from './backtest-job.js'

/** One ended trade, amounts as decimal text. */
export interface TradeRow {
  /** Unix milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
  readonly correlationId: string
  readonly strategy: string
  readonly symbol: string
  readonly end: string
  readonly buy: string
  readonly sell: string
  readonly quantity: string
  readonly notional: string
  readonly expected: string
  readonly realised: string
  readonly profitAsset: string
  /** Where the difference comes from. */
  readonly attribution: Readonly<Record<string, string>>
}

/** One parameter set of a sweep and what it came to. */
export interface SweepRow {
  readonly parameters: ParameterSet
  readonly trades: number
  readonly completed: number
  /** In the asset of most trades. */
  readonly realised: number
  readonly expected: number
  /** Largest fall of realised profit from a height before it. */
  readonly maxDrawdown: number
  readonly decisionHash: string
  /** Why this set could not be run; the numbers are 0 then. */
  readonly problem?: string
}

/** Everything that a report shows, as plain data. */
export interface RunReport {
  readonly format: 1
  readonly title: string
  /** What was played, and what the numbers leave out. */
  readonly notes: readonly string[]
  readonly startMs: number
  /** Milliseconds between an order and its match, for comparison with how long opportunities last. */
  readonly latencyMs: number
  readonly result: RunResult
  readonly trades: readonly TradeRow[]
  readonly spells: readonly OpportunitySpell[]
  readonly histogram: Observations['histogram']
  readonly venues: readonly VenueRow[]
  /** Of captures: counts that equal those of `arb scan`. */
  readonly crossings?: { readonly rows: number; readonly directions: readonly CrossingCount[] }
  readonly sweep?: readonly SweepRow[]
}

export interface VenueRow {
  readonly exchange: string
  readonly frames: number
  readonly corruptFrames: number
  readonly applied: number
  readonly gaps: number
  readonly resyncs: number
  readonly quarantines: number
  readonly reconnects: number
}

export const toVenueRows = (venues: Observations['venues']): readonly VenueRow[] =>
  venues.map(({ exchange, health: { frames, corruptFrames, reconnects, books } }) => ({
    exchange,
    frames,
    corruptFrames,
    applied: books.applied,
    gaps: books.gaps,
    resyncs: books.resyncs,
    quarantines: books.quarantines,
    reconnects,
  }))

export function toTradeRow(outcome: TradeOutcome): TradeRow {
  const buy = outcome.legs.find(({ side }) => side === 'buy')
  const sell = outcome.legs.find(({ side }) => side === 'sell')
  const text = (amount: Decimal | undefined): string => amount?.toString() ?? '0'
  return {
    startedAtMs: outcome.startedAtMs,
    durationMs: outcome.durationUs / 1_000,
    correlationId: outcome.correlationId,
    strategy: outcome.strategy,
    symbol: outcome.symbol,
    end: outcome.end,
    buy: buy?.instrument.exchange ?? '',
    sell: sell?.instrument.exchange ?? '',
    quantity: text(buy?.filledQuantity),
    notional: text(buy?.filledNotional),
    expected: outcome.expectedProfit.toString(),
    realised: outcome.realisedProfit.toString(),
    profitAsset: outcome.profitAsset,
    attribution: Object.fromEntries(
      Object.entries(outcome.attribution as unknown as Record<string, Decimal>).map(([part, amount]) => [
        part,
        amount.toString(),
      ]),
    ),
  }
}

/** A run in one line of a sweep. */
export function toSweepRow(parameters: ParameterSet, result: RunResult, trades: readonly TradeRow[]): SweepRow {
  let realised = 0
  let expected = 0
  let height = 0
  let maxDrawdown = 0
  for (const trade of trades) {
    realised += Number(trade.realised)
    expected += Number(trade.expected)
    height = Math.max(height, realised)
    maxDrawdown = Math.max(maxDrawdown, height - realised)
  }
  return {
    parameters,
    trades: trades.length,
    completed: result.trades['completed'] ?? 0,
    realised,
    expected,
    maxDrawdown,
    decisionHash: result.decisionHash,
  }
}
