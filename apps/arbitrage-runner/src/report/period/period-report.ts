import type {
  EquityPoint,
  HaltRow,
  JournalRow,
  OpportunityRow,
  VenueHealthRow,
  WhyNotRow,
} from '@cex-arbitrage/storage'
import type { TradeDigest } from '../trade-digest.js'
import type { TradeRow } from '../trade-row.js'

/** Trades that have something in common, and what they came to. */
export interface TradeGroup {
  readonly name: string
  readonly profitAsset: string
  readonly trades: number
  readonly completed: number
  /** Brought more than nothing. */
  readonly won: number
  readonly expected: string
  readonly realised: string
  readonly medianMs: number
}

/** What went through one exchange. */
export interface ExchangeActivity {
  readonly exchange: string
  readonly orders: number
  readonly refused: number
  /** Orders that repaired a trade. */
  readonly repairs: number
  readonly fills: number
  readonly makerFills: number
  /** Filled, by quote asset. */
  readonly volumes: readonly AssetAmount[]
  /** Paid, by asset; negative is a rebate. */
  readonly fees: readonly AssetAmount[]
}

export interface AssetAmount {
  readonly asset: string
  readonly amount: string
}

/** Sampled opportunities of one strategy and verdict. */
export interface OpportunityGroup {
  readonly strategy: string
  readonly verdict: string
  readonly count: number
  readonly bestBps: number
  readonly meanBps: number
}

/** A time of trading, a day by default, as plain data. */
export interface PeriodReport {
  readonly title: string
  readonly notes: readonly string[]
  readonly mode: string
  readonly fromMs: number
  readonly toMs: number
  readonly journals: readonly JournalRow[]
  /** Ended ones. */
  readonly trades: TradeDigest
  /** Not ended when the report was made. */
  readonly openTrades: number
  /** All of one asset of profit; without a name. */
  readonly byAsset: readonly TradeGroup[]
  readonly byStrategy: readonly TradeGroup[]
  readonly bySymbol: readonly TradeGroup[]
  readonly byRoute: readonly TradeGroup[]
  readonly byEnd: readonly TradeGroup[]
  /** Furthest below their expectation, the worst first. */
  readonly worst: readonly TradeRow[]
  /** Largest fall of realised profit from a height before it, by asset. */
  readonly maxDrawdowns: ReadonlyMap<string, number>
  /** Realised profit by the hour in which its trade began, Unix milliseconds. */
  readonly realisedByHour: ReadonlyMap<number, number>
  readonly exchanges: readonly ExchangeActivity[]
  readonly equity: readonly EquityPoint[]
  readonly whyNot: readonly WhyNotRow[]
  readonly opportunities: readonly OpportunityGroup[]
  /** The largest edges that were not taken. */
  readonly missed: readonly OpportunityRow[]
  /** How long sampled opportunities stood, milliseconds. */
  readonly survivalMs: readonly number[]
  readonly halts: readonly HaltRow[]
  readonly health: readonly VenueHealthRow[]
}
