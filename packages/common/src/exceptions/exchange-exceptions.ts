import { CexArbitrageException, type ExceptionOptions } from './cex-arbitrage-exception.js'
import type { ErrorCode } from './error-codes.js'
import type { Recovery } from './recovery.js'

export interface ExchangeExceptionOptions extends ExceptionOptions {
  /** The exchange's own code or label, as received: `30004`, `BALANCE_NOT_ENOUGH`. */
  readonly exchangeCode?: string | undefined
  readonly httpStatus?: number | undefined
}

/** Whatever went wrong with an exchange. */
export abstract class ExchangeException extends CexArbitrageException {
  readonly exchangeCode: string | undefined
  readonly httpStatus: number | undefined

  constructor(options: ExchangeExceptionOptions) {
    super(options)
    this.exchangeCode = options.exchangeCode
    this.httpStatus = options.httpStatus
  }
}

/** No connection, or it broke before anything was sent. */
export class ExchangeConnectionException extends ExchangeException {
  readonly code: ErrorCode = 'EXCHANGE_CONNECTION_FAILED'
  readonly recovery: Recovery = 'retry'
}

/** A payload that does not have the documented shape. What was asked may have been done. */
export class ExchangeDataException extends ExchangeException {
  readonly code: ErrorCode = 'EXCHANGE_DATA_UNREADABLE'
  readonly recovery: Recovery = 'reconcile'
}

/** A 5xx, a maintenance page or a timeout: the exchange could not say what it did. */
export class ExchangeUnavailableException extends ExchangeException {
  readonly code: ErrorCode = 'EXCHANGE_UNAVAILABLE'
  readonly recovery: Recovery = 'reconcile'
}

/** The exchange refused the request as malformed or not allowed; it did nothing. */
export class ExchangeRequestException extends ExchangeException {
  readonly code: ErrorCode = 'EXCHANGE_REQUEST_INVALID'
  readonly recovery: Recovery = 'reject'
}

/** The exchange has no means for what was asked; see its capabilities. */
export class ExchangeCapabilityException extends ExchangeException {
  readonly code: ErrorCode = 'EXCHANGE_CAPABILITY_MISSING'
  readonly recovery: Recovery = 'reject'
}

/** Key, secret or signature is wrong. */
export class AuthenticationException extends ExchangeException {
  readonly code: ErrorCode = 'AUTHENTICATION_FAILED'
  readonly recovery: Recovery = 'reject'
}

/** The key is right but may not do this: missing right, IP not allowed, account locked. */
export class PermissionException extends ExchangeException {
  readonly code: ErrorCode = 'PERMISSION_DENIED'
  readonly recovery: Recovery = 'reject'
}

/** The request's time is outside the exchange's window; nothing was done. */
export class ClockSkewException extends ExchangeException {
  readonly code: ErrorCode = 'CLOCK_SKEWED'
  readonly recovery: Recovery = 'retry'
}

/** Refused for frequency, by the exchange or by our own limiter; nothing was done. */
export class RateLimitException extends ExchangeException {
  readonly code: ErrorCode = 'RATE_LIMITED'
  readonly recovery: Recovery = 'retry'
  /** Milliseconds after which to try again; `undefined` where the exchange did not say. */
  readonly retryAfterMs: number | undefined

  constructor(options: ExchangeExceptionOptions & { readonly retryAfterMs?: number | undefined }) {
    super(options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Our circuit breaker holds the exchange off after repeated failures; nothing was sent. */
export class CircuitOpenException extends ExchangeException {
  readonly code: ErrorCode = 'CIRCUIT_OPEN'
  readonly recovery: Recovery = 'retry'
  /** Milliseconds until the breaker lets a probe through. */
  readonly retryAfterMs: number

  constructor(options: ExchangeExceptionOptions & { readonly retryAfterMs: number }) {
    super(options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** The exchange does not know the instrument. */
export class SymbolException extends ExchangeException {
  readonly code: ErrorCode = 'SYMBOL_INVALID'
  readonly recovery: Recovery = 'reject'
}

/** The instrument is suspended, delisting or not open to the API. */
export class MarketClosedException extends ExchangeException {
  readonly code: ErrorCode = 'MARKET_CLOSED'
  readonly recovery: Recovery = 'reject'
}
