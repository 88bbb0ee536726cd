import type { StatusSnapshot } from '../status/status-snapshot.js'

export type * from '../status/status-snapshot.js'

/** Everything that the page shows. Amounts and prices are decimal strings; `number`s are for charts and counters. */
export interface LiveModel extends StatusSnapshot {
  /** Asset in which worth, exposure and limits are counted. */
  readonly reportingAsset: string
  readonly strategies: readonly string[]
  readonly counters: CounterStatus
  readonly books: readonly BookStatus[]
  readonly edges: readonly EdgeStatus[]
  readonly exposure: ExposureStatus
  /** `undefined` before the first sample. */
  readonly equity: EquityPoint | undefined
  readonly latency: readonly LatencyStatus[]
  readonly limits: readonly LimitStatus[]
}

/** Counts since the start. */
export interface CounterStatus {
  readonly bookUpdates: number
  readonly topChanges: number
  /** Times that quotes began to cross by more than fees and margin. */
  readonly crossings: number
  readonly proposals: number
  readonly approvals: number
  readonly openTrades: number
}

export interface BookStatus {
  readonly instrumentId: string
  readonly exchange: string
  readonly marketType: string
  readonly symbol: string
  /** Why it quotes nothing; `undefined` while it may be quoted from. */
  readonly distrust: string | undefined
  readonly ageMs: number | undefined
  /** Best first, price and quantity; only the best level where many books are watched. */
  readonly bids: readonly LevelStatus[]
  readonly asks: readonly LevelStatus[]
}

export type LevelStatus = readonly [price: string, quantity: string]

/** The best pair of quotes of a symbol now, whether it pays or not. */
export interface EdgeStatus {
  readonly symbol: string
  readonly buyAt: string
  readonly sellAt: string
  /** At the best quotes, after taker fees; negative while it does not pay. */
  readonly netEdgeBps: number
}

export interface ExposureStatus {
  /** Worth of everything held, in the reporting asset. */
  readonly total: string
  readonly openTrades: number
  readonly openOrders: number
  readonly unknownOrders: number
  readonly realisedToday: string
  readonly consecutiveFailures: number
  readonly byAsset: readonly AssetExposure[]
}

export interface AssetExposure {
  readonly asset: string
  readonly total: string
  /** Surplus over the inventory at start; what is not flat. */
  readonly net: string
  /** Of the total, in the reporting asset; `undefined` where no price is known. */
  readonly value: string | undefined
}

export interface EquityPoint {
  readonly atMs: number
  /** Worth of everything held at the prices of the moment. */
  readonly worth: number
  /** Worth at start plus what trading has realised since: without the market's own movement. */
  readonly traded: number
  readonly realised: number
}

/** A measured time as counts per bucket. */
export interface LatencyStatus {
  /** `decision` frame to plan, `acknowledgement` order sent to acknowledged, `trade` decision to the last leg's end. */
  readonly kind: LatencyKind
  /** The exchange where it belongs to one. */
  readonly exchange: string | undefined
  readonly count: number
  readonly p50Us: number
  readonly p95Us: number
  readonly p99Us: number
  readonly maxUs: number
  /** Upper bounds in microseconds and the counts at or below each and above the one before; the last is open. */
  readonly buckets: readonly (readonly [upToUs: number | undefined, count: number])[]
}

export type LatencyKind = 'decision' | 'acknowledgement' | 'trade'

export interface LimitStatus {
  /** Name in the section `risk` of the configuration. */
  readonly name: string
  readonly value: string
  /** Changed while running, until the next start. */
  readonly changed: boolean
}

/** Sections of the model that change on their own. */
export type LiveSection = Exclude<keyof LiveModel, 'uptimeMs'>

/** What the server sends over the socket at `/live`. */
export type LiveMessage =
  | {
      readonly type: 'hello'
      readonly atMs: number
      readonly model: LiveModel
      readonly equity: readonly EquityPoint[]
    }
  /** Sections that changed since the last message. */
  | { readonly type: 'update'; readonly atMs: number; readonly model: Partial<LiveModel> }
