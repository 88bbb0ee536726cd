import type { Decimal } from '@cex-arbitrage/common'
import type { SpotSpotOptions } from './spot-spot-options.js'

export interface SpotFuturesOptions extends SpotSpotOptions {
  /** Basis after the fees of entry and exit at which a position is opened, basis points. */
  readonly entryBasisBps: number
  /** Basis at which it is closed, basis points. */
  readonly exitBasisBps: number
  /** Milliseconds for which a basis must have stood: one that is newer may be a book that is yet to follow the other. */
  readonly basisStandsMs: number
  /** Funding that an entry must expect at least, basis points of the notional a day; negative allows for paying some. */
  readonly minFundingBpsPerDay: number
  /** Largest notional of the position in one contract, in quote. */
  readonly maxPositionNotional: Decimal
  /** Share of its margin below which a position is closed whatever the basis is. */
  readonly minMarginRatio: Decimal
}
