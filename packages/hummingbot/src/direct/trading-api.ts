import { sleep } from '@cex-arbitrage/common'
import { z } from 'zod'
import { HummingbotException, HummingbotValidationException } from '../client/hummingbot-exception.js'
import { checkOrder } from '../client/order-request.js'
import * as schemas from './api-schemas.js'
import type { ApiTransport } from './api-transport.js'
import { iteratePages, type HummingbotApiPage } from './pages.js'
import { assertTradingRule } from './trading-rule.js'

/** An order for a connector of an account. Decimal text; `price` for all but market orders. */
export interface HummingbotApiOrderRequest {
  readonly account_name: string
  readonly connector_name: string
  /** `BASE-QUOTE` in upper case. */
  readonly trading_pair: string
  readonly trade_type: 'BUY' | 'SELL'
  /** In base. */
  readonly amount: string | number
  readonly order_type?: 'LIMIT' | 'MARKET' | 'LIMIT_MAKER'
  readonly price?: string | number | null
  /** Only for perpetuals. */
  readonly position_action?: 'OPEN' | 'CLOSE'
}

/** Which accounts and connectors; send both or none. */
export interface HummingbotApiFilter {
  readonly account_names?: readonly string[]
  readonly connector_names?: readonly string[]
}

export interface HummingbotApiOrderQuery extends HummingbotApiFilter {
  readonly trading_pairs?: readonly string[]
  readonly status?: string
  /** Unix milliseconds. */
  readonly start_time?: number
  readonly end_time?: number
  /** 1 to 1,000 a page; 100 by default. */
  readonly limit?: number
  readonly cursor?: string
}

export interface AwaitAcknowledgedOptions {
  readonly account_name: string
  readonly connector_name: string
  /** Milliseconds to wait at most; 30,000 by default. */
  readonly timeoutMs?: number
  /** Milliseconds between two looks; 500 by default. */
  readonly pollIntervalMs?: number
  readonly signal?: AbortSignal
}

const acknowledged: ReadonlySet<string> = new Set(['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'FAILED'])
const defaultAwaitMs = 30_000
const defaultPollMs = 500

/** Orders, trades and positions (`/trading`). */
export class TradingApi {
  constructor(private readonly transport: ApiTransport) {}

  /**
   * Places an order; sent once. The answer means that the connector has queued it: whether the exchange takes it is told
   * by {@link awaitAcknowledged}.
   *
   * @param options - `rules`: checks the order against the connector's rules before it is sent.
   * @throws {@link HummingbotValidationException} by the texts of R5.
   * @throws {@link HummingbotException} Refused before anything was placed; with `orderStateUnknown` it may be live:
   * look for it in `fetchActiveOrders` and `searchOrders` before anything else.
   * @example
   * const { order_id } = await api.trading.placeOrder({
   *   account_name: 'master_account', connector_name: 'binance', trading_pair: 'ETH-USDT',
   *   trade_type: 'BUY', amount: '0.5', order_type: 'LIMIT', price: '3000',
   * })
   */
  async placeOrder(
    order: HummingbotApiOrderRequest,
    options: { readonly rules?: schemas.HummingbotApiTradingRule } = {},
  ): Promise<schemas.HummingbotApiPlacedOrder> {
    const body = checkApiOrder(order)
    if (options.rules !== undefined) assertTradingRule(body, options.rules)
    try {
      return await this.transport.command('POST', '/trading/orders', schemas.placedOrderSchema, body)
    } catch (error) {
      throw judgePlacement(error as HummingbotException)
    }
  }

  /**
   * Begins a cancellation; its end shows by polling.
   *
   * @throws {@link HummingbotException} `invalid_order`: not among the active orders.
   */
  async cancelOrder(accountName: string, connectorName: string, orderId: string): Promise<void> {
    const path = `/trading/${segment(accountName)}/${segment(connectorName)}/orders/${segment(orderId)}/cancel`
    await this.transport.command('POST', path, schemas.messageSchema)
  }

  /** One page of what rests. An empty one proves nothing: a connector that fails is left out silently. */
  fetchActiveOrders(query: HummingbotApiOrderQuery = {}): Promise<HummingbotApiPage<schemas.HummingbotApiOrder>> {
    return this.transport.query('/trading/orders/active', schemas.pageSchema(schemas.apiOrderSchema), query)
  }

  /** One page from the database, newest first. There is no look-up by id: filter the result. */
  searchOrders(query: HummingbotApiOrderQuery = {}): Promise<HummingbotApiPage<schemas.HummingbotApiOrder>> {
    return this.transport.query('/trading/orders/search', schemas.pageSchema(schemas.apiOrderSchema), query)
  }

  /** Own fills, one page. */
  fetchTrades(query: HummingbotApiOrderQuery = {}): Promise<HummingbotApiPage<schemas.HummingbotApiTrade>> {
    return this.transport.query('/trading/trades', schemas.pageSchema(schemas.apiTradeSchema), query)
  }

  /** Positions of perpetual connectors, one page. */
  fetchPositions(query: HummingbotApiOrderQuery = {}): Promise<HummingbotApiPage<schemas.HummingbotApiPosition>> {
    return this.transport.query('/trading/positions', schemas.pageSchema(schemas.apiPositionSchema), query)
  }

  fetchFundingPayments(query: HummingbotApiFilter & { readonly trading_pair?: string; readonly cursor?: string } = {}) {
    return this.transport.query('/trading/funding-payments', schemas.pageSchema(schemas.apiFundingPaymentSchema), query)
  }

  /** All active orders, page by page. */
  iterateActiveOrders(query: HummingbotApiOrderQuery = {}, maxPages?: number) {
    return this.iterate(
      (cursor) => this.fetchActiveOrders({ ...query, ...cursor }),
      (order) => order.order_id,
      maxPages,
    )
  }

  /**
   * All orders of a search. Where the server's cursor stands still, it goes on by moving `end_time` back to the oldest
   * order seen.
   */
  async *iterateOrders(
    query: HummingbotApiOrderQuery = {},
    maxPages = 100,
  ): AsyncGenerator<schemas.HummingbotApiOrder> {
    const seen = new Set<string>()
    let endMs = query.end_time
    for (let round = 0; round < maxPages; round++) {
      const before = seen.size
      let oldestMs = Infinity
      const window = { ...query, ...(endMs !== undefined && { end_time: endMs }) }
      const orders = this.iterate(
        (cursor) => this.searchOrders({ ...window, ...cursor }),
        (each) => each.order_id,
        maxPages,
      )
      for await (const order of orders) {
        oldestMs = Math.min(oldestMs, order.created_at)
        if (seen.has(order.order_id)) continue
        seen.add(order.order_id)
        yield order
      }
      if (seen.size === before) return
      endMs = oldestMs
    }
  }

  iterateTrades(query: HummingbotApiOrderQuery = {}, maxPages?: number) {
    return this.iterate(
      (cursor) => this.fetchTrades({ ...query, ...cursor }),
      (trade) => trade.trade_id,
      maxPages,
    )
  }

  /** The order among the active ones and the newest of the database; `undefined` where neither shows it. */
  async findOrder(
    orderId: string,
    of: { readonly account_name: string; readonly connector_name: string },
  ): Promise<schemas.HummingbotApiOrder | undefined> {
    const filter = { account_names: [of.account_name], connector_names: [of.connector_name], limit: 1_000 }
    for await (const order of this.iterateActiveOrders(filter)) if (order.order_id === orderId) return order
    const { data } = await this.searchOrders(filter)
    return data.find((order) => order.order_id === orderId)
  }

  /**
   * Waits until the exchange has said what it thinks of an order: `OPEN`, `PARTIALLY_FILLED`, `FILLED`, `CANCELLED`, or
   * `FAILED` with its `error_message`.
   *
   * @throws {@link HummingbotException} with `orderStateUnknown`: no verdict in time; it may be live.
   * @example const order = await api.trading.awaitAcknowledged(order_id, { account_name, connector_name, timeoutMs: 10_000 })
   */
  async awaitAcknowledged(orderId: string, options: AwaitAcknowledgedOptions): Promise<schemas.HummingbotApiOrder> {
    const { clock } = this.transport
    const { timeoutMs = defaultAwaitMs, pollIntervalMs = defaultPollMs, signal } = options
    const deadlineUs = clock.nowUs() + timeoutMs * 1_000
    let cause: unknown
    for (;;) {
      try {
        const order = await this.findOrder(orderId, options)
        if (order !== undefined && acknowledged.has(order.status)) return order
      } catch (error) {
        // A look that failed proves nothing; the next one may not.
        if (!(error as HummingbotException).retriable) throw error
        cause = error
      }
      const leftMs = (deadlineUs - clock.nowUs()) / 1_000
      if (leftMs <= 0) break
      await sleep(clock, Math.min(pollIntervalMs, leftMs), signal)
    }
    throw new HummingbotException({
      message: `Order ${orderId} has no verdict after ${timeoutMs} ms. It may be live: look again before anything else.`,
      category: 'connection_error',
      requestType: 'awaitAcknowledged',
      orderStateUnknown: true,
      clientOrderId: orderId,
      cause,
    })
  }

  async fetchPositionMode(accountName: string, connectorName: string): Promise<'HEDGE' | 'ONEWAY'> {
    const path = `/trading/${segment(accountName)}/${segment(connectorName)}/position-mode`
    return (await this.transport.get(path, z.object({ position_mode: z.enum(['HEDGE', 'ONEWAY']) }))).position_mode
  }

  /** Without effect while the connector knows no pair: add one first, and read back. */
  async setPositionMode(accountName: string, connectorName: string, mode: 'HEDGE' | 'ONEWAY'): Promise<void> {
    const path = `/trading/${segment(accountName)}/${segment(connectorName)}/position-mode`
    await this.transport.command('POST', path, schemas.anySchema, { position_mode: mode })
  }

  /** @param leverage - 1 to 125. Errors and caveat as `setPositionMode`. */
  async setLeverage(accountName: string, connectorName: string, pair: string, leverage: number): Promise<void> {
    const path = `/trading/${segment(accountName)}/${segment(connectorName)}/leverage`
    await this.transport.command('POST', path, schemas.anySchema, { trading_pair: pair, leverage })
  }

  private iterate<T>(
    fetchPage: (cursor: { readonly cursor?: string }) => Promise<HummingbotApiPage<T>>,
    idOf: (item: T) => string,
    maxPages: number | undefined,
  ): AsyncGenerator<T, void, void> {
    return iteratePages((cursor) => fetchPage(cursor === undefined ? {} : { cursor }), idOf, maxPages)
  }
}

/** Checks an order by R5. @throws {@link HummingbotValidationException} */
function checkApiOrder(order: HummingbotApiOrderRequest): HummingbotApiOrderRequest & { readonly amount: string } {
  const { trade_type, order_type = 'LIMIT', price, position_action } = order
  const checked = checkOrder({
    exchange: order.connector_name,
    market: order.trading_pair,
    side: trade_type === 'BUY' ? 'buy' : trade_type === 'SELL' ? 'sell' : (trade_type as never),
    order_type: order_type === 'MARKET' ? 'market' : 'limit',
    amount: order.amount,
    ...(price !== undefined && { price }),
  })
  if (!['LIMIT', 'MARKET', 'LIMIT_MAKER'].includes(order_type))
    throw new HummingbotValidationException(`Invalid order type: ${order_type}`)
  if (order.account_name === '') throw new HummingbotValidationException('Account is required')
  return {
    account_name: order.account_name,
    connector_name: order.connector_name,
    trading_pair: order.trading_pair,
    trade_type,
    amount: checked.amount,
    order_type,
    ...(checked.price !== undefined && { price: checked.price }),
    ...(position_action !== undefined && { position_action }),
  }
}

/** What a failed placement proves (B2.1): 4xx and 503 come before the connector is called. */
function judgePlacement(error: HummingbotException): HummingbotException {
  const { httpStatus } = error
  if (httpStatus === 503) return error.with({ isUnsent: true })
  const isKnown = error.isUnsent || (httpStatus !== undefined && httpStatus >= 400 && httpStatus < 500)
  return isKnown ? error : error.with({ orderStateUnknown: true })
}

/** A part of a path; what could lead elsewhere is encoded. */
const segment = (name: string): string => encodeURIComponent(name)
