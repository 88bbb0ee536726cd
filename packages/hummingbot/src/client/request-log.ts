import { usPerMs, type Clock, type Logger } from '@cex-arbitrage/common'
import type { FrameObject } from './frame-codec.js'
import type { HummingbotException } from './hummingbot-exception.js'
import type { Redactor } from './redactor.js'

/** One attempt as the log knows it. */
export interface LoggedAttempt {
  /** As on the wire. */
  readonly id: string
  readonly type: string
  /** 1 for the first. */
  readonly attempt: number
  /** Monotonic microseconds. */
  readonly startedAtUs: number
}

/** Structured records of every attempt, redacted (R7). */
export class RequestLog {
  private readonly log: Logger

  constructor(
    logger: Logger,
    private readonly clock: Clock,
    private readonly redactor: Redactor,
  ) {
    this.log = logger.child({ component: 'hummingbot-client.requests' })
  }

  sent({ id, type, attempt }: LoggedAttempt, params: FrameObject): void {
    const { api_key: _, type: __, ...shown } = params
    this.log.debug({ event: 'request', id, type, attempt, params: this.redactor.redact(shown) }, 'hummingbot request')
  }

  answered(attempt: LoggedAttempt, status: string, code: unknown): void {
    this.log.debug(
      this.redactor.redact({
        event: 'response',
        ...this.describe(attempt),
        status,
        ...(code !== undefined && { code }),
      }),
      'hummingbot response',
    )
  }

  failed(attempt: LoggedAttempt, error: HummingbotException): void {
    this.log.error(
      { event: 'failure', ...this.describe(attempt), code: error.category, error: error.message },
      'hummingbot request failed',
    )
  }

  /** @param waitMs - Until the next attempt. */
  retried(attempt: LoggedAttempt, error: HummingbotException, waitMs: number): void {
    this.log.warn(
      { event: 'retry', ...this.describe(attempt), code: error.category, error: error.message, waitMs },
      'hummingbot request is tried again',
    )
  }

  late(id: string, status: string): void {
    this.log.info({ event: 'late', id, status: this.redactor.redactText(status) }, 'hummingbot response came late')
  }

  private describe({ id, type, attempt, startedAtUs }: LoggedAttempt): FrameObject {
    const durationMs = Math.round((this.clock.nowUs() - startedAtUs) / 10) / (usPerMs / 10)
    return { id, type, attempt, durationMs }
  }
}
