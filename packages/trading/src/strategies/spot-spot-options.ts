import type { SizingLimits } from '../sizing/sizing-request.js'
import type { QuoteAgeLimits } from '../market-data/quotability.js'
import type { PairRests } from './cool-downs.js'
import type { EdgeMargin } from './edge-margin.js'
import type { LegOrder } from './leg-order.js'

export interface SpotSpotOptions extends EdgeMargin, SizingLimits, QuoteAgeLimits, PairRests {
  /** Distinguishes two strategies of one kind; `spot-spot` by default. */
  readonly name?: string
  readonly legOrder: LegOrder
}
