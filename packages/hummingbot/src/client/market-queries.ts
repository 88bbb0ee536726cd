import { failurePrefixes, withPrefix } from './client-texts.js'
import type { FrameObject } from './frame-codec.js'
import { HummingbotValidationException } from './hummingbot-exception.js'
import { assertClientOrderId, requireText } from './order-request.js'
import { DEFAULT_BOOK_DEPTH, DEFAULT_HISTORY_LIMIT, MAX_PAGE_SIZE } from './protocol-constants.js'
import type { RequestRunner } from './request-runner.js'
import { readResult } from './result-reader.js'
import {
  balancesSchema,
  orderBookSchema,
  orderSchema,
  tickerSchema,
  type HummingbotBalances,
  type HummingbotEnvelope,
  type HummingbotOrder,
  type HummingbotOrderBook,
  type HummingbotTicker,
} from './schemas.js'

/** One market of one exchange behind Hummingbot, in its own spelling. */
export interface HummingbotMarket {
  readonly exchange: string
  readonly market: string
}

/** Names an order by the server's id or by the client's. */
export type HummingbotOrderReference = HummingbotMarket &
  ({ readonly order_id: string } | { readonly client_order_id: string })

/** Which part of the history; all but `limit` only where the server has capability `history_filter`. */
export interface HummingbotHistoryQuery extends HummingbotMarket {
  /** 1 to 1,000; 50 by default. */
  readonly limit?: number
  /** Unix seconds. */
  readonly start_time?: number
  readonly end_time?: number
  readonly status?: string
  readonly cursor?: string
}

export interface MarketQueriesOptions {
  readonly runner: RequestRunner
  /** Whether the server can more than the original protocol. */
  readonly has: (capability: string) => boolean
}

/** What is asked and changes nothing: arguments checked, answers read, failures named. See `HummingbotClient`. */
export class MarketQueries {
  constructor(private readonly options: MarketQueriesOptions) {}

  orderStatus(order: HummingbotOrderReference): Promise<HummingbotOrder> {
    const { exchange, market } = checkMarket(order)
    const params =
      'client_order_id' in order
        ? { exchange, market, client_order_id: order.client_order_id }
        : { exchange, market, order_id: requireText(order.order_id, 'Order id is required') }
    if ('client_order_id' in params) assertClientOrderId(params.client_order_id)
    return this.read('get_order', params, failurePrefixes.getOrderStatus, (envelope) =>
      readResult(envelope, orderSchema, 'get_order'),
    )
  }

  openOrders(of: HummingbotMarket): Promise<HummingbotOrder[]> {
    return this.read('get_open_orders', { ...checkMarket(of) }, failurePrefixes.getOpenOrders, (envelope) =>
      readResult(envelope, orderSchema.array(), 'get_open_orders', []),
    )
  }

  orderHistory(query: HummingbotHistoryQuery): Promise<HummingbotOrder[]> {
    const { start_time, end_time, status, cursor } = query
    const filter = { start_time, end_time, status, cursor }
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
    const params = {
      ...checkMarket(query),
      limit: checkCount(query.limit ?? DEFAULT_HISTORY_LIMIT, 'limit'),
      ...(this.options.has('history_filter') && given),
    }
    return this.read('get_order_history', params, failurePrefixes.getOrderHistory, (envelope) =>
      readResult(envelope, orderSchema.array(), 'get_order_history', []),
    )
  }

  orderBook(query: HummingbotMarket & { readonly depth?: number }): Promise<HummingbotOrderBook> {
    const params = { ...checkMarket(query), depth: checkCount(query.depth ?? DEFAULT_BOOK_DEPTH, 'depth') }
    return this.read('get_order_book', params, failurePrefixes.getOrderBook, (envelope) =>
      readResult(envelope, orderBookSchema, 'get_order_book'),
    )
  }

  ticker(of: HummingbotMarket): Promise<HummingbotTicker> {
    return this.read('get_ticker', { ...checkMarket(of) }, failurePrefixes.getTicker, (envelope) =>
      readResult(envelope, tickerSchema, 'get_ticker'),
    )
  }

  balances(of: { readonly exchange: string }): Promise<HummingbotBalances> {
    const params = { exchange: requireText(of.exchange, 'Exchange is required') }
    return this.read('get_balances', params, failurePrefixes.getBalances, (envelope) =>
      readResult(envelope, balancesSchema, 'get_balances', {}),
    )
  }

  private async read<T>(
    type: string,
    params: FrameObject,
    prefix: string,
    readAnswer: (envelope: HummingbotEnvelope) => T,
  ): Promise<T> {
    try {
      return readAnswer(await this.options.runner.run(type, params))
    } catch (error) {
      throw withPrefix(error, prefix)
    }
  }
}

/** @throws {@link HummingbotValidationException} A member is missing. */
export function checkMarket({ exchange, market }: HummingbotMarket): HummingbotMarket {
  return {
    exchange: requireText(exchange, 'Exchange is required'),
    market: requireText(market, 'Market is required'),
  }
}

function checkCount(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= MAX_PAGE_SIZE) return value
  throw new HummingbotValidationException(`Invalid ${name}: ${String(value)}`)
}
