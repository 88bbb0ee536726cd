import { msPerSecond } from '@cex-arbitrage/common'
import type { RateCost } from '@cex-arbitrage/networking'
import * as z from 'zod'
import { parseJson } from '../../../decoding/lossless-json.js'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { BaseRestClient, privateRead, publicRead, type RestCallOptions } from '../../../transport/base-rest-client.js'
import { clockMeasurementMs, mexcExchangeId, mexcRestUrl } from '../constants.js'
import { mapMexcError } from '../error-map.js'
import { mexcOptionsSchema, type MexcOptions } from '../schemas.js'
import { encodeMexcQuery } from '../signer.js'
import { accountPageRows } from './constants.js'
import { createMexcFuturesRateWindows, mexcFuturesCosts, mexcFuturesTradeCosts } from './rate-limits.js'
import {
  dataOf,
  mexcContractRowsSchema,
  mexcFundingRateSchema,
  mexcFundingRecordSchema,
  mexcFuturesAssetSchema,
  mexcFuturesCancelsSchema,
  mexcFuturesFeeSchema,
  mexcFuturesFillSchema,
  mexcFuturesOrderAckSchema,
  mexcFuturesOrderSchema,
  mexcFuturesPositionSchema,
  mexcLeveragesSchema,
  mexcPositionModeSchema,
  pageOf,
  mexcFuturesCandlesSchema,
  mexcFuturesDepthSchema,
  mexcFuturesTickerSchema,
  mexcFuturesTradesSchema,
  type MexcFundingRate,
  type MexcFundingRecord,
  type MexcFuturesAsset,
  type MexcFuturesCancel,
  type MexcFuturesFee,
  type MexcFuturesFill,
  type MexcFuturesOrder,
  type MexcFuturesOrderAck,
  type MexcFuturesPosition,
  type MexcFuturesCandles,
  type MexcFuturesDepth,
  type MexcFuturesTicker,
  type MexcFuturesTrade,
} from './schemas.js'
import { MexcFuturesSigner } from './signer.js'

const home = '/api/v1/contract'
const account = '/api/v1/private'
const escaped = encodeURIComponent

/** The body of an order. */
export type MexcFuturesOrderBody = Readonly<Record<string, string | number | boolean>>

/** MEXC's futures REST API: one method per endpoint, the exchange's own types in and out. */
export class MexcFuturesRestClient extends BaseRestClient<MexcFuturesSigner> {
  readonly options: MexcOptions

  constructor(context: ExchangeContext) {
    const options = mexcOptionsSchema.parse(context.options ?? {})
    super(context, {
      exchange: mexcExchangeId,
      name: 'MEXC',
      origin: options.futuresRestUrl ?? context.restUrl ?? mexcRestUrl,
      headers: { 'content-type': 'application/json' },
      windows: createMexcFuturesRateWindows(options),
      tradeCosts: mexcFuturesTradeCosts,
      clockMeasurementMs,
      createSigner: (credentials, serverNowMs) => new MexcFuturesSigner(credentials, serverNowMs),
      encodeQuery: encodeMexcQuery,
      parseBody: parseJson,
      mapError: mapMexcError,
    })
    this.options = options
  }

  /** `GET /api/v1/contract/ping`, Unix milliseconds. */
  getTime(): Promise<number> {
    const call = { ...publicRead(`${home}/ping`, mexcFuturesCosts.ping), priority: 'account' as const }
    return this.call({ ...call, schema: dataOf(z.int()) })
  }

  /** `GET /api/v1/contract/detail`, its rows unread. */
  getContracts(): Promise<readonly unknown[]> {
    return this.call({
      ...publicRead(`${home}/detail`, mexcFuturesCosts.detail),
      schema: dataOf(mexcContractRowsSchema),
    })
  }

  /** `GET /api/v1/contract/depth/{symbol}`, with the version of its moment. */
  getDepth(symbol: string, limit: number): Promise<MexcFuturesDepth> {
    return this.call({
      ...publicRead(`${home}/depth/${escaped(symbol)}`, mexcFuturesCosts.depth),
      endpoint: `GET ${home}/depth/{symbol}`,
      query: { limit },
      schema: dataOf(mexcFuturesDepthSchema),
    })
  }

  /** `GET /api/v1/contract/ticker` of one contract. */
  getTicker(symbol: string): Promise<MexcFuturesTicker> {
    const call = { ...publicRead(`${home}/ticker`, mexcFuturesCosts.ticker), query: { symbol } }
    return this.call({ ...call, schema: dataOf(mexcFuturesTickerSchema) })
  }

  /** `GET /api/v1/contract/deals/{symbol}`, newest first. */
  getDeals(symbol: string, limit: number): Promise<readonly MexcFuturesTrade[]> {
    return this.call({
      ...publicRead(`${home}/deals/${escaped(symbol)}`, mexcFuturesCosts.deals),
      endpoint: `GET ${home}/deals/{symbol}`,
      query: { limit },
      schema: dataOf(mexcFuturesTradesSchema),
    })
  }

  /** `GET /api/v1/contract/kline/{symbol}`, oldest first; times are asked for in seconds. */
  getCandles(symbol: string, interval: string, fromMs?: number, toMs?: number): Promise<MexcFuturesCandles> {
    return this.call({
      ...publicRead(`${home}/kline/${escaped(symbol)}`, mexcFuturesCosts.kline),
      endpoint: `GET ${home}/kline/{symbol}`,
      query: {
        interval,
        start: fromMs === undefined ? undefined : Math.ceil(fromMs / msPerSecond),
        end: toMs === undefined ? undefined : Math.floor(toMs / msPerSecond),
      },
      schema: dataOf(mexcFuturesCandlesSchema),
    })
  }

  /** `GET /api/v1/contract/funding_rate/{symbol}`. */
  getFundingRate(symbol: string): Promise<MexcFundingRate> {
    return this.call({
      ...publicRead(`${home}/funding_rate/${escaped(symbol)}`, mexcFuturesCosts.fundingRate),
      endpoint: `GET ${home}/funding_rate/{symbol}`,
      schema: dataOf(mexcFundingRateSchema),
    })
  }

  /** `POST /api/v1/private/order/create`; never repeated. */
  postOrder(body: MexcFuturesOrderBody, options: RestCallOptions): Promise<MexcFuturesOrderAck> {
    return this.call({
      ...orderCommand('order/create', mexcFuturesCosts.placeOrder, 'order'),
      body,
      schema: dataOf(mexcFuturesOrderAckSchema),
      ...options,
    })
  }

  /** `POST /api/v1/private/order/cancel`; the id goes out as text, for a JSON number would lose digits. */
  cancelOrder(orderId: string, options: RestCallOptions): Promise<readonly MexcFuturesCancel[]> {
    return this.call({
      ...orderCommand('order/cancel', mexcFuturesCosts.cancelOrder, 'cancel'),
      body: [orderId],
      schema: dataOf(mexcFuturesCancelsSchema),
      ...options,
    })
  }

  /** `POST /api/v1/private/order/cancel_with_external`. */
  cancelOrderByClientId(
    symbol: string,
    externalOid: string,
    options: RestCallOptions,
  ): Promise<readonly MexcFuturesCancel[]> {
    return this.call({
      ...orderCommand('order/cancel_with_external', mexcFuturesCosts.cancelOrder, 'cancel'),
      body: [{ symbol, externalOid }],
      schema: dataOf(z.union([mexcFuturesCancelsSchema, z.unknown().transform(() => [])])),
      ...options,
    })
  }

  /** `POST /api/v1/private/order/cancel_all` of one contract. */
  async cancelAllOrders(symbol: string): Promise<void> {
    const call = orderCommand('order/cancel_all', mexcFuturesCosts.cancelOrder, 'cancel')
    await this.call({ ...call, body: { symbol }, schema: z.unknown() })
  }

  /** `GET /api/v1/private/order/get/{orderId}`. */
  getOrder(orderId: string, options: RestCallOptions): Promise<MexcFuturesOrder | undefined> {
    return this.call({
      ...privateRead(`${account}/order/get/${escaped(orderId)}`, mexcFuturesCosts.order),
      endpoint: `GET ${account}/order/get/{orderId}`,
      schema: dataOf(mexcFuturesOrderSchema.nullish().transform((order) => order ?? undefined)),
      ...options,
    })
  }

  /** `GET /api/v1/private/order/external/{symbol}/{externalOid}`. */
  getOrderByClientId(
    symbol: string,
    externalOid: string,
    options: RestCallOptions,
  ): Promise<MexcFuturesOrder | undefined> {
    return this.call({
      ...privateRead(`${account}/order/external/${escaped(symbol)}/${escaped(externalOid)}`, mexcFuturesCosts.order),
      endpoint: `GET ${account}/order/external/{symbol}/{externalOid}`,
      schema: dataOf(mexcFuturesOrderSchema.nullish().transform((order) => order ?? undefined)),
      ...options,
    })
  }

  /** `GET /api/v1/private/order/list/open_orders/{symbol}`, one page from 1. */
  getOpenOrders(symbol: string, page: number): Promise<readonly MexcFuturesOrder[]> {
    return this.call({
      ...privateRead(`${account}/order/list/open_orders/${escaped(symbol)}`, mexcFuturesCosts.openOrders),
      endpoint: `GET ${account}/order/list/open_orders/{symbol}`,
      query: { page_num: page, page_size: accountPageRows },
      schema: dataOf(pageOf(mexcFuturesOrderSchema)),
    })
  }

  /** `GET /api/v1/private/order/list/order_deals`: executions on one contract, one page from 1. */
  getFills(symbol: string, fromMs: number | undefined, page: number): Promise<readonly MexcFuturesFill[]> {
    return this.call({
      ...privateRead(`${account}/order/list/order_deals`, mexcFuturesCosts.fills),
      query: { symbol, start_time: fromMs, page_num: page, page_size: accountPageRows },
      schema: dataOf(pageOf(mexcFuturesFillSchema)),
    })
  }

  /** `GET /api/v1/private/account/assets`. */
  getAssets(): Promise<readonly MexcFuturesAsset[]> {
    const call = privateRead(`${account}/account/assets`, mexcFuturesCosts.assets)
    return this.call({ ...call, schema: dataOf(z.array(mexcFuturesAssetSchema)) })
  }

  /** `GET /api/v1/private/position/open_positions` of one contract. */
  getPositions(symbol: string): Promise<readonly MexcFuturesPosition[]> {
    const call = privateRead(`${account}/position/open_positions`, mexcFuturesCosts.positions)
    return this.call({ ...call, query: { symbol }, schema: dataOf(z.array(mexcFuturesPositionSchema)) })
  }

  /** `GET /api/v1/private/position/position_mode`: 1 keeps long and short apart, 2 is one-way. */
  getPositionMode(): Promise<number> {
    const call = privateRead(`${account}/position/position_mode`, mexcFuturesCosts.positionMode)
    return this.call({ ...call, schema: dataOf(mexcPositionModeSchema) })
  }

  /** `GET /api/v1/private/position/leverage` of one contract, by side. */
  getLeverages(symbol: string): Promise<z.output<typeof mexcLeveragesSchema>> {
    const call = privateRead(`${account}/position/leverage`, mexcFuturesCosts.leverageOf)
    return this.call({ ...call, query: { symbol }, schema: dataOf(mexcLeveragesSchema) })
  }

  /** `POST /api/v1/private/position/change_leverage`, of a position or of a side of a contract without one. */
  async postLeverage(body: Readonly<Record<string, string | number>>): Promise<void> {
    await this.call({
      method: 'POST',
      path: `${account}/position/change_leverage`,
      body,
      schema: z.unknown(),
      costs: mexcFuturesCosts.setLeverage,
      priority: 'account',
      signed: true,
      idempotent: true,
    })
  }

  /** `GET /api/v1/private/position/funding_records` of one contract and side, one page from 1. */
  getFundingRecords(query: {
    readonly symbol: string
    readonly position_type: 1 | 2
    readonly start_time: number
    readonly end_time: number
    readonly page_num: number
  }): Promise<readonly MexcFundingRecord[]> {
    return this.call({
      ...privateRead(`${account}/position/funding_records`, mexcFuturesCosts.fundingRecords),
      query: { ...query, page_size: accountPageRows },
      schema: dataOf(pageOf(mexcFundingRecordSchema)),
    })
  }

  /** `GET /api/v1/private/account/tiered_fee_rate/v2`: the account's rates on one contract. */
  getFee(symbol: string): Promise<MexcFuturesFee> {
    const call = privateRead(`${account}/account/tiered_fee_rate/v2`, mexcFuturesCosts.fee)
    return this.call({ ...call, query: { symbol }, schema: dataOf(mexcFuturesFeeSchema) })
  }
}

/** A command about orders, over the connections kept for them. */
const orderCommand = (endpoint: string, costs: readonly RateCost[], priority: 'order' | 'cancel') =>
  ({ method: 'POST', path: `${account}/${endpoint}`, costs, priority, signed: true, isOrderCall: true }) as const
