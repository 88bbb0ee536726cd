import { ExchangeUnavailableException, type Clock, type Timer } from '@cex-arbitrage/common'
import type { WebSocketSession } from '@cex-arbitrage/networking'
import { acknowledgeTimeoutMs, gateioExchangeId } from './constants.js'
import type { GateioFrame } from './schemas.js'
import type { GateioChannelAuth } from './signer.js'
import { createGateioSubscription, type GateioChannelEvent } from './ws-protocol.js'

/** What a subscription asks for. */
export interface GateioSubscriptionRequest {
  readonly channel: string
  readonly payload?: readonly string[]
  readonly timeSeconds: number
  readonly auth?: GateioChannelAuth
}

interface Pending {
  readonly resolve: (answer: GateioFrame) => void
  readonly timer: Timer
}

/** Ids wrap before they leave int32. */
const maxId = 2 ** 31 - 1

/** Sends subscription frames and matches their acknowledgements, by the id that comes back. */
export class GateioSubscriptions {
  private readonly pending = new Map<number, Pending>()
  private lastId = 0

  constructor(private readonly clock: Clock) {}

  /**
   * Sends one frame and resolves with its acknowledgement, which may be a refusal.
   *
   * @throws {@link ExchangeUnavailableException} None came in time.
   */
  request(
    session: Pick<WebSocketSession, 'send'>,
    event: GateioChannelEvent,
    request: GateioSubscriptionRequest,
  ): Promise<GateioFrame> {
    this.lastId = this.lastId === maxId ? 1 : this.lastId + 1
    const id = this.lastId
    const { channel, payload, timeSeconds, auth } = request
    return new Promise<GateioFrame>((resolve, reject) => {
      const timer = this.clock.setTimer(() => {
        this.pending.delete(id)
        reject(
          new ExchangeUnavailableException({
            exchange: gateioExchangeId,
            message: `Gate.io did not acknowledge ${event} of ${channel} within ${acknowledgeTimeoutMs} ms.`,
          }),
        )
      }, acknowledgeTimeoutMs)
      this.pending.set(id, { resolve, timer })
      try {
        session.send(createGateioSubscription(channel, event, payload, timeSeconds, id, auth))
      } catch (error) {
        this.forget(id)
        reject(error as Error)
      }
    })
  }

  /** Takes a frame that may be an acknowledgement. @returns whether somebody waited for it. */
  accept(frame: GateioFrame): boolean {
    if (frame.event !== 'subscribe' && frame.event !== 'unsubscribe') return false
    const entry = frame.id === undefined || frame.id === null ? undefined : this.pending.get(frame.id)
    if (entry === undefined) return false
    this.forget(frame.id!)
    entry.resolve(frame)
    return true
  }

  /** Lets go of whatever is waited for; nobody is told. */
  close(): void {
    for (const id of this.pending.keys()) this.forget(id)
  }

  private forget(id: number): void {
    this.pending.get(id)?.timer.cancel()
    this.pending.delete(id)
  }
}
