import {
  ExchangeException,
  ExchangeRequestException,
  createExchangeId,
  type CorrelationId,
  type ErrorCode,
  type Recovery,
} from '@cex-arbitrage/common'
import { isRetriableCategory, type HummingbotErrorCategory } from './error-category.js'

export const hummingbotExchangeId = createExchangeId('hummingbot')

const codes: Readonly<Record<HummingbotErrorCategory, ErrorCode>> = {
  auth_failed: 'AUTHENTICATION_FAILED',
  insufficient_funds: 'INSUFFICIENT_FUNDS',
  invalid_order: 'EXCHANGE_REQUEST_INVALID',
  market_closed: 'MARKET_CLOSED',
  rate_limit: 'RATE_LIMITED',
  connection_error: 'EXCHANGE_CONNECTION_FAILED',
  server_error: 'EXCHANGE_UNAVAILABLE',
  unknown_error: 'EXCHANGE_REQUEST_INVALID',
}

export interface HummingbotExceptionOptions {
  readonly message: string
  readonly category: HummingbotErrorCategory
  readonly requestType?: string | undefined
  readonly requestId?: string | undefined
  readonly attempts?: number | undefined
  readonly orderStateUnknown?: boolean | undefined
  readonly clientOrderId?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly isUnsent?: boolean | undefined
  readonly serverCode?: string | undefined
  readonly serverMessage?: string | undefined
  readonly httpStatus?: number | undefined
  readonly correlationId?: CorrelationId | undefined
  readonly cause?: unknown
}

/**
 * Whatever the Hummingbot protocols refuse or fail to answer. `category` is the protocol's own word (A11); `code` and
 * `recovery` are those of the whole engine.
 */
export class HummingbotException extends ExchangeException {
  readonly code: ErrorCode
  readonly recovery: Recovery
  readonly category: HummingbotErrorCategory
  /** `create_order`, `get_ticker`, …; `undefined` where no request was made. */
  readonly requestType: string | undefined
  /** `id` of the last frame sent; `undefined` where none was. */
  readonly requestId: string | undefined
  /** Attempts made. */
  readonly attempts: number
  /** Whether the same request may succeed later; an order whose fate is unknown is never to be sent again unasked. */
  readonly retriable: boolean
  /** The order may be live: ask for it by `clientOrderId` before anything else. */
  readonly orderStateUnknown: boolean
  readonly clientOrderId: string | undefined
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs: number | undefined
  /** No byte of the last attempt left, so that nothing can have been done. */
  readonly isUnsent: boolean
  /** The server's own text, without what was put in front; redacted. */
  readonly serverMessage: string | undefined

  constructor(private readonly given: HummingbotExceptionOptions) {
    super({
      message: given.message,
      exchange: hummingbotExchangeId,
      exchangeCode: given.serverCode,
      httpStatus: given.httpStatus,
      correlationId: given.correlationId,
      cause: given.cause,
    })
    this.category = given.category
    this.requestType = given.requestType
    this.requestId = given.requestId
    this.attempts = given.attempts ?? 0
    this.orderStateUnknown = given.orderStateUnknown ?? false
    this.clientOrderId = given.clientOrderId
    this.retryAfterMs = given.retryAfterMs
    this.isUnsent = given.isUnsent ?? false
    this.serverMessage = given.serverMessage
    this.retriable = isRetriableCategory(given.category) && !this.orderStateUnknown
    this.code = this.orderStateUnknown ? 'ORDER_OUTCOME_UNKNOWN' : codes[given.category]
    this.recovery = recoveryOf(this)
  }

  /** The same with other members, this one as its cause where the message changes. */
  with(changes: Partial<HummingbotExceptionOptions>): HummingbotException {
    return new HummingbotException({ ...this.given, correlationId: this.correlationId, ...changes })
  }

  override toJSON(): Readonly<Record<string, unknown>> {
    return {
      ...super.toJSON(),
      category: this.category,
      attempts: this.attempts,
      ...(this.requestType !== undefined && { requestType: this.requestType }),
      ...(this.requestId !== undefined && { requestId: this.requestId }),
      ...(this.clientOrderId !== undefined && { clientOrderId: this.clientOrderId }),
      ...(this.orderStateUnknown && { orderStateUnknown: true }),
    }
  }
}

/** A value that the client refuses before anything is sent. The text is the protocol's own (A9, R5). */
export class HummingbotValidationException extends ExchangeRequestException {
  readonly category: HummingbotErrorCategory = 'invalid_order'

  constructor(message: string) {
    super({ message, exchange: hummingbotExchangeId })
  }
}

function recoveryOf(error: HummingbotException): Recovery {
  if (error.orderStateUnknown) return 'reconcile'
  if (error.isUnsent || error.category === 'rate_limit') return 'retry'
  return isRetriableCategory(error.category) ? 'reconcile' : 'reject'
}
