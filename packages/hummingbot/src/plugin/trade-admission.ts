import type { Clock } from '@cex-arbitrage/common'
import type { RatePermit, TradeRateNeed } from '@cex-arbitrage/exchanges'
import { RateLimiter, type TradePermit } from '@cex-arbitrage/networking'

const window = 'frames'

/** Sets aside the frames of whole trades, within what the protocol lets through in a second. */
export class TradeAdmission {
  private readonly limiter: RateLimiter

  constructor(clock: Clock, framesPerSecond: number) {
    this.limiter = new RateLimiter({ clock, windows: [{ name: window, capacity: framesPerSecond, intervalMs: 1_000 }] })
  }

  /** `undefined` when the frames of the trade do not fit now. */
  admit({ orders, cancels, queries }: TradeRateNeed): RatePermit | undefined {
    const costs = [{ window, weight: 1 }]
    const count = orders + cancels + queries
    const permit: TradePermit | undefined = this.limiter.tryAdmit([{ costs, priority: 'order', count }])
    return permit === undefined ? undefined : { release: () => permit.release() }
  }
}
