import type { CrossingCount, OpportunitySpell, TradeOutcome } from '@cex-arbitrage/trading'
import type { Observations } from '../replay/session-engine.js'
import type { RunResult } from '../replay/run-result.js'
import type { TradeRow } from '../report/trade-row.js'
import { describeTrade } from '../status/describe-trade.js'
import type { ParameterSet } from './backtest-job.js'

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
  readonly format: 2
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
  const trade = describeTrade(outcome)
  return {
    startedAtMs: trade.atMs,
    durationMs: trade.durationMs,
    correlationId: trade.correlationId,
    strategy: trade.strategy,
    symbol: trade.symbol,
    end: trade.end,
    route: trade.route,
    quantity: trade.quantity,
    notional: outcome.legs.find(({ filledQuantity }) => !filledQuantity.isZero)?.filledNotional.toString() ?? '0',
    expected: trade.expectedProfit,
    realised: trade.realisedProfit,
    profitAsset: trade.profitAsset,
    attribution: trade.attribution,
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
