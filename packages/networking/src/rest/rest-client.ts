import {
  ExchangeConnectionException,
  ExchangeUnavailableException,
  ShuttingDownException,
  type Clock,
  type ExchangeId,
  type IdSource,
  type Logger,
  type Random,
  type Timer,
} from '@cex-arbitrage/common'
import type { SocketOptions } from '../utils/socket-options.js'
import { AnswerReader } from './answer-reader.js'
import type { CallDependencies } from './call-dependencies.js'
import { CircuitBreaker, type CircuitBreakerOptions, type CircuitState } from './circuit-breaker.js'
import { createHttpTransport } from './create-http-transport.js'
import type { ErrorMapper, RawResponse } from './error-mapper.js'
import type { HttpTransport } from './http-transport.js'
import { NotifyingObserver } from './notifying-observer.js'
import type { RateLimiter } from './rate-limiter.js'
import type { RateObservation } from './rate-window-spec.js'
import type { RequestSigner } from './request-signer.js'
import { defaultRequestTimeouts, type RequestTimeouts } from './request-timeouts.js'
import { RestCall } from './rest-call.js'
import type { RestObserver } from './rest-observer.js'
import type { RestRequest, RestResponse } from './rest-request.js'
import { RetryPolicy, type RetryOptions } from './retry-policy.js'

export interface RestClientOptions {
  /** Scheme, host and port: `https://api.example.com`. */
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Mints the correlation ids of requests that bring none; random ones by default. */
  readonly ids?: Pick<IdSource, 'nextCorrelationId'>
  /** Put on exceptions; otherwise without meaning here. */
  readonly exchange?: ExchangeId
  readonly signer?: RequestSigner
  readonly errorMapper?: ErrorMapper
  /** May be shared with other clients of the same account or address; whoever made it closes it. */
  readonly limiter?: RateLimiter
  /** Reads what an answer's headers say about the limits. */
  readonly observeLimits?: (response: RawResponse) => readonly RateObservation[]
  readonly observer?: RestObserver
  readonly timeouts?: Partial<RequestTimeouts>
  readonly retry?: RetryOptions
  /** `false` for none. */
  readonly circuit?: CircuitBreakerOptions | false
  readonly socket?: SocketOptions
  /** Connections at once for orders, cancels and hedges, and as many for everything else; 8 by default. */
  readonly connections?: number
  /** Spare connections that `warmUp` keeps open; 2 by default. */
  readonly spareConnections?: number
  /** Milliseconds after which an idle connection is closed unless the server says less; 30,000 by default. */
  readonly keepAliveMs?: number
  /** In place of connections of its own, and ended with the client; then the four options above have no effect. */
  readonly transport?: HttpTransport
  /** Bytes of an answer beyond which it is refused; 33,554,432 by default. */
  readonly maxResponseBytes?: number
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
}

const defaultMaxResponseBytes = 33_554_432

/**
 * Calls over warm HTTP/1.1 connections to one origin. Whatever fails is a `CexArbitrageException`; its `recovery` says
 * whether anything can have been done: `retry` and `reject` no, `reconcile` maybe.
 *
 * @example
 * const { data, headers } = await client.send({ method: 'GET', path: '/api/v3/time', priority: 'background', parse })
 */
export class RestClient {
  private readonly deps: CallDependencies
  private readonly calls = new Set<RestCall<unknown>>()
  private closing: Promise<void> | undefined
  private onDrained: (() => void) | undefined

  constructor(private readonly options: RestClientOptions) {
    const { clock, random, logger, circuit } = options
    const origin = new URL(options.origin)
    const timeouts = { ...defaultRequestTimeouts, ...options.timeouts }
    this.deps = {
      origin: origin.origin,
      clock,
      logger,
      ids: options.ids,
      exchange: options.exchange,
      signer: options.signer,
      limiter: options.limiter,
      reader: new AnswerReader({
        clock,
        maxBytes: options.maxResponseBytes ?? defaultMaxResponseBytes,
        exchange: options.exchange,
        errorMapper: options.errorMapper,
        limiter: options.limiter,
        observeLimits: options.observeLimits,
      }),
      observer: new NotifyingObserver(options.observer, logger),
      timeouts,
      retry: new RetryPolicy(random, options.retry),
      breaker: circuit === false ? undefined : new CircuitBreaker(clock, circuit),
      transport:
        options.transport ??
        createHttpTransport({
          origin: origin.origin,
          clock,
          random,
          connectTimeoutMs: timeouts.connectMs,
          ...(options.socket && { socket: options.socket }),
          ...(options.connections !== undefined && { connections: options.connections }),
          ...(options.spareConnections !== undefined && { spareConnections: options.spareConnections }),
          ...(options.keepAliveMs !== undefined && { keepAliveMs: options.keepAliveMs }),
        }),
      maxResponseBytes: options.maxResponseBytes ?? defaultMaxResponseBytes,
      headers: options.headers ?? {},
    }
  }

  get circuitState(): CircuitState {
    return this.deps.breaker?.state ?? 'closed'
  }

  /** Calls that are waiting or under way. */
  get inFlight(): number {
    return this.calls.size
  }

  /** Connected sockets in stock. */
  get spareConnections(): number {
    return this.deps.transport.spareCount
  }

  /**
   * Opens the spare connections and keeps that many open from now on, so that no request pays for a handshake.
   *
   * @throws ExchangeConnectionException One could not be opened; it goes on trying in the background.
   */
  async warmUp(): Promise<void> {
    try {
      await this.deps.transport.warmUp()
    } catch (cause) {
      throw new ExchangeConnectionException({
        message: `No connection to ${this.deps.origin}. Check address and network.`,
        exchange: this.deps.exchange,
        cause,
      })
    }
  }

  /** Sends and gives the parsed value. Fails as `send` does. */
  request<T>(request: RestRequest<T>): Promise<T> {
    return this.send(request).then(({ data }) => data)
  }

  /**
   * Sends and gives the whole answer.
   *
   * @throws ExchangeConnectionException, RateLimitException, CircuitOpenException Nothing was done (`retry`).
   * @throws ShuttingDownException The client is closed; nothing was sent (`reject`).
   * @throws ExchangeUnavailableException, ExchangeDataException It may have been done (`reconcile`).
   * @throws CexArbitrageException Whatever the error mapper said.
   */
  async send<T>(request: RestRequest<T>): Promise<RestResponse<T>> {
    if (this.closing !== undefined) throw this.createClosing(false)
    const call = new RestCall(this.deps, request)
    this.calls.add(call)
    try {
      return await call.run()
    } finally {
      this.calls.delete(call)
      if (this.calls.size === 0) this.onDrained?.()
    }
  }

  /**
   * Takes no more calls, lets those under way finish, and cuts what is left after `deadlineMs`: with
   * `ShuttingDownException` what was not written, with `ExchangeUnavailableException` what was.
   */
  close(deadlineMs = 5_000): Promise<void> {
    this.closing ??= this.drain(deadlineMs).then(() => this.deps.transport.destroy())
    return this.closing
  }

  private async drain(deadlineMs: number): Promise<void> {
    if (this.calls.size === 0) return
    let timer: Timer | undefined
    await new Promise<void>((resolve) => {
      this.onDrained = resolve
      timer = this.options.clock.setTimer(() => {
        for (const call of this.calls) call.cut((isWritten) => this.createClosing(isWritten))
      }, deadlineMs)
    })
    timer?.cancel()
  }

  private createClosing(isWritten: boolean): ShuttingDownException | ExchangeUnavailableException {
    const { exchange } = this.deps
    return isWritten
      ? new ExchangeUnavailableException({
          message: 'The client was closed before the answer came. It may have been done: ask before deciding.',
          exchange,
        })
      : new ShuttingDownException({ message: 'The client is closed; nothing was sent.', exchange })
  }
}
