/** One ended trade as reports show it, amounts as decimal text. */
export interface TradeRow {
  /** Unix milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
  readonly correlationId: string
  readonly strategy: string
  readonly symbol: string
  readonly end: string
  /** Where it led, in a few words. */
  readonly route: string
  /** Of the first order that was filled, and what that was worth in its quote. */
  readonly quantity: string
  readonly notional: string
  readonly expected: string
  readonly realised: string
  readonly profitAsset: string
  /** Where the difference comes from. */
  readonly attribution: Readonly<Record<string, string>>
}
