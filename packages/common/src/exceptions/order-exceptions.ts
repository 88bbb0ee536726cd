import type { ErrorCode } from './error-codes.js'
import { ExchangeException, type ExchangeExceptionOptions } from './exchange-exceptions.js'
import type { Recovery } from './recovery.js'

/** The exchange refused the order; nothing rests on the book. */
export class OrderRejectedException extends ExchangeException {
  readonly code: ErrorCode = 'ORDER_REJECTED'
  readonly recovery: Recovery = 'reject'
}

/** A post-only order would have taken liquidity, so it was not taken in. An ordinary answer where prices move. */
export class OrderWouldTakeException extends OrderRejectedException {
  override readonly code: ErrorCode = 'ORDER_WOULD_TAKE'
}

/** The account does not hold enough. */
export class InsufficientFundsException extends ExchangeException {
  readonly code: ErrorCode = 'INSUFFICIENT_FUNDS'
  readonly recovery: Recovery = 'reject'
}

/** The exchange knows no such order, or it has ended. On a cancel the order may have filled. */
export class OrderNotFoundException extends ExchangeException {
  readonly code: ErrorCode = 'ORDER_NOT_FOUND'
  readonly recovery: Recovery = 'reject'
  /** The exchange says that the order existed and is finished. */
  readonly alreadyFinal: boolean

  constructor(options: ExchangeExceptionOptions & { readonly alreadyFinal?: boolean }) {
    super(options)
    this.alreadyFinal = options.alreadyFinal ?? false
  }
}

/** No answer that proves anything: the order may be live. Ask by client order id; never send again blindly. */
export class OrderOutcomeUnknownException extends ExchangeException {
  readonly code: ErrorCode = 'ORDER_OUTCOME_UNKNOWN'
  readonly recovery: Recovery = 'reconcile'
}
