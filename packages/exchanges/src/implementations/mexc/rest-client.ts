import {
  AuthenticationException,
  ClockSkewException,
  ExchangeConnectionException,
  RateLimitException,
  usPerMs,
  type CorrelationId,
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
import { clockMeasurementMs, firewallPauseMs, mexcExchangeId, mexcRestUrl } from './constants.js'
import { mapMexcError } from './error-map.js'
import { createMexcRateWindows, mexcCosts, mexcTradeCosts } from './rate-limits.js'
import {
  mexcAccountSchema,
  mexcApiKeyInfoSchema,
  mexcCancelAckSchema,
  mexcCancelAllAckSchema,
  mexcDepthSchema,
  mexcExchangeInfoSchema,
  mexcKlinesSchema,
  mexcListenKeySchema,
  mexcListenKeysSchema,
  mexcMyTradesSchema,
  mexcOptionsSchema,
  mexcOrderAckSchema,
  mexcOrderSchema,
  mexcOrdersSchema,
  mexcServerTimeSchema,
  mexcSymbolListSchema,
  mexcTicker24hSchema,
  mexcTradeFeeSchema,
  mexcTradesSchema,
  type MexcAccount,
  type MexcApiKeyInfo,
  type MexcDepth,
  type MexcExchangeInfo,
  type MexcKlines,
  type MexcMyTrades,
  type MexcOptions,
  type MexcOrder,
  type MexcOrderAck,
  type MexcSymbolList,
  type MexcTicker24h,
  type MexcTradeFee,
  type MexcTrades,
} from './schemas.js'
import { MexcSigner, encodeMexcQuery } from './signer.js'

export type MexcParameters = Readonly<Record<string, string | number | undefined>>

/** Which order a query or a cancel means, in the exchange's words. */
export type MexcOrderSelector = { readonly symbol: string } & (
  | { readonly orderId: string }
  | { readonly origClientOrderId: string }
)

/** What a call that takes part in a trade may bring. */
export interface MexcCallOptions {
  readonly correlationId?: CorrelationId | undefined
  readonly permit?: RatePermit | undefined
  readonly priority?: RequestPriority
  /** Milliseconds for everything from the queue to the last byte. */
  readonly timeoutMs?: number
}

interface Call<S extends z.ZodType> extends MexcCallOptions {
  readonly method: HttpMethod
  readonly path: string
  readonly query?: MexcParameters
  readonly schema: S
  readonly costs: readonly RateCost[]
  readonly signed?: boolean
  readonly idempotent?: boolean
  /** Over the connections kept for orders, and never repeated. */
  readonly isOrderCall?: boolean
}

/**
 * MEXC's spot REST API: one method per endpoint, the exchange's own types in and out. Orders and cancels go over warm
 * connections of their own and are never repeated.
 */
export class MexcRestClient implements ExchangeRestClient {
  readonly exchange = mexcExchangeId
  readonly options: MexcOptions
  /** The exchange's clock, by which requests are stamped. */
  readonly serverClock: ServerClock
  /** Rate budget set aside for trades. */
  readonly admissions: TradeAdmissions
  private readonly limiter: RateLimiter
  private readonly general: RestClient
  private readonly orders: RestClient
  private readonly signer: MexcSigner | undefined
  private measuring: Promise<ServerTime> | undefined

  constructor(context: ExchangeContext) {
    const { clock, random, credentials } = context
    this.options = mexcOptionsSchema.parse(context.options ?? {})
    const logger = context.logger.child({ component: 'rest-client', exchange: mexcExchangeId })
    this.serverClock = new ServerClock(clock)
    this.limiter = new RateLimiter({ windows: createMexcRateWindows(this.options), clock })
    this.admissions = new TradeAdmissions(this.limiter, mexcTradeCosts)
    this.signer = credentials && new MexcSigner(credentials, this.options.recvWindowMs, () => this.serverClock.nowMs())
    const shared = {
      origin: context.restUrl ?? mexcRestUrl,
      clock,
      random,
      logger,
      exchange: mexcExchangeId,
      limiter: this.limiter,
      errorMapper: (response: RawResponse) => this.mapError(response),
      // Every request carries it, GET included: without it the exchange answers 700013.
      headers: { 'content-type': 'application/json' },
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

  /** `GET /api/v3/time`, Unix milliseconds. */
  async getTime(): Promise<number> {
    const path = '/api/v3/time'
    const schema = mexcServerTimeSchema
    const { serverTime } = await this.call({
      method: 'GET',
      path,
      schema,
      costs: mexcCosts.time,
      priority: 'account',
    })
    return serverTime
  }

  getExchangeInfo(): Promise<MexcExchangeInfo> {
    const schema = mexcExchangeInfoSchema
    return this.call({ method: 'GET', path: '/api/v3/exchangeInfo', schema, costs: mexcCosts.exchangeInfo })
  }

  getDefaultSymbols(): Promise<MexcSymbolList> {
    const schema = mexcSymbolListSchema
    return this.call({ method: 'GET', path: '/api/v3/defaultSymbols', schema, costs: mexcCosts.defaultSymbols })
  }

  getDepth(symbol: string, limit: number): Promise<MexcDepth> {
    const query = { symbol, limit }
    return this.call({ method: 'GET', path: '/api/v3/depth', query, schema: mexcDepthSchema, costs: mexcCosts.depth })
  }

  /** Newest first. */
  getTrades(symbol: string, limit?: number): Promise<MexcTrades> {
    const query = { symbol, limit }
    return this.call({
      method: 'GET',
      path: '/api/v3/trades',
      query,
      schema: mexcTradesSchema,
      costs: mexcCosts.trades,
    })
  }

  /** Oldest first. */
  getKlines(query: {
    readonly symbol: string
    readonly interval: string
    readonly limit?: number | undefined
    readonly startTime?: number | undefined
    readonly endTime?: number | undefined
  }): Promise<MexcKlines> {
    return this.call({
      method: 'GET',
      path: '/api/v3/klines',
      query,
      schema: mexcKlinesSchema,
      costs: mexcCosts.klines,
    })
  }

  getTicker24h(symbol: string): Promise<MexcTicker24h> {
    const schema = mexcTicker24hSchema
    return this.call({
      method: 'GET',
      path: '/api/v3/ticker/24hr',
      query: { symbol },
      schema,
      costs: mexcCosts.ticker24h,
    })
  }

  /** `POST /api/v3/order`; never repeated. */
  postOrder(query: MexcParameters, options: MexcCallOptions): Promise<MexcOrderAck> {
    return this.call({
      method: 'POST',
      path: '/api/v3/order',
      query,
      schema: mexcOrderAckSchema,
      costs: mexcCosts.placeOrder,
      signed: true,
      isOrderCall: true,
      ...options,
    })
  }

  /** `DELETE /api/v3/order`. An answer means that the request was taken, not that the order has ended. */
  async deleteOrder(query: MexcOrderSelector, options: MexcCallOptions = {}): Promise<void> {
    await this.call({
      method: 'DELETE',
      path: '/api/v3/order',
      query,
      schema: mexcCancelAckSchema,
      costs: mexcCosts.cancelOrder,
      priority: 'cancel',
      signed: true,
      isOrderCall: true,
      ...options,
    })
  }

  /** `DELETE /api/v3/openOrders` of one symbol. */
  async deleteOpenOrders(symbol: string): Promise<void> {
    await this.call({
      method: 'DELETE',
      path: '/api/v3/openOrders',
      query: { symbol },
      schema: mexcCancelAllAckSchema,
      costs: mexcCosts.cancelAllOrders,
      priority: 'cancel',
      signed: true,
      isOrderCall: true,
    })
  }

  getOrder(query: MexcOrderSelector, options: MexcCallOptions = {}): Promise<MexcOrder> {
    return this.call({
      ...this.privateRead('/api/v3/order', mexcCosts.queryOrder),
      query,
      schema: mexcOrderSchema,
      ...options,
    })
  }

  getOpenOrders(symbol: string): Promise<readonly MexcOrder[]> {
    const schema = mexcOrdersSchema
    return this.call({ ...this.privateRead('/api/v3/openOrders', mexcCosts.openOrders), query: { symbol }, schema })
  }

  getAccount(): Promise<MexcAccount> {
    return this.call({ ...this.privateRead('/api/v3/account', mexcCosts.account), schema: mexcAccountSchema })
  }

  /** Newest first. */
  getMyTrades(query: {
    readonly symbol: string
    readonly orderId?: string | undefined
    readonly startTime?: number | undefined
    readonly endTime?: number | undefined
    readonly limit: number
  }): Promise<MexcMyTrades> {
    return this.call({ ...this.privateRead('/api/v3/myTrades', mexcCosts.myTrades), query, schema: mexcMyTradesSchema })
  }

  getTradeFee(symbol: string): Promise<MexcTradeFee> {
    const schema = mexcTradeFeeSchema
    return this.call({ ...this.privateRead('/api/v3/tradeFee', mexcCosts.tradeFee), query: { symbol }, schema })
  }

  /** Pairs that this key may trade. */
  getSelfSymbols(): Promise<MexcSymbolList> {
    return this.call({
      ...this.privateRead('/api/v3/selfSymbols', mexcCosts.selfSymbols),
      schema: mexcSymbolListSchema,
    })
  }

  getApiKeyInfo(): Promise<MexcApiKeyInfo> {
    const query = { accessKey: this.signer?.apiKey }
    const schema = mexcApiKeyInfoSchema
    return this.call({ ...this.privateRead('/api/v3/apiKeyInfo', mexcCosts.apiKeyInfo), query, schema })
  }

  async createListenKey(): Promise<string> {
    const { listenKey } = await this.listenKeyCall('POST', mexcListenKeySchema)
    return listenKey
  }

  async getListenKeys(): Promise<readonly string[]> {
    const { listenKey } = await this.listenKeyCall('GET', mexcListenKeysSchema)
    return listenKey
  }

  async renewListenKey(listenKey: string): Promise<void> {
    await this.listenKeyCall('PUT', z.unknown(), listenKey)
  }

  async deleteListenKey(listenKey: string): Promise<void> {
    await this.listenKeyCall('DELETE', z.unknown(), listenKey)
  }

  private listenKeyCall<S extends z.ZodType>(method: HttpMethod, schema: S, listenKey?: string): Promise<z.output<S>> {
    return this.call({
      method,
      path: '/api/v3/userDataStream',
      query: { listenKey },
      schema,
      costs: mexcCosts.userDataStream,
      priority: 'account',
      signed: true,
      idempotent: method !== 'POST',
    })
  }

  private privateRead(path: string, costs: readonly RateCost[]) {
    return { method: 'GET', path, costs, priority: 'account', signed: true } as const
  }

  private async call<S extends z.ZodType>(call: Call<S>): Promise<z.output<S>> {
    const { method, path, schema, costs, correlationId, permit, timeoutMs, signed = false, idempotent } = call
    if (signed) await this.prepareSigning(path)
    const client = call.isOrderCall === true ? this.orders : this.general
    return client.request({
      method,
      path,
      query: encodeMexcQuery(call.query ?? {}),
      signed,
      costs,
      priority: call.priority ?? 'market-data',
      parse: (bodyText) => schema.parse(bodyText === '' ? undefined : JSON.parse(bodyText)),
      ...(idempotent !== undefined && { idempotent }),
      ...(correlationId && { correlationId }),
      ...(permit && { permit }),
      ...(timeoutMs !== undefined && { timeouts: { totalMs: timeoutMs } }),
    })
  }

  /** A signature needs the exchange's clock: the first waits for it, later ones renew it beside. */
  private async prepareSigning(path: string): Promise<void> {
    if (this.signer === undefined)
      throw new AuthenticationException({
        exchange: mexcExchangeId,
        message: `${path} needs an API key. Set apiKey and secret of mexc in the configuration.`,
      })
    if (this.serverClock.estimate === undefined) await this.measureBeforeSigning(path)
    else if (this.serverClock.ageUs > clockMeasurementMs * usPerMs) this.refreshClock()
  }

  /** Whatever goes wrong here, the call itself has not been sent. */
  private async measureBeforeSigning(path: string): Promise<void> {
    try {
      await this.measureServerTime()
    } catch (cause) {
      throw new ExchangeConnectionException({
        exchange: mexcExchangeId,
        cause,
        message: `${path} was not sent: MEXC's clock could not be read, and a signature needs it. Try again.`,
      })
    }
  }

  private refreshClock(): void {
    // A failure leaves the older measurement in force; the next call tries again.
    this.measureServerTime().catch(() => undefined)
  }

  private mapError(response: RawResponse) {
    const error = mapMexcError(response)
    if (error instanceof ClockSkewException) this.refreshClock()
    // The firewall stands before the whole host: every further request would lengthen its ban.
    if (error instanceof RateLimitException && response.status === 403)
      this.limiter.pauseAll(error.retryAfterMs ?? firewallPauseMs)
    return error
  }
}
