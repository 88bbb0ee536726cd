import { randomUUID } from 'node:crypto'
import { asCorrelationId, type CorrelationId, type ExchangeId } from '../types/ids.js'
import { systemClock } from '../utils/system-clock.js'
import type { ErrorCode } from './error-codes.js'
import type { Recovery } from './recovery.js'

/** What every exception takes. `correlationId` and `timestamp` are made where the caller has none. */
export interface ExceptionOptions {
  /** What happened, to which id and value, and what to do next. No secrets, no signed URLs. */
  readonly message: string
  readonly correlationId?: CorrelationId | undefined
  /** Unix milliseconds. */
  readonly timestamp?: number | undefined
  readonly exchange?: ExchangeId | undefined
  readonly cause?: unknown
}

/** The base of every error of this project. Callers branch on class or `code`; `message` is for people. */
export abstract class CexArbitrageException extends Error {
  /** Stable, never reused, listed in docs/errors.md. */
  abstract readonly code: ErrorCode
  abstract readonly recovery: Recovery
  readonly correlationId: CorrelationId
  /** Unix milliseconds at which it was made. */
  readonly timestamp: number
  readonly exchange: ExchangeId | undefined

  constructor(options: ExceptionOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.correlationId = options.correlationId ?? asCorrelationId(randomUUID())
    this.timestamp = options.timestamp ?? systemClock.nowMs()
    this.exchange = options.exchange
  }

  /** What a log or an API shows: no stack, no cause's internals. */
  toJSON(): Readonly<Record<string, unknown>> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      recovery: this.recovery,
      correlationId: this.correlationId,
      timestamp: this.timestamp,
      ...(this.exchange !== undefined && { exchange: this.exchange }),
    }
  }
}
