import type { AssetId, Decimal } from '@cex-arbitrage/common'

/** How unkind the simulated fills of paper mode are. */
export interface PaperSettings {
  /** Mean milliseconds between an order and its match against the live book, and again until the answer. */
  readonly latencyMs: number
  /** Up to so many milliseconds more, uniform. */
  readonly latencyJitterMs: number
  /** Share of immediate orders that find only part of the depth that is shown. */
  readonly partialFillShare: number
  /** Share of orders that are refused. */
  readonly rejectShare: number
  readonly balances: ReadonlyMap<AssetId, Decimal>
}
