import { RateLimitException, type ExchangeException } from '@cex-arbitrage/common'
import type { HttpMethod, RawResponse } from '@cex-arbitrage/networking'
import * as z from 'zod'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import {
  BaseRestClient,
  privateRead,
  publicRead,
  type RestCallOptions,
  type RestParameters,
} from '../../transport/base-rest-client.js'
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

/** Which order a query or a cancel means, in the exchange's words. */
export type MexcOrderSelector = { readonly symbol: string } & (
  | { readonly orderId: string }
  | { readonly origClientOrderId: string }
)

/** MEXC's spot REST API: one method per endpoint, the exchange's own types in and out. */
export class MexcRestClient extends BaseRestClient<MexcSigner> {
  readonly options: MexcOptions

  constructor(context: ExchangeContext) {
    const options = mexcOptionsSchema.parse(context.options ?? {})
    super(context, {
      exchange: mexcExchangeId,
      name: 'MEXC',
      origin: context.restUrl ?? mexcRestUrl,
      // Every request carries it, GET included: without it the exchange answers 700013.
      headers: { 'content-type': 'application/json' },
      windows: createMexcRateWindows(options),
      tradeCosts: mexcTradeCosts,
      clockMeasurementMs,
      createSigner: (credentials, serverNowMs) => new MexcSigner(credentials, options.recvWindowMs, serverNowMs),
      encodeQuery: encodeMexcQuery,
      parseBody: (text) => (text === '' ? undefined : JSON.parse(text)),
      mapError: mapMexcError,
    })
    this.options = options
  }

  /** `GET /api/v3/time`, Unix milliseconds. */
  async getTime(): Promise<number> {
    const call = { ...publicRead('/api/v3/time', mexcCosts.time), priority: 'account' as const }
    const { serverTime } = await this.call({ ...call, schema: mexcServerTimeSchema })
    return serverTime
  }

  getExchangeInfo(): Promise<MexcExchangeInfo> {
    const schema = mexcExchangeInfoSchema
    return this.call({ ...publicRead('/api/v3/exchangeInfo', mexcCosts.exchangeInfo), schema })
  }

  getDefaultSymbols(): Promise<MexcSymbolList> {
    const schema = mexcSymbolListSchema
    return this.call({ ...publicRead('/api/v3/defaultSymbols', mexcCosts.defaultSymbols), schema })
  }

  getDepth(symbol: string, limit: number): Promise<MexcDepth> {
    const query = { symbol, limit }
    return this.call({ ...publicRead('/api/v3/depth', mexcCosts.depth), query, schema: mexcDepthSchema })
  }

  /** Newest first. */
  getTrades(symbol: string, limit?: number): Promise<MexcTrades> {
    const query = { symbol, limit }
    return this.call({ ...publicRead('/api/v3/trades', mexcCosts.trades), query, schema: mexcTradesSchema })
  }

  /** Oldest first. */
  getKlines(query: {
    readonly symbol: string
    readonly interval: string
    readonly limit?: number | undefined
    readonly startTime?: number | undefined
    readonly endTime?: number | undefined
  }): Promise<MexcKlines> {
    return this.call({ ...publicRead('/api/v3/klines', mexcCosts.klines), query, schema: mexcKlinesSchema })
  }

  getTicker24h(symbol: string): Promise<MexcTicker24h> {
    const schema = mexcTicker24hSchema
    return this.call({ ...publicRead('/api/v3/ticker/24hr', mexcCosts.ticker24h), query: { symbol }, schema })
  }

  /** `POST /api/v3/order`; never repeated. */
  postOrder(query: RestParameters, options: RestCallOptions): Promise<MexcOrderAck> {
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
  async deleteOrder(query: MexcOrderSelector, options: RestCallOptions = {}): Promise<void> {
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

  getOrder(query: MexcOrderSelector, options: RestCallOptions = {}): Promise<MexcOrder> {
    return this.call({
      ...privateRead('/api/v3/order', mexcCosts.queryOrder),
      query,
      schema: mexcOrderSchema,
      ...options,
    })
  }

  getOpenOrders(symbol: string): Promise<readonly MexcOrder[]> {
    const schema = mexcOrdersSchema
    return this.call({ ...privateRead('/api/v3/openOrders', mexcCosts.openOrders), query: { symbol }, schema })
  }

  getAccount(): Promise<MexcAccount> {
    return this.call({ ...privateRead('/api/v3/account', mexcCosts.account), schema: mexcAccountSchema })
  }

  /** Newest first. */
  getMyTrades(query: {
    readonly symbol: string
    readonly orderId?: string | undefined
    readonly startTime?: number | undefined
    readonly endTime?: number | undefined
    readonly limit: number
  }): Promise<MexcMyTrades> {
    return this.call({ ...privateRead('/api/v3/myTrades', mexcCosts.myTrades), query, schema: mexcMyTradesSchema })
  }

  getTradeFee(symbol: string): Promise<MexcTradeFee> {
    const schema = mexcTradeFeeSchema
    return this.call({ ...privateRead('/api/v3/tradeFee', mexcCosts.tradeFee), query: { symbol }, schema })
  }

  /** Pairs that this key may trade. */
  getSelfSymbols(): Promise<MexcSymbolList> {
    return this.call({
      ...privateRead('/api/v3/selfSymbols', mexcCosts.selfSymbols),
      schema: mexcSymbolListSchema,
    })
  }

  getApiKeyInfo(): Promise<MexcApiKeyInfo> {
    const query = { accessKey: this.signer?.apiKey }
    const schema = mexcApiKeyInfoSchema
    return this.call({ ...privateRead('/api/v3/apiKeyInfo', mexcCosts.apiKeyInfo), query, schema })
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

  /** The firewall stands before the whole host: every further request would lengthen its ban. */
  protected override onError(error: ExchangeException, { status }: RawResponse): void {
    if (error instanceof RateLimitException && status === 403)
      this.limiter.pauseAll(error.retryAfterMs ?? firewallPauseMs)
  }
}
