import type { Clock, Logger, Random } from '@cex-arbitrage/common'
import { RestClient, type RequestPriority } from '@cex-arbitrage/networking'
import { z } from 'zod'
import { parseTolerantJson } from '../direct/tolerant-json.js'
import { MAX_PAGES, PAGE_SIZE, UPSTREAM_KEEP_ALIVE_MS, UPSTREAM_TIMEOUT_MS } from './bridge-constants.js'
import type { UpstreamOptions, UpstreamPlace } from './bridge-options.js'
import { secondsOf } from './upstream-values.js'
import { mapUpstreamError } from './upstream-failure.js'
import {
  bookSchema,
  candlesSchema,
  orderItemSchema,
  pageSchema,
  placedOrderSchema,
  portfolioSchema,
  pricesSchema,
  tradeItemSchema,
  tradingRulesSchema,
  type OrderItem,
  type TradeItem,
  type UpstreamBook,
} from './upstream-schemas.js'

/** An order as it is posted. */
export interface UpstreamOrder {
  readonly place: UpstreamPlace
  readonly pair: string
  readonly side: 'buy' | 'sell'
  readonly orderType: 'limit' | 'market'
  /** Decimal text, base. */
  readonly amount: string
  /** Decimal text; of a limit order. */
  readonly price: string | undefined
}

const candleCount = 24

/** The routes of hummingbot-api that the bridge uses. Every call is made once; repeating is the client's decision. */
export class UpstreamApi {
  private readonly rest: RestClient

  constructor(
    options: UpstreamOptions,
    parts: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
  ) {
    this.rest = new RestClient({
      origin: options.baseUrl,
      ...parts,
      retry: { maxAttempts: 1 },
      circuit: false,
      keepAliveMs: UPSTREAM_KEEP_ALIVE_MS,
      timeouts: { headersMs: UPSTREAM_TIMEOUT_MS, totalMs: UPSTREAM_TIMEOUT_MS + 5_000 },
      errorMapper: mapUpstreamError,
      ...(options.tls !== undefined && { socket: { tls: options.tls } }),
      headers: { authorization: basicHeader(options) },
    })
  }

  /** Resolves with the order's id once it is queued in the connector; the exchange has not seen it then. */
  async placeOrder({ place, pair, side, orderType, amount, price }: UpstreamOrder): Promise<string> {
    const body = {
      account_name: place.accountName,
      connector_name: place.connectorName,
      trading_pair: pair,
      trade_type: side.toUpperCase(),
      amount,
      order_type: orderType.toUpperCase(),
      ...(price !== undefined && { price }),
      position_action: 'OPEN',
    }
    return (await this.post('/trading/orders', body, placedOrderSchema, 'order')).order_id
  }

  /** Starts a cancellation. */
  async startCancel({ accountName, connectorName }: UpstreamPlace, orderId: string): Promise<void> {
    const parts = [accountName, connectorName, 'orders', orderId, 'cancel'].map(encodeURIComponent)
    await this.post(`/trading/${parts.join('/')}`, undefined, z.unknown(), 'cancel', 'POST cancel')
  }

  /** All orders that the connector works on. */
  fetchActive(place: UpstreamPlace, pairs?: readonly string[]): Promise<OrderItem[]> {
    return this.fetchPages('/trading/orders/active', { ...filterOf(place, pairs), limit: PAGE_SIZE }, orderItemSchema)
  }

  /** The newest rows of the database; without pairs also those whose pair it has forgotten. */
  async search(place: UpstreamPlace, limit: number, pairs?: readonly string[]): Promise<OrderItem[]> {
    const page = await this.post('/trading/orders/search', { ...filterOf(place, pairs), limit }, pageSchema)
    return page.data.map((row) => orderItemSchema.parse(row))
  }

  /** One order in the database, searched from the newest rows backwards, because its cursors lead nowhere. */
  async findInHistory(place: UpstreamPlace, orderId: string): Promise<OrderItem | undefined> {
    const seen = new Set<string>()
    for (let endMs: number | undefined, pages = 0; pages < MAX_PAGES; pages++) {
      const body = { ...filterOf(place), limit: PAGE_SIZE, ...(endMs !== undefined && { end_time: endMs }) }
      const { data } = await this.post('/trading/orders/search', body, pageSchema)
      const rows = data.map((row) => orderItemSchema.parse(row))
      const found = rows.find((row) => row.order_id === orderId)
      const oldestS = secondsOf(rows.at(-1)?.created_at)
      const hasNews = rows.some((row) => !seen.has(row.order_id))
      if (found !== undefined || rows.length < PAGE_SIZE || !hasNews || oldestS === undefined) return found
      for (const row of rows) seen.add(row.order_id)
      endMs = Math.ceil(oldestS * 1000)
    }
    return undefined
  }

  /** Own fills since `startMs`. */
  fetchTrades(place: UpstreamPlace, startMs: number): Promise<TradeItem[]> {
    const body = { ...filterOf(place), start_time: Math.floor(startMs), limit: PAGE_SIZE }
    return this.fetchPages('/trading/trades', body, tradeItemSchema)
  }

  fetchBook(connector: string, pair: string, depth: number): Promise<UpstreamBook> {
    const body = { connector_name: connector, trading_pair: pair, depth }
    return this.post('/market-data/order-book', body, bookSchema, 'market-data')
  }

  /** Last traded price; `undefined` when there is none. */
  async fetchPrice(connector: string, pair: string): Promise<number | string | undefined> {
    const body = { connector_name: connector, trading_pairs: [pair] }
    const { prices } = await this.post('/market-data/prices', body, pricesSchema, 'market-data')
    return prices[pair] ?? undefined
  }

  /** Volumes of the last 24 hours, hour by hour. */
  async fetchHourlyVolumes(connector: string, pair: string): Promise<readonly (number | string)[]> {
    const body = { connector_name: connector, trading_pair: pair, interval: '1h', max_records: candleCount }
    const candles = await this.post('/market-data/candles', body, candlesSchema, 'market-data')
    return candles.map(({ volume }) => volume ?? 0)
  }

  async fetchPortfolio(place: UpstreamPlace): Promise<z.infer<typeof portfolioSchema>> {
    return this.post('/portfolio/state', { ...filterOf(place), refresh: true, skip_gateway: true }, portfolioSchema)
  }

  /** Steps of price and amount; nothing where the server does not tell. */
  async fetchSteps(connector: string, pair: string): Promise<z.infer<typeof tradingRulesSchema>[string] | undefined> {
    const path = `/connectors/${encodeURIComponent(connector)}/trading-rules`
    const rules = await this.rest.request({
      method: 'GET',
      path,
      query: { trading_pairs: pair },
      priority: 'background',
      parse: (text) => tradingRulesSchema.parse(parseTolerantJson(text)),
    })
    return rules[pair]
  }

  close(): Promise<void> {
    return this.rest.close(1_000)
  }

  /** Follows the cursor while it moves and brings something new. */
  private async fetchPages<T extends z.ZodType>(path: string, body: object, schema: T): Promise<z.output<T>[]> {
    const rows: z.output<T>[] = []
    const cursors = new Set<string>()
    for (let cursor: string | undefined, pages = 0; pages < MAX_PAGES; pages++) {
      const page = await this.post(path, { ...body, ...(cursor !== undefined && { cursor }) }, pageSchema)
      rows.push(...page.data.map((row) => schema.parse(row)))
      const next = page.pagination?.has_more === true ? page.pagination.next_cursor : undefined
      if (typeof next !== 'string' || cursors.has(next) || page.data.length === 0) break
      cursors.add(next)
      cursor = next
    }
    return rows
  }

  private post<T extends z.ZodType>(
    path: string,
    body: object | undefined,
    schema: T,
    priority: RequestPriority = 'account',
    endpoint = `POST ${path}`,
  ): Promise<z.output<T>> {
    return this.rest.request({
      method: 'POST',
      path,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      priority,
      endpoint,
      parse: (text) => schema.parse(parseTolerantJson(text)),
    })
  }
}

/** The `Authorization` header of hummingbot-api. */
export const basicHeader = ({ user, password }: UpstreamOptions): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const filterOf = ({ accountName, connectorName }: UpstreamPlace, pairs?: readonly string[]): object => ({
  account_names: [accountName],
  connector_names: [connectorName],
  ...(pairs !== undefined && { trading_pairs: pairs }),
})
