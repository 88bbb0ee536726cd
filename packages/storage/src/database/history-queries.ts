/** Rows as they are shown. Amounts are exact decimal texts, times Unix milliseconds unless their name has another unit. */
export interface TradeRow {
  readonly journal: string
  readonly correlationId: string
  readonly strategy: string
  readonly symbol: string
  readonly startedAtMs: number
  /** `null` while the trade is open. */
  readonly endedAtMs: number | null
  /** `completed`, `unwound`, `hedged`, `pulled`, `aborted`, `halted`; `null` while the trade is open. */
  readonly outcome: string | null
  readonly expectedProfit: string
  readonly realisedProfit: string | null
  readonly profitAsset: string
  /** What a unit left over counted, in profit asset, by asset. */
  readonly surplusPrices: Readonly<Record<string, string>>
  readonly netEdgeBps: number
  readonly quoteAgeUs: number
  readonly durationUs: number | null
  /** Whether an exchange refused a leg; `null` while the trade is open. */
  readonly refused: boolean | null
  /** Realised less expected profit, split; the parts sum to it. `null` while the trade is open. */
  readonly attribution: ProfitParts | null
  readonly legs: readonly LegRow[]
}

export interface ProfitParts {
  readonly latency: string
  readonly slippage: string
  readonly fees: string
  readonly rounding: string
  readonly partialFill: string
  readonly unwind: string
}

/** One planned order of a trade. */
export interface LegRow {
  readonly legIndex: number
  readonly clientOrderId: string
  readonly instrumentId: string
  readonly exchange: string
  readonly side: string
  /** Worst acceptable price, quote per base. */
  readonly price: string
  /** In base (spot) or contracts. */
  readonly quantity: string
  readonly expectedNotional: string
  readonly expectedFee: string
  readonly expectedFeeAsset: string
}

export interface OrderRow {
  readonly clientOrderId: string
  readonly correlationId: string
  /** `leg` of the plan, or what repairs a trade: `complete`, `unwind`, `hedge`. */
  readonly role: string
  readonly instrumentId: string
  readonly exchange: string
  readonly side: string
  readonly price: string
  readonly quantity: string
  readonly exchangeOrderId: string | null
  readonly state: string
  readonly attempts: number
  readonly filledQuantity: string
  readonly filledNotional: string
  /** What the book showed for the whole quantity when it left. */
  readonly sendNotional: string | null
  readonly refusalCode: string | null
  readonly refusalMessage: string | null
  readonly intendedAtMs: number
  readonly sentAtMs: number | null
  readonly updatedAtMs: number
}

export interface FillRow {
  readonly instrumentId: string
  readonly fillId: string
  readonly exchange: string
  readonly exchangeOrderId: string
  /** `null` for a fill of an order that is not ours. */
  readonly clientOrderId: string | null
  readonly correlationId: string | null
  /** `trading` for legs, `legging` for repairs, `foreign` for orders that are not ours. */
  readonly origin: string
  readonly side: string
  readonly price: string
  readonly quantity: string
  readonly fee: string
  readonly feeAsset: string
  readonly role: string
  readonly exchangeTimeMs: number
  readonly recordedAtMs: number
}

export interface PostingRow {
  /** Number of the journal record that it comes from, and its place in it. */
  readonly position: number
  readonly entry: number
  readonly atMs: number
  /** `fill`, `opening`, `transfer`, `funding`, `adjustment` or `settlement`. */
  readonly reason: string
  readonly account: string
  readonly asset: string
  readonly amount: string
  readonly correlationId: string | null
}

export interface ResidualRow {
  readonly exchange: string
  readonly asset: string
  readonly amount: string
}

/** Everything about one trade. */
export interface TradeDetail extends TradeRow {
  readonly orders: readonly OrderRow[]
  readonly fills: readonly FillRow[]
  readonly residuals: readonly ResidualRow[]
  readonly postings: readonly PostingRow[]
}

export interface EquityPoint {
  readonly journal: string
  readonly atMs: number
  readonly asset: string
  /** Worth of everything held, in `asset`. */
  readonly equity: string
  /** Realised profit since the start of the run, in `asset`. */
  readonly realised: string
}

export interface WhyNotRow {
  readonly cause: string
  readonly count: number
}

export interface VenueHealthRow {
  readonly atMs: number
  readonly exchange: string
  readonly marketDataConnected: boolean
  readonly accountConnected: boolean
  readonly booksTrusted: number
  readonly booksTotal: number
  /** These four count since the start of the process. */
  readonly frames: number
  readonly gaps: number
  readonly resyncs: number
  readonly reconnects: number
  readonly clockOffsetMs: number | null
  readonly openOrders: number
}

export interface OpportunityRow {
  readonly atMs: number
  readonly strategy: string
  readonly symbol: string
  readonly buyExchange: string
  readonly sellExchange: string
  readonly netEdgeBps: number
  readonly expectedProfit: string
  readonly profitAsset: string
  readonly correlationId: string | null
  /** `traded`, or the first cause for which it was not. */
  readonly verdict: string
  /** How long it stood, microseconds; `null` when that is not known. */
  readonly survivalUs: number | null
}

export interface HaltRow {
  readonly position: number
  readonly atMs: number
  readonly rule: string
  readonly detail: string
  readonly asset: string | null
  readonly correlationId: string | null
}

export interface BalanceRow {
  readonly account: string
  readonly asset: string
  readonly amount: string
}

export interface TradeSummary {
  readonly trades: number
  readonly open: number
  readonly byOutcome: Readonly<Record<string, number>>
  /** Exact sums over ended trades, per profit asset. */
  readonly profit: readonly { readonly asset: string; readonly expected: string; readonly realised: string }[]
}

/** The trades that began on one day of UTC. */
export interface TradeDayRow extends TradeSummary {
  /** Such as `2026-11-24`. */
  readonly day: string
}

export interface JournalRow {
  readonly journal: string
  readonly mode: string
  readonly createdAtMs: number
  /** Records of the journal that the tables hold. */
  readonly position: number
}

/** Rows of one journal, the running engine's where none is named. */
export interface JournalChoice {
  readonly journal?: string
}

/** Rows of one journal, or of every journal of a mode; the running engine's where neither is named. */
export interface JournalScope extends JournalChoice {
  /** `simulated`, `paper` or `live`: every run of that mode. */
  readonly mode?: string
}

/** From `fromMs` on and before `toMs`; open ends where left out. */
export interface TimeRange extends JournalScope {
  readonly fromMs?: number
  readonly toMs?: number
}

export interface TradeFilter extends TimeRange {
  /** At most so many, the newest first; 50 by default, 1000 at most. */
  readonly limit?: number
  readonly strategy?: string
  readonly symbol?: string
  readonly outcome?: string
  /** Only trades older than the one with this correlation id: the next page. */
  readonly before?: string
}

/** What the page, the API and reports ask. Every method rejects with a `DatabaseException` while the database is away. */
export interface HistoryQueries {
  /** Newest first, with their planned legs. */
  recentTrades(filter?: TradeFilter): Promise<readonly TradeRow[]>
  /** `undefined` when the journal has no such trade. */
  tradeDetail(correlationId: string, choice?: JournalChoice): Promise<TradeDetail | undefined>
  tradeSummary(range?: TimeRange): Promise<TradeSummary>
  /** The newest first; days without a trade are left out. */
  tradeDays(range?: TimeRange): Promise<readonly TradeDayRow[]>
  /** Oldest first; of more than `maxPoints` (500 by default) the last one of each of so many equal spans. */
  equitySeries(range?: TimeRange & { readonly maxPoints?: number }): Promise<readonly EquityPoint[]>
  /** Counts in the range, the most frequent first. */
  whyNot(range?: TimeRange): Promise<readonly WhyNotRow[]>
  /** The newest of every exchange. */
  venueHealth(choice?: JournalChoice): Promise<readonly VenueHealthRow[]>
  /** Oldest first, of one exchange; thinned as `equitySeries`. */
  venueHealthSeries(
    exchange: string,
    range?: TimeRange & { readonly maxPoints?: number },
  ): Promise<readonly VenueHealthRow[]>
  /** Newest first; 50 by default. */
  opportunities(range?: TimeRange & { readonly limit?: number }): Promise<readonly OpportunityRow[]>
  /** Newest first; 50 by default. */
  halts(range?: TimeRange & { readonly limit?: number }): Promise<readonly HaltRow[]>
  /** What every ledger account holds; per asset they sum to zero. */
  balances(choice?: JournalChoice): Promise<readonly BalanceRow[]>
  /** Newest first: live has one, simulated and paper runs one each. */
  journals(): Promise<readonly JournalRow[]>
}

/** Names of the methods of {@link HistoryQueries}. */
export const historyQueryNames = [
  'recentTrades',
  'tradeDetail',
  'tradeSummary',
  'tradeDays',
  'equitySeries',
  'whyNot',
  'venueHealth',
  'venueHealthSeries',
  'opportunities',
  'halts',
  'balances',
  'journals',
] as const satisfies readonly (keyof HistoryQueries)[]
