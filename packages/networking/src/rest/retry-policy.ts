import {
  backoffDelayMs,
  CircuitOpenException,
  ExchangeDataException,
  RateLimitException,
  type BackoffOptions,
  type CexArbitrageException,
  type Random,
} from '@cex-arbitrage/common'

export interface RetryOptions {
  /** Attempts in all, the first included; 3 by default. */
  readonly maxAttempts?: number
  /** 100 ms growing to 2,000 ms by default. */
  readonly backoff?: BackoffOptions
}

const defaultBackoff: BackoffOptions = { initialMs: 100, maxMs: 2_000 }

/** Decides whether and when a failed attempt is repeated: only where nothing can have happened twice. */
export class RetryPolicy {
  private readonly maxAttempts: number
  private readonly backoff: BackoffOptions

  constructor(
    private readonly random: Random,
    options: RetryOptions = {},
  ) {
    this.maxAttempts = options.maxAttempts ?? 3
    this.backoff = options.backoff ?? defaultBackoff
  }

  /**
   * @param attempt - The one that failed, 1 for the first.
   * @returns milliseconds to wait before the next one; `undefined` when there shall be none.
   */
  getDelayMs(error: CexArbitrageException, attempt: number, isIdempotent: boolean): number | undefined {
    if (attempt >= this.maxAttempts || !isRepeatable(error, isIdempotent)) return undefined
    const delayMs = backoffDelayMs(attempt - 1, this.backoff, this.random)
    const isTold = error instanceof RateLimitException || error instanceof CircuitOpenException
    return isTold ? Math.max(delayMs, error.retryAfterMs ?? 0) : delayMs
  }
}

function isRepeatable(error: CexArbitrageException, isIdempotent: boolean): boolean {
  // Our own limiter has waited as long as the caller allows; a body that cannot be read will not be readable later.
  if (error instanceof RateLimitException && error.httpStatus === undefined) return false
  if (error instanceof ExchangeDataException) return false
  return error.recovery === 'retry' || (isIdempotent && error.recovery === 'reconcile')
}
