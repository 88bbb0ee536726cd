import {
  AuthenticationException,
  ClockSkewException,
  ExchangeConnectionException,
  ExchangeDataException,
  usPerMs,
  type CorrelationId,
  type ExchangeException,
} from '@cex-arbitrage/common'
import {
  RateLimiter,
  RestClient,
  type HttpMethod,
  type RateCost,
  type RatePermit,
  type RawResponse,
  type RequestPriority,
} from '@cex-arbitrage/networking'
import * as z from 'zod'
import { TradeAdmissions } from '../../admission/trade-admissions.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import type { ExchangeRestClient } from '../../interfaces/rest-client.js'
import type { ServerTime } from '../../structs/server-time.js'
import { ServerClock } from '../../synchronization/server-clock.js'
import { apiPrefix, clockMeasurementMs, gateioExchangeId, gateioRestUrl, gateioTestnetRestUrl } from './constants.js'
import { mapGateioError } from './error-map.js'
import { parseJson } from './json.js'
import {
  createGateioRateWindows,
  gateioCosts,
  gateioTradeCosts,
  observeGateioLimits,
  retryAfterOf,
} from './rate-limits.js'
import {
  gateioAccountsSchema,
  gateioCancelledItemsSchema,
  gateioCandlesSchema,
  gateioCountdownSchema,
  gateioErrorBodySchema,
  gateioFeeSchema,
  gateioFillsSchema,
  gateioOptionsSchema,
  gateioOrderAckSchema,
  gateioOrderBookSchema,
  gateioOrderSchema,
  gateioOrdersSchema,
  gateioRowsSchema,
  gateioTickersSchema,
  gateioTimeSchema,
  gateioTradesSchema,
  gateioUnifiedAccountsSchema,
  type GateioAccount,
  type GateioCancelledItem,
  type GateioCandle,
  type GateioFee,
  type GateioFill,
  type GateioOptions,
  type GateioOrder,
  type GateioOrderAck,
  type GateioOrderBook,
  type GateioTicker,
  type GateioTrade,
  type GateioUnifiedAccounts,
} from './schemas.js'
import { encodeGateioQuery, GateioSigner } from './signer.js'

export type GateioParameters = Readonly<Record<string, string | number | undefined>>
/** The body of an order, as REST and the WebSocket API take it. */
export type GateioOrderBody = Readonly<Record<string, string>>

/** What a call that takes part in a trade may bring. */
export interface GateioCallOptions {
  readonly correlationId?: CorrelationId | undefined
  readonly permit?: RatePermit | undefined
  readonly priority?: RequestPriority
  /** Milliseconds for everything from the queue to the last byte. */
  readonly timeoutMs?: number
}

/** One call of an endpoint. */
export interface GateioCall<S extends z.ZodType> extends GateioCallOptions {
  readonly method: HttpMethod
  /** Behind the prefix that all share: `/spot/time`. */
  readonly path: string
  /** Its name in messages, without ids. */
  readonly endpoint?: string
  readonly query?: GateioParameters
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly schema: S
  readonly costs: readonly RateCost[]
  readonly signed?: boolean
  readonly idempotent?: boolean
  /** Over the connections kept for orders, and never repeated. */
  readonly isOrderCall?: boolean
}

/**
 * Gate.io's REST API, version 4: one method per endpoint of spot, the exchange's own types in and out. Orders and
 * cancels go over warm connections of their own and are never repeated.
 */
export class GateioRestClient implements ExchangeRestClient {
  readonly exchange = gateioExchangeId
  readonly options: GateioOptions
  /** The exchange's clock, by which requests are stamped. */
  readonly serverClock: ServerClock
  /** Rate budget set aside for trades. */
  readonly admissions: TradeAdmissions
  /** Signs what goes over WebSocket too; `undefined` without a key. */
  readonly signer: GateioSigner | undefined
  /** The windows that REST and the WebSocket API share. */
  readonly limiter: RateLimiter
  private readonly general: RestClient
  private readonly orders: RestClient
  private readonly costsOf = new Map<string, readonly RateCost[]>()
  private measuring: Promise<ServerTime> | undefined

  constructor(context: ExchangeContext) {
    const { clock, random, credentials } = context
    this.options = gateioOptionsSchema.parse(context.options ?? {})
    const logger = context.logger.child({ component: 'rest-client', exchange: gateioExchangeId })
    this.serverClock = new ServerClock(clock)
    this.limiter = new RateLimiter({ windows: createGateioRateWindows(this.options), clock })
    this.admissions = new TradeAdmissions(this.limiter, gateioTradeCosts)
    this.signer = credentials && new GateioSigner(credentials, () => this.serverClock.nowMs())
    const shared = {
      origin: this.originOf(context),
      clock,
      random,
      logger,
      exchange: gateioExchangeId,
      limiter: this.limiter,
      errorMapper: (response: RawResponse) => this.mapError(response),
      observeLimits: (response: RawResponse) =>
        observeGateioLimits(response, this.costsOf.get(response.endpoint) ?? [], this.serverClock.nowMs()),
      headers: { accept: 'application/json', 'x-gate-size-decimal': '1' },
      ...(this.signer && { signer: this.signer }),
    }
    const createTransport = () => context.network && { transport: context.network.createTransport(shared.origin) }
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

  /** `GET /spot/time`, Unix milliseconds. */
  async getTime(): Promise<number> {
    const call = { ...publicRead('/spot/time', gateioCosts.time), priority: 'account' as const }
    const { server_time: time } = await this.call({ ...call, schema: gateioTimeSchema })
    return time
  }

  /** `GET /spot/currency_pairs`, its rows unread. */
  getCurrencyPairs(): Promise<readonly unknown[]> {
    return this.call({ ...publicRead('/spot/currency_pairs', gateioCosts.currencyPairs), schema: gateioRowsSchema })
  }

  /** `GET /spot/order_book`, with the counter of its moment. */
  getOrderBook(pair: string, limit: number): Promise<GateioOrderBook> {
    const query = { currency_pair: pair, limit, with_id: 'true' }
    return this.call({ ...publicRead('/spot/order_book', gateioCosts.orderBook), query, schema: gateioOrderBookSchema })
  }

  /** `GET /spot/tickers` of one pair. */
  getTickers(pair: string): Promise<readonly GateioTicker[]> {
    const query = { currency_pair: pair }
    return this.call({ ...publicRead('/spot/tickers', gateioCosts.tickers), query, schema: gateioTickersSchema })
  }

  /** `GET /spot/trades`, newest first. */
  getTrades(pair: string, limit: number): Promise<readonly GateioTrade[]> {
    const query = { currency_pair: pair, limit }
    return this.call({ ...publicRead('/spot/trades', gateioCosts.trades), query, schema: gateioTradesSchema })
  }

  /** `GET /spot/candlesticks`, oldest first; times in seconds. `limit` excludes times. */
  getCandlesticks(query: {
    readonly currency_pair: string
    readonly interval: string
    readonly limit?: number | undefined
    readonly from?: number | undefined
    readonly to?: number | undefined
  }): Promise<readonly GateioCandle[]> {
    return this.call({
      ...publicRead('/spot/candlesticks', gateioCosts.candlesticks),
      query,
      schema: gateioCandlesSchema,
    })
  }

  /**
   * `POST /spot/orders`; never repeated.
   *
   * @param expiresAtMs - The exchange refuses what it receives later; on its own clock.
   */
  postOrder(
    body: GateioOrderBody,
    expiresAtMs: number | undefined,
    options: GateioCallOptions,
  ): Promise<GateioOrderAck> {
    return this.call({
      method: 'POST',
      path: '/spot/orders',
      body,
      schema: gateioOrderAckSchema,
      costs: gateioCosts.placeOrder,
      priority: 'order',
      signed: true,
      isOrderCall: true,
      ...(expiresAtMs !== undefined && { headers: { 'x-gate-exptime': String(Math.floor(expiresAtMs)) } }),
      ...options,
    })
  }

  /** `DELETE /spot/orders/{id}` by either id. */
  async deleteOrder(orderId: string, pair: string, options: GateioCallOptions = {}): Promise<void> {
    await this.call({
      method: 'DELETE',
      path: `/spot/orders/${encodeURIComponent(orderId)}`,
      endpoint: 'DELETE /spot/orders/{order_id}',
      query: { currency_pair: pair, ...this.accountParameter() },
      schema: z.unknown(),
      costs: gateioCosts.cancelOrder,
      priority: 'cancel',
      signed: true,
      isOrderCall: true,
      ...options,
    })
  }

  /** `DELETE /spot/orders` of one pair; each order tells by itself whether it was cancelled. */
  deleteOrders(pair: string): Promise<readonly GateioCancelledItem[]> {
    return this.call({
      method: 'DELETE',
      path: '/spot/orders',
      query: { currency_pair: pair, ...this.accountParameter() },
      schema: gateioCancelledItemsSchema,
      costs: gateioCosts.cancelAllOrders,
      priority: 'cancel',
      signed: true,
      isOrderCall: true,
    })
  }

  /** `GET /spot/orders/{id}` by either id. */
  getOrder(orderId: string, pair: string, options: GateioCallOptions = {}): Promise<GateioOrder> {
    return this.call({
      ...privateRead(`/spot/orders/${encodeURIComponent(orderId)}`, gateioCosts.order),
      endpoint: 'GET /spot/orders/{order_id}',
      query: { currency_pair: pair, ...this.accountParameter() },
      schema: gateioOrderSchema,
      ...options,
    })
  }

  /** `GET /spot/orders?status=open`, one page. */
  getOpenOrders(pair: string, page: number, limit: number): Promise<readonly GateioOrder[]> {
    const query = { currency_pair: pair, status: 'open', page, limit, ...this.accountParameter() }
    return this.call({ ...privateRead('/spot/orders', gateioCosts.openOrders), query, schema: gateioOrdersSchema })
  }

  /** `GET /spot/my_trades`, newest first; times in seconds. */
  getMyTrades(query: {
    readonly currency_pair: string
    readonly limit: number
    readonly page: number
    readonly order_id?: string | undefined
    readonly from?: number | undefined
    readonly to?: number | undefined
  }): Promise<readonly GateioFill[]> {
    return this.call({ ...privateRead('/spot/my_trades', gateioCosts.myTrades), query, schema: gateioFillsSchema })
  }

  /** `GET /spot/accounts`. */
  getAccounts(): Promise<readonly GateioAccount[]> {
    return this.call({ ...privateRead('/spot/accounts', gateioCosts.accounts), schema: gateioAccountsSchema })
  }

  /** `GET /unified/accounts`. */
  getUnifiedAccounts(): Promise<GateioUnifiedAccounts> {
    const schema = gateioUnifiedAccountsSchema
    return this.call({ ...privateRead('/unified/accounts', gateioCosts.unifiedAccounts), schema })
  }

  /** `GET /wallet/fee`: the account's rates on one pair. */
  getFee(pair: string): Promise<GateioFee> {
    const query = { currency_pair: pair }
    return this.call({ ...privateRead('/wallet/fee', gateioCosts.fee), query, schema: gateioFeeSchema })
  }

  /** `POST /spot/countdown_cancel_all` for all pairs; 0 ends the countdown. */
  async postCountdown(timeoutSeconds: number): Promise<void> {
    await this.call({
      method: 'POST',
      path: '/spot/countdown_cancel_all',
      body: { timeout: timeoutSeconds },
      schema: gateioCountdownSchema,
      costs: gateioCosts.countdown,
      priority: 'cancel',
      signed: true,
      idempotent: true,
    })
  }

  /**
   * Makes sure that there is a key and that the exchange's clock is known: the first signature waits for it, later ones
   * renew it beside.
   *
   * @throws {@link AuthenticationException} There is no key.
   * @throws {@link ExchangeConnectionException} The clock could not be read; nothing was sent.
   */
  async prepareSigning(purpose: string): Promise<GateioSigner> {
    if (this.signer === undefined)
      throw new AuthenticationException({
        exchange: gateioExchangeId,
        message: `${purpose} needs an API key. Set apiKey and secret of gateio in the configuration.`,
      })
    if (this.serverClock.estimate === undefined) await this.measureBeforeSigning(purpose)
    else if (this.serverClock.ageUs > clockMeasurementMs * usPerMs) this.refreshClock()
    return this.signer
  }

  /** A call that this client has no method for: futures have theirs. */
  protected async call<S extends z.ZodType>(call: GateioCall<S>): Promise<z.output<S>> {
    const { method, path, schema, costs, body, headers, correlationId, permit, timeoutMs, idempotent } = call
    const signed = call.signed ?? false
    const endpoint = call.endpoint ?? `${method} ${path}`
    if (signed) await this.prepareSigning(endpoint)
    this.costsOf.set(endpoint, costs)
    const client = call.isOrderCall === true ? this.orders : this.general
    return client.request({
      method,
      path: apiPrefix + path,
      endpoint,
      query: encodeGateioQuery(call.query ?? {}),
      signed,
      costs,
      priority: call.priority ?? 'market-data',
      parse: (bodyText) => schema.parse(parseJson(bodyText)),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(headers && { headers }),
      ...(idempotent !== undefined && { idempotent }),
      ...(correlationId && { correlationId }),
      ...(permit && { permit }),
      ...(timeoutMs !== undefined && { timeouts: { totalMs: timeoutMs } }),
    })
  }

  protected originOf(context: ExchangeContext): string {
    return context.restUrl ?? (this.options.useTestnet ? gateioTestnetRestUrl : gateioRestUrl)
  }

  /** Unified accounts must be named; the spot account is the default. */
  private accountParameter(): GateioParameters {
    return { account: this.options.account === 'unified' ? 'unified' : undefined }
  }

  /** Whatever goes wrong here, the call itself has not been sent. */
  private async measureBeforeSigning(purpose: string): Promise<void> {
    try {
      await this.measureServerTime()
    } catch (cause) {
      throw new ExchangeConnectionException({
        exchange: gateioExchangeId,
        cause,
        message: `${purpose} was not sent: Gate.io's clock could not be read, and a signature needs it. Try again.`,
      })
    }
  }

  private refreshClock(): void {
    // A failure leaves the older measurement in force; the next call tries again.
    this.measureServerTime().catch(() => undefined)
  }

  private mapError(response: RawResponse): ExchangeException | undefined {
    const error = mapGateioResponse(response, this.serverClock.nowMs())
    if (error instanceof ClockSkewException) this.refreshClock()
    return error
  }
}

const publicRead = (path: string, costs: readonly RateCost[]) => ({ method: 'GET', path, costs }) as const
const privateRead = (path: string, costs: readonly RateCost[]) =>
  ({ method: 'GET', path, costs, priority: 'account', signed: true }) as const

/** Statuses that say by themselves that nothing was done. */
const refusingStatuses: ReadonlySet<number> = new Set([401, 403, 418, 429])

/**
 * Reads an answer as an error; `undefined` for a success. A refusal of a command that carries no label proves nothing,
 * unless its status does.
 */
export function mapGateioResponse(response: RawResponse, serverNowMs: number): ExchangeException | undefined {
  const { status, method, endpoint, correlationId } = response
  if (status >= 200 && status < 300) return undefined
  const body = readErrorBody(response.bodyText)
  if (body === undefined && method !== 'GET' && status < 500 && !refusingStatuses.has(status))
    return new ExchangeDataException({
      exchange: gateioExchangeId,
      correlationId,
      httpStatus: status,
      message: `Gate.io answered ${endpoint} with HTTP ${status} and no readable reason. It may have been done.`,
    })
  return mapGateioError({
    // A 5xx never proves that nothing was done, whatever its body says.
    label: status >= 500 ? undefined : body?.label,
    message: body === undefined ? undefined : [body.label, body.message ?? body.detail].filter(Boolean).join(' '),
    httpStatus: status,
    about: method !== 'GET' && response.path.startsWith(`${apiPrefix}/spot/orders`) ? 'order' : 'query',
    endpoint,
    correlationId,
    retryAfterMs: retryAfterOf(response.headers, serverNowMs),
  })
}

function readErrorBody(text: string): z.output<typeof gateioErrorBodySchema> | undefined {
  try {
    return gateioErrorBodySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
