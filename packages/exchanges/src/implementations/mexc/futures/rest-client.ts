import { msPerSecond } from '@cex-arbitrage/common'
import * as z from 'zod'
import { parseJson } from '../../../decoding/lossless-json.js'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { BaseRestClient, publicRead } from '../../../transport/base-rest-client.js'
import { clockMeasurementMs, mexcExchangeId, mexcRestUrl } from '../constants.js'
import { mapMexcError } from '../error-map.js'
import { mexcOptionsSchema, type MexcOptions } from '../schemas.js'
import { encodeMexcQuery } from '../signer.js'
import { createMexcFuturesRateWindows, mexcFuturesCosts, mexcFuturesTradeCosts } from './rate-limits.js'
import {
  dataOf,
  mexcContractRowsSchema,
  mexcFundingRateSchema,
  mexcFuturesCandlesSchema,
  mexcFuturesDepthSchema,
  mexcFuturesTickerSchema,
  mexcFuturesTradesSchema,
  type MexcFundingRate,
  type MexcFuturesCandles,
  type MexcFuturesDepth,
  type MexcFuturesTicker,
  type MexcFuturesTrade,
} from './schemas.js'
import { MexcFuturesSigner } from './signer.js'

const home = '/api/v1/contract'
const escaped = encodeURIComponent

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
}
