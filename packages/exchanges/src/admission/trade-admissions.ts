import type { CorrelationId } from '@cex-arbitrage/common'
import type { RateCost, RateLimiter, RatePermit as CallPermit, TradePermit } from '@cex-arbitrage/networking'
import type { RatePermit, TradeRateNeed } from '../interfaces/order-gateway.js'

/** The kinds of call that a trade is made of. */
export type TradeCall = 'order' | 'cancel' | 'query'

/** What each kind of call takes from an exchange's windows. */
export type TradeCallCosts = Readonly<Record<TradeCall, readonly RateCost[]>>

/** The place of each kind in what is asked of the limiter. */
const places: Readonly<Record<TradeCall, number>> = { order: 0, cancel: 1, query: 2 }

interface Admission {
  readonly correlationId: CorrelationId | undefined
  readonly permit: TradePermit
}

/**
 * Rate budget set aside for whole trades. What a trade was admitted for is handed to its own calls, until it is used up or
 * released: however long a quote rests, its cancel and its hedge are still paid for.
 */
export class TradeAdmissions {
  private readonly admissions = new Set<Admission>()

  constructor(
    private readonly limiter: RateLimiter,
    private readonly costs: TradeCallCosts,
  ) {}

  /** Trades admitted and not released. */
  get open(): number {
    return this.admissions.size
  }

  /** Sets aside every call of a trade, or none. */
  admit(need: TradeRateNeed): RatePermit | undefined {
    const { order, cancel, query } = this.costs
    const permit = this.limiter.tryAdmit([
      { costs: order, priority: 'order', count: need.orders },
      { costs: cancel, priority: 'cancel', count: need.cancels },
      { costs: query, priority: 'account', count: need.queries },
    ])
    if (permit === undefined) return undefined
    const admission: Admission = { correlationId: need.correlationId, permit }
    this.admissions.add(admission)
    return {
      release: () => {
        this.admissions.delete(admission)
        permit.release()
      },
    }
  }

  /** A permit set aside for such a call of this trade, or for nobody's; `undefined` where none is left. */
  take(call: TradeCall, correlationId?: CorrelationId): CallPermit | undefined {
    for (const admission of this.admissions) {
      if (admission.correlationId !== undefined && admission.correlationId !== correlationId) continue
      const permit = admission.permit.take(places[call])
      if (permit !== undefined) return permit
    }
    return undefined
  }
}
