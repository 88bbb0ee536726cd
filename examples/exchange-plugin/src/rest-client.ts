import {
  BaseRestClient,
  privateRead,
  publicRead,
  type ExchangeContext,
  type RestCallOptions,
  type RestParameters,
} from '@cex-arbitrage/exchanges'
import * as z from 'zod'
import { clockMeasurementMs, sampleExchangeId, sampleRestUrl } from './constants.js'
import { mapSampleError } from './error-map.js'
import { createSampleRateWindows, sampleCosts, sampleTradeCosts } from './rate-limits.js'
import * as schemas from './schemas.js'
import { SampleSigner } from './signer.js'

/** Names an order by either id. */
export type SampleOrderId = { readonly id: string } | { readonly clientId: string }

/** The exchange's REST API: one method per endpoint, its own types in and out. */
export class SampleRestClient extends BaseRestClient<SampleSigner> {
  constructor(context: ExchangeContext) {
    const options = schemas.sampleOptionsSchema.parse(context.options ?? {})
    super(context, {
      exchange: sampleExchangeId,
      name: 'Sample',
      origin: context.restUrl ?? sampleRestUrl,
      pathPrefix: '/api',
      headers: { accept: 'application/json' },
      windows: createSampleRateWindows(options),
      tradeCosts: sampleTradeCosts,
      clockMeasurementMs,
      createSigner: (credentials, serverNowMs) => new SampleSigner(credentials, serverNowMs),
      encodeQuery: (parameters) => new URLSearchParams(textsOf(parameters)).toString(),
      parseBody: (text): unknown => JSON.parse(text),
      mapError: mapSampleError,
    })
  }

  /** `GET /time`, Unix milliseconds. */
  async getTime(): Promise<number> {
    return (await this.call({ ...publicRead('/time', sampleCosts.read), schema: schemas.sampleTimeSchema })).time
  }

  /** `GET /instruments`, its rows unread. */
  getInstruments() {
    return this.call({ ...publicRead('/instruments', sampleCosts.read), schema: schemas.sampleRowsSchema })
  }

  /** `GET /book`, with the counter at which it stands. */
  getBook(symbol: string, depth: number) {
    const query = { symbol, depth }
    return this.call({ ...publicRead('/book', sampleCosts.read), query, schema: schemas.sampleBookSchema })
  }

  /** `GET /trades`, newest first. */
  getTrades(symbol: string, limit: number) {
    const schema = z.array(schemas.sampleTradeSchema)
    return this.call({ ...publicRead('/trades', sampleCosts.read), query: { symbol, limit }, schema })
  }

  /** `GET /ticker`. */
  getTicker(symbol: string) {
    return this.call({
      ...publicRead('/ticker', sampleCosts.read),
      query: { symbol },
      schema: schemas.sampleTickerSchema,
    })
  }

  /** `GET /candles`, oldest first; times in Unix milliseconds. */
  getCandles(query: RestParameters) {
    const schema = z.array(schemas.sampleCandleSchema)
    return this.call({ ...publicRead('/candles', sampleCosts.read), query, schema })
  }

  /** `GET /account`: balances, and what the key may do. */
  getAccount() {
    return this.call({ ...privateRead('/account', sampleCosts.read), schema: schemas.sampleAccountSchema })
  }

  /** `POST /orders`; never repeated. */
  postOrder(body: Readonly<Record<string, string>>, options: RestCallOptions) {
    return this.call({ ...orderCall('POST', '/orders'), body, schema: schemas.sampleAckSchema, ...options })
  }

  /** `DELETE /order`. */
  async deleteOrder(order: SampleOrderId, options: RestCallOptions): Promise<void> {
    await this.call({
      ...orderCall('DELETE', '/order'),
      priority: 'cancel',
      query: order,
      schema: z.unknown(),
      ...options,
    })
  }

  /** `DELETE /orders` of one pair. */
  async deleteOrders(symbol: string): Promise<void> {
    await this.call({ ...orderCall('DELETE', '/orders'), priority: 'cancel', query: { symbol }, schema: z.unknown() })
  }

  /** `GET /order`. */
  getOrder(order: SampleOrderId, options: RestCallOptions) {
    const call = { ...privateRead('/order', sampleCosts.read), query: order }
    return this.call({ ...call, schema: schemas.sampleOrderSchema, ...options })
  }

  /** `GET /orders`: those that rest. */
  getOpenOrders(symbol: string) {
    const schema = z.array(schemas.sampleOrderSchema)
    return this.call({ ...privateRead('/orders', sampleCosts.read), query: { symbol }, schema })
  }

  /** `GET /fills`, oldest first. */
  getFills(query: RestParameters) {
    const schema = z.array(schemas.sampleFillSchema)
    return this.call({ ...privateRead('/fills', sampleCosts.read), query, schema })
  }
}

const orderCall = <M extends 'POST' | 'DELETE'>(method: M, path: string) =>
  ({ method, path, costs: sampleCosts.order, priority: 'order', signed: true, isOrderCall: true }) as const

const textsOf = (parameters: RestParameters): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
