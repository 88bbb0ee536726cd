import type { FaultOccasion } from '../../../faults/fault-rule.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { maxHoldMs } from '../constants.js'

/**
 * Sends the responses of one connection, each with a delay of its own, so that they may overtake each other. Stream
 * faults act on them under the channel `response`: lost, twice, late, after the next one, in half.
 */
export class ResponseWriter {
  private held: string | undefined

  constructor(
    private readonly host: VenueHost,
    private readonly session: StreamSession,
  ) {}

  /** @returns milliseconds until the response is out. */
  write(frame: string, occasion: FaultOccasion): number {
    const { faults, latency } = this.host
    const slow = faults.take(['response_delay'], occasion)?.delayMs ?? 0
    const rule = faults.take(['drop', 'duplicate', 'reorder', 'delay', 'truncate'], occasion)
    const delayMs = latency.drawMs('ack') + slow + (rule?.kind === 'delay' ? (rule.delayMs ?? 0) : 0)
    if (rule?.kind === 'drop') return delayMs
    if (rule?.kind === 'reorder' && this.held === undefined) {
      this.held = frame
      this.host.clock.setTimer(() => this.releaseHeld(), delayMs + maxHoldMs)
      return delayMs + maxHoldMs
    }
    const text = rule?.kind === 'truncate' ? frame.slice(0, frame.length >> 1) : frame
    const send = (): void => {
      this.session.reply(text)
      if (rule?.kind === 'duplicate') this.session.reply(text)
      this.releaseHeld()
    }
    if (delayMs <= 0) send()
    else this.host.clock.setTimer(send, delayMs)
    return delayMs
  }

  private releaseHeld(): void {
    const { held } = this
    this.held = undefined
    if (held !== undefined) this.session.reply(held)
  }
}
