import type { AssetId, Decimal, Instrument } from '@cex-arbitrage/common'

/** What holders of a perpetual contract pay each other at the next settlement. */
export interface FundingRate {
  readonly instrument: Instrument
  /** Fraction of the notional at the mark price, for the running interval; longs pay shorts while it is positive. */
  readonly rate: Decimal
  readonly intervalMs: number
  /** Unix milliseconds of the next settlement, by the exchange's clock. */
  readonly nextAtMs: number
  readonly markPrice: Decimal
  readonly indexPrice: Decimal
}

/** One settlement on the account. */
export interface FundingPayment {
  /** The exchange's own; the same in every answer. */
  readonly id: string
  readonly instrument: Instrument
  readonly asset: AssetId
  /** Positive when received. */
  readonly amount: Decimal
  /** Unix milliseconds, by the exchange's clock. */
  readonly atMs: number
}
