/** What the engine says of itself: `GET /status`, the terminal and the page show it. Amounts are decimal strings. */
export interface StatusSnapshot {
  readonly mode: string
  readonly state: EngineState
  readonly startedAtMs: number
  readonly uptimeMs: number
  readonly exchanges: readonly ExchangeStatus[]
  readonly opportunities: OpportunityStatus
  readonly trades: TradeTotals
  /** The newest first, a bounded number. */
  readonly recentTrades: readonly TradeStatus[]
  readonly balances: readonly BalanceStatus[]
  /** In perpetual contracts, each hedged by spot. */
  readonly positions: readonly PositionStatus[]
  readonly halts: readonly { readonly rule: string; readonly detail: string }[]
  readonly memory: MemoryStatus
}

/** Of the process. */
export interface MemoryStatus {
  readonly rssBytes: number
  readonly heapUsedBytes: number
}

export type EngineState = 'starting' | 'trading' | 'halted' | 'stopping' | 'stopped'

export interface ExchangeStatus {
  readonly exchange: string
  readonly marketDataConnected: boolean
  readonly accountConnected: boolean
  readonly booksTrusted: number
  readonly booksTotal: number
  readonly frames: number
  readonly gaps: number
  readonly resyncs: number
  readonly reconnects: number
  readonly clockOffsetMs: number | undefined
  readonly openOrders: number
}

export interface OpportunityStatus {
  /** Evaluations of a changed book against the other venues. */
  readonly evaluations: number
  /** Evaluations whose edge survived fees, depth and rounding. */
  readonly found: number
  /** Why not: the first cause of each refusal, counted. */
  readonly refusals: Readonly<Record<string, number>>
}

export interface TradeTotals {
  readonly byEnd: Readonly<Record<string, number>>
  /** Per profit asset. */
  readonly profit: readonly { readonly asset: string; readonly expected: string; readonly realised: string }[]
}

export interface TradeStatus {
  readonly correlationId: string
  readonly atMs: number
  readonly strategy: string
  readonly symbol: string
  /** Where it led, in a few words, such as `mexc → gateio`. */
  readonly route: string
  /** Of the first order that was filled. */
  readonly quantity: string
  /** Every order: legs of the plan first, then what repaired the trade. */
  readonly orders: readonly TradeOrderStatus[]
  readonly end: string
  readonly expectedProfit: string
  readonly realisedProfit: string
  readonly profitAsset: string
  /** Realised less expected profit. */
  readonly difference: string
  /** The difference, split; the parts sum exactly to it. */
  readonly attribution: Readonly<Record<string, string>>
  readonly durationMs: number
}

export interface TradeOrderStatus {
  readonly exchange: string
  readonly marketType: string
  readonly symbol: string
  readonly side: string
  /** `leg`, or how it repairs the trade: `complete`, `unwind`, `hedge`. */
  readonly role: string
  readonly state: string
  readonly filledQuantity: string
  /** Quote per base over its fills; `undefined` where nothing was filled. */
  readonly averagePrice: string | undefined
}

export interface BalanceStatus {
  readonly exchange: string
  readonly asset: string
  readonly free: string
  readonly total: string
}

export interface PositionStatus {
  readonly instrument: string
  /** Base held, negative when short. */
  readonly base: string
  readonly contracts: string
  /** Average, quote per base. */
  readonly entryPrice: string
  /** Of the contract over spot of its exchange now, basis points; `undefined` while a book of them is not there. */
  readonly basisBps: number | undefined
  /** Received (positive) or paid since the ledger was opened, in quote. */
  readonly funding: string
  /** Share of the margin that is left; `undefined` before the exchange has told. */
  readonly marginLeft: string | undefined
}
