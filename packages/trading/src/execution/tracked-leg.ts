import type { Clock, CorrelationId, Decimal } from '@cex-arbitrage/common'
import type { Leg } from './leg.js'

/** One order under way: what is known of it, and who waits to learn more. */
export class TrackedLeg {
  /** What the book showed for the whole quantity when it left. */
  sendNotional: Decimal | undefined
  /** It may rest; of an order that may not, the end is seen to. */
  mayRest = false
  /** The submitting call has not come back yet. */
  calling = false
  /** Answers in a row that knew no such order. */
  notFoundAnswers = 0
  /** The next turn of the reconciler asks at once. */
  urgent = false
  /** Called with every piece of evidence that taught something. */
  onLearnt: (() => void) | undefined
  private waiters: (() => void)[] = []

  constructor(
    readonly leg: Leg,
    readonly correlationId: CorrelationId,
    /** Monotonic microseconds of its last sending, or of its taking over from an earlier session. */
    public liveSinceUs: number,
  ) {}

  /** Has the exchange asked now: its stream may have lost something. */
  askNow(): void {
    this.urgent = true
    this.wake()
  }

  /** Something was learnt. */
  wake(): void {
    const waiters = this.waiters
    this.waiters = []
    for (const waiter of waiters) waiter()
  }

  /** Resolves with `true` when woken, with `false` after `timeoutMs`. */
  woken(clock: Clock, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = clock.setTimer(() => resolve(false), timeoutMs)
      this.waiters.push(() => {
        timer.cancel()
        resolve(true)
      })
    })
  }
}
