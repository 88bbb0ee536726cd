import type { SizingLimits } from '../sizing/sizing-request.js'
import type { QuoteAgeLimits } from '../market-data/quotability.js'
import type { EdgeMargin } from './edge-margin.js'

/**
 * Whether both legs go out at once, and if not, which waits for the fill of the other. `riskier-first` begins with the one
 * whose book has less depth to spare.
 */
export type LegOrder = 'concurrent' | 'riskier-first' | 'buy-first' | 'sell-first'

export interface SpotSpotOptions extends EdgeMargin, SizingLimits, QuoteAgeLimits {
  /** Distinguishes two strategies of one kind; `spot-spot` by default. */
  readonly name?: string
  readonly legOrder: LegOrder
  /** Milliseconds that a pair of instruments rests after a trade that ended `completed`. */
  readonly coolDownMs: number
  /** Milliseconds that it rests after any other end. */
  readonly failureCoolDownMs: number
}
