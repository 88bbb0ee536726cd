import {
  AuthenticationException,
  ClockSkewException,
  ExchangeConnectionException,
  usPerMs,
  type CorrelationId,
  type ExchangeException,
  type ExchangeId,
} from '@cex-arbitrage/common'
import {
  RateLimiter,
  RestClient,
  type HttpMethod,
  type RateCost,
  type RateObservation,
  type RatePermit,
  type RateWindowSpec,
  type RawResponse,
  type RequestPriority,
  type RequestSigner,
} from '@cex-arbitrage/networking'
import type * as z from 'zod'
import { TradeAdmissions, type TradeCallCosts } from '../admission/trade-admissions.js'
import type { ExchangeContext } from '../factory/exchange-context.js'
import type { ExchangeRestClient } from '../interfaces/rest-client.js'
import type { ServerTime } from '../structs/server-time.js'
import { ServerClock } from '../synchronization/server-clock.js'

/** Parameters of a query; `undefined` ones are left out. */
export type RestParameters = Readonly<Record<string, string | number | undefined>>

/** What a call that takes part in a trade may bring. */
export interface RestCallOptions {
  readonly correlationId?: CorrelationId | undefined
  readonly permit?: RatePermit | undefined
  readonly priority?: RequestPriority | undefined
  /** Milliseconds for everything from the queue to the last byte. */
  readonly timeoutMs?: number | undefined
}

/** One call of an endpoint. */
export interface RestEndpointCall<S extends z.ZodType> extends RestCallOptions {
  readonly method: HttpMethod
  readonly path: string
  /** Its name in messages, without ids; method and path by default. */
  readonly endpoint?: string
  readonly query?: RestParameters
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly schema: S
  readonly costs: readonly RateCost[]
  readonly signed?: boolean
  readonly idempotent?: boolean
  /** Over the connections kept for orders, and never repeated. */
  readonly isOrderCall?: boolean
}

/** In what the REST APIs of exchanges differ, apart from their endpoints. */
export interface RestDialect<Signer extends RequestSigner> {
  readonly exchange: ExchangeId
  /** Its name in messages. */
  readonly name: string
  readonly origin: string
  /** Stands before every path; part of what is signed. */
  readonly pathPrefix?: string
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly windows: readonly RateWindowSpec[]
  readonly tradeCosts: TradeCallCosts
  /** A clock measurement is renewed after so many milliseconds. */
  readonly clockMeasurementMs: number
  /** @param serverNowMs - The exchange's clock, Unix milliseconds. */
  createSigner(credentials: NonNullable<ExchangeContext['credentials']>, serverNowMs: () => number): Signer
  readonly encodeQuery: (parameters: RestParameters) => string
  readonly parseBody: (text: string) => unknown
  /** An answer as an error; `undefined` for a success. */
  mapError(response: RawResponse, serverNowMs: number): ExchangeException | undefined
  /** What the headers of an answer say about the limits. */
  observeLimits?(response: RawResponse, costs: readonly RateCost[], serverNowMs: number): readonly RateObservation[]
}

/** A doubted clock is measured again after so many milliseconds. */
const shortestMeasurementMs = 2_000

/**
 * What the REST client of every exchange has besides its endpoints: two sets of warm connections (orders and cancels have
 * their own and are never repeated), the rate budget, the exchange's clock, and signatures that wait for that clock.
 */
export abstract class BaseRestClient<Signer extends RequestSigner> implements ExchangeRestClient {
  readonly exchange: ExchangeId
  /** The exchange's clock, by which requests are stamped. */
  readonly serverClock: ServerClock
  /** Rate budget set aside for trades. */
  readonly admissions: TradeAdmissions
  /** Signs what goes over WebSocket too; `undefined` without a key. */
  readonly signer: Signer | undefined
  /** The windows of every call, those over WebSocket included. */
  readonly limiter: RateLimiter
  private readonly general: RestClient
  private readonly orders: RestClient
  private readonly costsOf = new Map<string, readonly RateCost[]>()
  private measuring: Promise<ServerTime> | undefined

  constructor(
    context: ExchangeContext,
    private readonly dialect: RestDialect<Signer>,
  ) {
    const { clock, random, credentials, network, tuning } = context
    const { exchange, origin, headers } = dialect
    this.exchange = exchange
    this.serverClock = new ServerClock(clock)
    this.limiter = new RateLimiter({ windows: dialect.windows, clock })
    this.admissions = new TradeAdmissions(this.limiter, dialect.tradeCosts)
    this.signer = credentials && dialect.createSigner(credentials, () => this.serverClock.nowMs())
    const shared = {
      ...tuning?.rest,
      origin,
      clock,
      random,
      logger: context.logger.child({ component: 'rest-client', exchange }),
      exchange,
      limiter: this.limiter,
      errorMapper: (response: RawResponse) => this.readError(response),
      observeLimits: (response: RawResponse) => this.observeLimits(response),
      headers,
      ...(this.signer && { signer: this.signer }),
    }
    const createTransport = () => network && { transport: network.createTransport(origin) }
    this.general = new RestClient({ ...shared, ...createTransport() })
    this.orders = new RestClient({ ...shared, ...createTransport(), retry: { maxAttempts: 1 } })
  }

  /** Whether signed calls can be made. */
  get isAuthenticated(): boolean {
    return this.signer !== undefined
  }

  /** Opens connections and measures the exchange's clock, so that the first order finds both ready. */
  async warmUp(): Promise<void> {
    await Promise.all([this.orders.warmUp(), this.measureServerTime()])
  }

  async close(): Promise<void> {
    await Promise.all([this.general.close(), this.orders.close()])
    this.limiter.close()
  }

  /** The best of several measurements; callers at the same time share one. */
  measureServerTime(): Promise<ServerTime> {
    this.measuring ??= this.serverClock
      .measure(() => this.getTime())
      .finally(() => {
        this.measuring = undefined
      })
    return this.measuring
  }

  /** The exchange has refused a request for its time: what was measured is wrong, however good it looked. */
  onClockRefused(): void {
    this.serverClock.distrust()
    this.refreshClock()
  }

  /** Something speaks against the clock's last measurement: it is measured again, unless that was just now. */
  doubtClock(): void {
    if (this.serverClock.ageUs > shortestMeasurementMs * usPerMs) this.refreshClock()
  }

  /** The exchange's clock, Unix milliseconds. */
  abstract getTime(): Promise<number>

  /** There is a key and a young measurement of the exchange's clock: a signature needs nothing that has to be awaited. */
  get isReadyToSign(): boolean {
    const { signer, serverClock } = this
    return signer !== undefined && serverClock.estimate !== undefined && !this.isMeasurementOld
  }

  /**
   * Makes sure that there is a key and that the exchange's clock is known: the first signature waits for it, later ones
   * renew it beside.
   *
   * @throws {@link AuthenticationException} There is no key.
   * @throws {@link ExchangeConnectionException} The clock could not be read; nothing was sent.
   */
  async prepareSigning(purpose: string): Promise<Signer> {
    const { exchange } = this.dialect
    if (this.signer === undefined)
      throw new AuthenticationException({
        exchange,
        message: `${purpose} needs an API key. Set apiKey and secret of ${exchange} in the configuration.`,
      })
    if (this.serverClock.estimate === undefined) await this.measureBeforeSigning(purpose)
    else if (this.isMeasurementOld) this.refreshClock()
    return this.signer
  }

  private get isMeasurementOld(): boolean {
    return this.serverClock.ageUs > this.dialect.clockMeasurementMs * usPerMs
  }

  protected call<S extends z.ZodType>(call: RestEndpointCall<S>): Promise<z.output<S>> {
    // Nothing is awaited that is ready: an order is written in the turn in which it is submitted.
    if (call.signed !== true || this.isReadyToSign) return this.send(call)
    return this.prepareSigning(endpointOf(call)).then(() => this.send(call))
  }

  private async send<S extends z.ZodType>(call: RestEndpointCall<S>): Promise<z.output<S>> {
    const { method, schema, costs, body, timeoutMs } = call
    const { pathPrefix = '', encodeQuery, parseBody } = this.dialect
    const endpoint = endpointOf(call)
    this.costsOf.set(endpoint, costs)
    const client = call.isOrderCall === true ? this.orders : this.general
    return client.request({
      method,
      path: pathPrefix + call.path,
      endpoint,
      query: call.query === undefined ? '' : encodeQuery(call.query),
      signed: call.signed ?? false,
      costs,
      priority: call.priority ?? 'market-data',
      parse: (bodyText) => schema.parse(parseBody(bodyText)),
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: call.headers,
      idempotent: call.idempotent,
      correlationId: call.correlationId,
      permit: call.permit,
      timeouts: timeoutMs === undefined ? undefined : { totalMs: timeoutMs },
    })
  }

  /** An answer was an error. */
  protected onError(_error: ExchangeException, _response: RawResponse): void {}

  private readError(response: RawResponse): ExchangeException | undefined {
    const error = this.dialect.mapError(response, this.serverClock.nowMs())
    if (error === undefined) return undefined
    if (error instanceof ClockSkewException) this.onClockRefused()
    this.onError(error, response)
    return error
  }

  private observeLimits(response: RawResponse): readonly RateObservation[] {
    const costs = this.costsOf.get(response.endpoint) ?? []
    return this.dialect.observeLimits?.(response, costs, this.serverClock.nowMs()) ?? []
  }

  /** Whatever goes wrong here, the call itself has not been sent. */
  private async measureBeforeSigning(purpose: string): Promise<void> {
    try {
      await this.measureServerTime()
    } catch (cause) {
      const { exchange, name } = this.dialect
      throw new ExchangeConnectionException({
        exchange,
        cause,
        message: `${purpose} was not sent: ${name}'s clock could not be read, and a signature needs it. Try again.`,
      })
    }
  }

  private refreshClock(): void {
    // A failure leaves the older measurement in force; the next call tries again.
    this.measureServerTime().catch(() => undefined)
  }
}

const endpointOf = ({ endpoint, method, path }: RestEndpointCall<z.ZodType>): string => endpoint ?? `${method} ${path}`

/** A read that anybody may make. */
export const publicRead = (path: string, costs: readonly RateCost[]) => ({ method: 'GET', path, costs }) as const

/** A read of the account. */
export const privateRead = (path: string, costs: readonly RateCost[]) =>
  ({ method: 'GET', path, costs, priority: 'account', signed: true }) as const
