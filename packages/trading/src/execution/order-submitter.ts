import {
  InvariantBrokenException,
  RateLimitException,
  sleep,
  toCexArbitrageException,
  type CexArbitrageException,
  type Clock,
  type LimitOrderRequest,
  type Logger,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { OrderPurpose } from '@cex-arbitrage/exchanges'
import type { ExecutionSettings } from './execution-settings.js'
import type { OrderDesk } from './order-desk.js'
import { withTimeout } from './timeout.js'
import type { TrackedLeg } from './tracked-leg.js'
import type { VenueDirectory } from './venue-directory.js'

/** The gateway's own timeout comes first; ours is for a call that never comes back. */
const graceMs = 500
/** Between two sendings of an intent that was not taken. */
const resendMs = 20

export interface OrderSubmitterDeps {
  readonly venues: VenueDirectory
  readonly desk: OrderDesk
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: ExecutionSettings
}

/** Sends journaled intents and turns whatever comes of it into evidence. */
export class OrderSubmitter {
  constructor(private readonly deps: OrderSubmitterDeps) {}

  /**
   * Sends one order, again under the same client order id only after positive proof that nothing was done. Resolves when
   * the call is over, whatever came of it; what did is evidence of the leg.
   *
   * @throws {@link InvariantBrokenException} Its intent is not in the journal (S1).
   */
  async submit(tracked: TrackedLeg, permit: RiskApproved<LimitOrderRequest>, purpose: OrderPurpose): Promise<void> {
    const { leg, correlationId } = tracked
    const { clientOrderId, instrument } = leg.request
    if (!leg.isJournaled || permit.clientOrderId !== clientOrderId)
      throw new InvariantBrokenException({
        correlationId,
        message: `Order ${clientOrderId} has no intent in the journal. It was not sent.`,
      })
    const { orders } = this.deps.venues.venueOf(instrument).privateExchange
    const { desk, clock, settings } = this.deps
    tracked.calling = true
    for (let attempt = 1; ; attempt++) {
      tracked.liveSinceUs = clock.nowUs()
      const atMs = clock.nowMs()
      try {
        const call = orders.submitOrder(permit, { ackTimeoutMs: settings.ackTimeoutMs, purpose })
        call.then(
          (ack) => desk.learn(tracked, { kind: 'acknowledged', exchangeOrderId: ack.exchangeOrderId }),
          () => undefined,
        )
        // What is noted of the sending waits until the other legs of this turn have left too.
        await Promise.resolve()
        desk.learn(tracked, { kind: 'sent', attempt, atMs })
        await withTimeout(call, settings.ackTimeoutMs + graceMs, clock, `sending order ${clientOrderId}`)
        break
      } catch (error) {
        const failure = toCexArbitrageException(error, { doing: `sending order ${clientOrderId}`, correlationId })
        const retryMs = this.retryDelayMs(failure, attempt)
        if (retryMs === undefined) {
          this.conclude(tracked, failure, attempt)
          break
        }
        await sleep(clock, retryMs)
      }
    }
    tracked.calling = false
    tracked.wake()
  }

  /** `undefined` when the intent is not to be sent again. */
  private retryDelayMs(failure: CexArbitrageException, attempt: number): number | undefined {
    const { submitAttempts, maxRetryAfterMs } = this.deps.settings
    if (failure.recovery !== 'retry' || attempt >= submitAttempts) return undefined
    const asked = failure instanceof RateLimitException ? failure.retryAfterMs : undefined
    const delayMs = asked ?? resendMs
    return delayMs > maxRetryAfterMs ? undefined : delayMs
  }

  /**
   * A refusal is proof only of the sending that it answers. Refused the second time, as a duplicate perhaps, an order may
   * live from the first, whatever that one's answer was: then it is asked for.
   */
  private conclude(tracked: TrackedLeg, failure: CexArbitrageException, attempt: number): void {
    const { code, message } = failure
    const proven = failure.recovery === 'retry' || (failure.recovery === 'reject' && attempt === 1)
    const { clientOrderId, instrument } = tracked.leg.request
    const fields = { correlationId: tracked.correlationId, clientOrderId, exchange: instrument.exchange, code, attempt }
    if (proven) {
      this.deps.logger.info({ ...fields, message }, 'order refused')
      this.deps.desk.learn(tracked, { kind: 'refused', code, message })
    } else {
      this.deps.logger.warn({ ...fields, message }, 'order outcome unknown')
      this.deps.desk.learn(tracked, { kind: 'unanswered', code })
    }
  }
}
