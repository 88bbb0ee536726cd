import type { Clock, Logger } from '@cex-arbitrage/common'
import { createHummingbotEvent, type HummingbotEventSink, type HummingbotEventType } from './event-engine.js'
import type { FrameObject } from './frame-codec.js'
import type { HummingbotConnectionStatus } from './connection-status.js'
import { CLIENT_SOURCE, SERVER_SOURCE } from './protocol-constants.js'
import type { Redactor } from './redactor.js'

/** Puts events on the bus, redacted; what the bus throws is logged and goes no further (A7). */
export class EventPublisher {
  constructor(
    private readonly sink: HummingbotEventSink,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly redactor: Redactor,
  ) {}

  /** What the server said. @param isClean - It is known to hold no secret. */
  publish(type: HummingbotEventType, data: FrameObject, isClean = false): void {
    this.put(type, isClean ? data : this.redactor.redact(data), SERVER_SOURCE)
  }

  /** What the client has to say. */
  publishOwn(type: 'ERROR' | 'SYSTEM', data: FrameObject): void {
    this.put(type, this.redactor.redact(data), CLIENT_SOURCE)
  }

  /** The connection is in another state. */
  publishStatus(status: HummingbotConnectionStatus, previous: HummingbotConnectionStatus, reason?: string): void {
    this.logger.info({ status, previous, reason }, 'hummingbot connection status')
    this.publishOwn('SYSTEM', { component: CLIENT_SOURCE, status, previous, ...(reason !== undefined && { reason }) })
  }

  private put(type: HummingbotEventType, data: FrameObject, source: string): void {
    try {
      this.sink.put(createHummingbotEvent(type, data, source, this.clock.nowMs()))
    } catch (error) {
      this.logger.error({ eventType: type, err: error }, 'event bus refused an event')
    }
  }
}
