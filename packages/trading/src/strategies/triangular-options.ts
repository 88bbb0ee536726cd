import type { QuoteAgeLimits } from '../market-data/quotability.js'
import type { SizingLimits } from '../sizing/sizing-request.js'
import type { LegSending } from '../types/trade-plan.js'
import type { EdgeMargin } from './edge-margin.js'

/** Notionals are those of each leg, valued in the asset in which the cycle begins and ends. */
export interface TriangularOptions extends EdgeMargin, SizingLimits, QuoteAgeLimits {
  /** Distinguishes two strategies of one kind; `triangular` by default. */
  readonly name?: string
  /** `concurrent` needs all three assets beforehand, `sequential` only the one in which the cycle begins. */
  readonly legOrder: LegSending
  /** Milliseconds that one way round a triangle rests after a trade that ended `completed`. */
  readonly coolDownMs: number
  /** Milliseconds that it rests after any other end. */
  readonly failureCoolDownMs: number
}
