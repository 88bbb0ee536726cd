import * as z from 'zod'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { BaseRestClient, privateRead, publicRead, type RestCallOptions } from '../../transport/base-rest-client.js'
import { apiPrefix, clockMeasurementMs, gateioExchangeId, gateioRestUrl, gateioTestnetRestUrl } from './constants.js'
import { mapGateioResponse } from './error-map.js'
import { parseJson } from '../../decoding/lossless-json.js'
import {
  createGateioRateWindows,
  gateioCosts,
  gateioLimits,
  gateioTradeCosts,
  observeGateioLimits,
  type GateioLimits,
} from './rate-limits.js'
import {
  gateioAccountsSchema,
  gateioCancelledItemsSchema,
  gateioCandlesSchema,
  gateioCountdownSchema,
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

/** The body of an order, as REST and the WebSocket API take it; `text` is our id as the exchange spells it. */
export type GateioOrderBody = Readonly<Record<string, string | boolean>> & { readonly text: string }

/** In what the clients of spot and of futures differ. */
export interface GateioRestMarket {
  /** Where the API is; futures may be elsewhere. */
  originOf(context: ExchangeContext, options: GateioOptions): string
  readonly limits: GateioLimits
}

/** Where the API of spot is. */
export const spotOriginOf = (context: ExchangeContext, options: GateioOptions): string =>
  context.restUrl ?? (options.useTestnet ? gateioTestnetRestUrl : gateioRestUrl)

/** Gate.io's REST API, version 4: one method per endpoint of spot, the exchange's own types in and out. */
export class GateioRestClient extends BaseRestClient<GateioSigner> {
  readonly options: GateioOptions

  constructor(context: ExchangeContext, market: GateioRestMarket = { originOf: spotOriginOf, limits: gateioLimits }) {
    const options = gateioOptionsSchema.parse(context.options ?? {})
    super(context, {
      exchange: gateioExchangeId,
      name: 'Gate.io',
      origin: market.originOf(context, options),
      pathPrefix: apiPrefix,
      headers: { accept: 'application/json', 'x-gate-size-decimal': '1' },
      windows: createGateioRateWindows(options, market.limits),
      tradeCosts: gateioTradeCosts,
      clockMeasurementMs,
      createSigner: (credentials, serverNowMs) => new GateioSigner(credentials, serverNowMs),
      encodeQuery: encodeGateioQuery,
      parseBody: parseJson,
      mapError: mapGateioResponse,
      observeLimits: observeGateioLimits,
    })
    this.options = options
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
  postOrder(body: GateioOrderBody, expiresAtMs: number | undefined, options: RestCallOptions): Promise<GateioOrderAck> {
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
  async deleteOrder(orderId: string, pair: string, options: RestCallOptions = {}): Promise<void> {
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
  getOrder(orderId: string, pair: string, options: RestCallOptions = {}): Promise<GateioOrder> {
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

  /** Unified accounts must be named; the spot account is the default. */
  private accountParameter() {
    return { account: this.options.account === 'unified' ? 'unified' : undefined }
  }
}
