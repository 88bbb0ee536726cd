import type { BackoffOptions, Clock, ExchangeId, IdSource, Logger, Random } from '@cex-arbitrage/common'
import type { SocketOptions } from '../utils/socket-options.js'
import type { CircuitBreakerOptions, CircuitState } from './circuit-breaker.js'
import type { ErrorMapper, RawResponse } from './error-mapper.js'
import type { RateLimiter } from './rate-limiter.js'
import type { RateObservation } from './rate-window-spec.js'
import type { RequestSigner } from './request-signer.js'
import type { RequestTimeouts } from './request-timeouts.js'
import type { RestObserver } from './rest-observer.js'
import type { RestRequest, RestResponse } from './rest-request.js'

export interface RestClientOptions {
  /** Scheme, host and port: `https://api.example.com`. */
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Mints the correlation ids of requests that bring none. */
  readonly ids?: Pick<IdSource, 'nextCorrelationId'>
  /** Put on exceptions; otherwise without meaning here. */
  readonly exchange?: ExchangeId
  readonly signer?: RequestSigner
  readonly errorMapper?: ErrorMapper
  readonly limiter?: RateLimiter
  /** Reads what an answer's headers say about the limits. */
  readonly observeLimits?: (response: RawResponse) => readonly RateObservation[]
  readonly observer?: RestObserver
  readonly timeouts?: Partial<RequestTimeouts>
  readonly retry?: RetryOptions
  /** `false` for none. */
  readonly circuit?: CircuitBreakerOptions | false
  readonly socket?: SocketOptions
  /** Connections at once; 8 by default. */
  readonly connections?: number
  /** Spare connections that `warmUp` keeps open; 1 by default. */
  readonly spareConnections?: number
  /** Milliseconds after which an idle connection is closed unless the server says less; 30,000 by default. */
  readonly keepAliveMs?: number
  /** Bytes of an answer beyond which it is refused; 33,554,432 by default. */
  readonly maxResponseBytes?: number
  readonly headers?: Readonly<Record<string, string>>
}

export interface RetryOptions {
  /** Attempts in all, the first included; 3 by default. */
  readonly maxAttempts?: number
  /** 100 ms growing to 2,000 ms by default. */
  readonly backoff?: BackoffOptions
}

/** Calls over warm HTTP/1.1 connections to one origin. */
export declare class RestClient {
  constructor(options: RestClientOptions)
  readonly circuitState: CircuitState
  readonly inFlight: number
  /** Opens the spare connections and keeps them open. */
  warmUp(): Promise<void>
  /** Sends and gives the parsed value. */
  request<T>(request: RestRequest<T>): Promise<T>
  /** Sends and gives the whole answer. */
  send<T>(request: RestRequest<T>): Promise<RestResponse<T>>
  /** Takes no more calls, waits for those under way until `deadlineMs` have passed, then cuts them. */
  close(deadlineMs?: number): Promise<void>
}
