import type { Clock, ExchangeId, IdSource, Logger } from '@cex-arbitrage/common'
import type { AnswerReader } from './answer-reader.js'
import type { CircuitBreaker } from './circuit-breaker.js'
import type { HttpTransport } from './http-transport.js'
import type { NotifyingObserver } from './notifying-observer.js'
import type { RateLimiter } from './rate-limiter.js'
import type { RequestSigner } from './request-signer.js'
import type { RequestTimeouts } from './request-timeouts.js'
import type { RetryPolicy } from './retry-policy.js'

/** What all calls of one client share. */
export interface CallDependencies {
  readonly origin: string
  readonly clock: Clock
  readonly logger: Logger
  readonly ids: Pick<IdSource, 'nextCorrelationId'> | undefined
  readonly exchange: ExchangeId | undefined
  readonly signer: RequestSigner | undefined
  readonly limiter: RateLimiter | undefined
  readonly reader: AnswerReader
  readonly observer: NotifyingObserver
  readonly timeouts: RequestTimeouts
  readonly retry: RetryPolicy
  readonly breaker: CircuitBreaker | undefined
  readonly transport: HttpTransport
  readonly maxResponseBytes: number
  readonly headers: Readonly<Record<string, string>>
}
