import type { RateCost } from '@cex-arbitrage/networking'
import * as z from 'zod'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { privateRead, type RestCallOptions } from '../../../transport/base-rest-client.js'
import { gateioCosts } from '../rate-limits.js'
import { GateioRestClient, spotOriginOf, type GateioOrderBody, type GateioRestMarket } from '../rest-client.js'
import {
  gateioCancelledItemsSchema,
  gateioCountdownSchema,
  gateioRowsSchema,
  type GateioCancelledItem,
  type GateioFee,
  type GateioOrderAck,
} from '../schemas.js'
import { contractsPageRows } from './constants.js'
import { gateioFuturesCosts, gateioFuturesLimits } from './rate-limits.js'
import {
  gateioAccountBookSchema,
  gateioFundingSchema,
  gateioFuturesAccountSchema,
  gateioFuturesCandlesSchema,
  gateioFuturesFeesSchema,
  gateioFuturesFillsSchema,
  gateioFuturesOrderAckSchema,
  gateioFuturesOrderSchema,
  gateioFuturesOrdersSchema,
  gateioFuturesPositionSchema,
  gateioFuturesOrderBookSchema,
  gateioFuturesTickersSchema,
  gateioFuturesTradesSchema,
  type GateioAccountBookRow,
  type GateioFunding,
  type GateioFuturesAccount,
  type GateioFuturesCandle,
  type GateioFuturesFill,
  type GateioFuturesOrder,
  type GateioFuturesOrderBook,
  type GateioFuturesPosition,
  type GateioFuturesTicker,
  type GateioFuturesTrade,
} from './schemas.js'

const home = '/futures/usdt'

/** Each public endpoint has a window of its own. */
const publicRead = (endpoint: string) => {
  const costs: readonly RateCost[] = [{ window: 'public', key: `futures ${endpoint}` }]
  return { method: 'GET', path: `${home}/${endpoint}`, costs } as const
}

const market: GateioRestMarket = {
  originOf: (context, options) => options.futuresRestUrl ?? spotOriginOf(context, options),
  limits: gateioFuturesLimits,
}

/** Gate.io's REST API for contracts settled in USDT: one method per endpoint, the exchange's own types in and out. */
export class GateioFuturesRestClient extends GateioRestClient {
  constructor(context: ExchangeContext) {
    super(context, market)
  }

  /** `GET /futures/usdt/contracts`, all pages, its rows unread. */
  async getContracts(): Promise<readonly unknown[]> {
    const rows: unknown[] = []
    for (;;) {
      const query = { limit: contractsPageRows, offset: rows.length }
      const page = await this.call({ ...publicRead('contracts'), query, schema: gateioRowsSchema })
      rows.push(...page)
      // Production answers the whole list whatever the limit; then the next page would repeat it.
      if (page.length !== contractsPageRows) return rows
    }
  }

  /** `GET /futures/usdt/order_book`, with the counter of its moment. */
  getFuturesOrderBook(contract: string, limit: number): Promise<GateioFuturesOrderBook> {
    const query = { contract, limit, with_id: 'true' }
    return this.call({ ...publicRead('order_book'), query, schema: gateioFuturesOrderBookSchema })
  }

  /** `GET /futures/usdt/tickers` of one contract. */
  getFuturesTickers(contract: string): Promise<readonly GateioFuturesTicker[]> {
    return this.call({ ...publicRead('tickers'), query: { contract }, schema: gateioFuturesTickersSchema })
  }

  /** `GET /futures/usdt/trades`, newest first. */
  getFuturesTrades(contract: string, limit: number): Promise<readonly GateioFuturesTrade[]> {
    return this.call({ ...publicRead('trades'), query: { contract, limit }, schema: gateioFuturesTradesSchema })
  }

  /** `GET /futures/usdt/candlesticks`, oldest first; times in seconds. `limit` excludes times. */
  getFuturesCandlesticks(query: {
    readonly contract: string
    readonly interval: string
    readonly limit?: number | undefined
    readonly from?: number | undefined
    readonly to?: number | undefined
  }): Promise<readonly GateioFuturesCandle[]> {
    return this.call({ ...publicRead('candlesticks'), query, schema: gateioFuturesCandlesSchema })
  }

  /** `GET /futures/usdt/contracts/{contract}`: what funding is reckoned by. */
  getFunding(contract: string): Promise<GateioFunding> {
    const call = { ...publicRead('contracts'), path: `${home}/contracts/${encodeURIComponent(contract)}` }
    return this.call({ ...call, endpoint: `GET ${home}/contracts/{contract}`, schema: gateioFundingSchema })
  }

  /**
   * `POST /futures/usdt/orders`; never repeated.
   *
   * @param expiresAtMs - The exchange refuses what it receives later; on its own clock.
   */
  postFuturesOrder(
    body: GateioOrderBody,
    expiresAtMs: number | undefined,
    options: RestCallOptions,
  ): Promise<GateioOrderAck> {
    return this.call({
      ...orderCommand('POST', 'orders', gateioCosts.placeOrder, 'order'),
      body,
      schema: gateioFuturesOrderAckSchema,
      ...(expiresAtMs !== undefined && { headers: { 'x-gate-exptime': String(Math.floor(expiresAtMs)) } }),
      ...options,
    })
  }

  /** `DELETE /futures/usdt/orders/{id}` by either id. */
  async deleteFuturesOrder(orderId: string, options: RestCallOptions = {}): Promise<void> {
    await this.call({
      ...orderCommand('DELETE', `orders/${encodeURIComponent(orderId)}`, gateioCosts.cancelOrder, 'cancel'),
      endpoint: `DELETE ${home}/orders/{order_id}`,
      schema: z.unknown(),
      ...options,
    })
  }

  /** `DELETE /futures/usdt/orders` of one contract: the orders that were cancelled. */
  deleteFuturesOrders(contract: string): Promise<readonly GateioCancelledItem[]> {
    const call = orderCommand('DELETE', 'orders', gateioCosts.cancelAllOrders, 'cancel')
    return this.call({ ...call, query: { contract }, schema: gateioCancelledItemsSchema })
  }

  /** `GET /futures/usdt/orders/{id}` by either id. */
  getFuturesOrder(orderId: string, options: RestCallOptions = {}): Promise<GateioFuturesOrder> {
    return this.call({
      ...privateRead(`${home}/orders/${encodeURIComponent(orderId)}`, gateioFuturesCosts.order),
      endpoint: `GET ${home}/orders/{order_id}`,
      schema: gateioFuturesOrderSchema,
      ...options,
    })
  }

  /** `GET /futures/usdt/orders?status=open`, one page. */
  getOpenFuturesOrders(contract: string, offset: number, limit: number): Promise<readonly GateioFuturesOrder[]> {
    const query = { contract, status: 'open', limit, offset }
    const call = privateRead(`${home}/orders`, gateioFuturesCosts.openOrders)
    return this.call({ ...call, query, schema: gateioFuturesOrdersSchema })
  }

  /** `GET /futures/usdt/my_trades`, newest first. */
  getMyFuturesTrades(query: {
    readonly contract: string
    readonly order?: string | undefined
    readonly limit: number
    readonly offset: number
  }): Promise<readonly GateioFuturesFill[]> {
    const call = privateRead(`${home}/my_trades`, gateioFuturesCosts.myTrades)
    return this.call({ ...call, query, schema: gateioFuturesFillsSchema })
  }

  /** `GET /futures/usdt/my_trades_timerange`, newest first; times in seconds. */
  getMyFuturesTradesSince(query: {
    readonly contract: string
    readonly from: number
    readonly limit: number
    readonly offset: number
  }): Promise<readonly GateioFuturesFill[]> {
    const call = privateRead(`${home}/my_trades_timerange`, gateioFuturesCosts.myTradesSince)
    return this.call({ ...call, query, schema: gateioFuturesFillsSchema })
  }

  /** `GET /futures/usdt/accounts`: the wallet and how positions are kept. */
  getFuturesAccount(): Promise<GateioFuturesAccount> {
    const call = privateRead(`${home}/accounts`, gateioFuturesCosts.account)
    return this.call({ ...call, schema: gateioFuturesAccountSchema })
  }

  /** `GET /futures/usdt/fee`: the account's rates on one contract, by its name. */
  getFuturesFee(contract: string): Promise<Readonly<Record<string, GateioFee>>> {
    const call = privateRead(`${home}/fee`, gateioFuturesCosts.fee)
    return this.call({ ...call, query: { contract }, schema: gateioFuturesFeesSchema })
  }

  /** `GET /futures/usdt/positions/{contract}`, of an account that keeps one position a contract. */
  getPosition(contract: string): Promise<GateioFuturesPosition> {
    return this.call({
      ...privateRead(`${home}/positions/${encodeURIComponent(contract)}`, gateioFuturesCosts.position),
      endpoint: `GET ${home}/positions/{contract}`,
      schema: gateioFuturesPositionSchema,
    })
  }

  /** `POST /futures/usdt/positions/{contract}/leverage`; the parameter goes into the query, the body is empty. */
  async postLeverage(contract: string, leverage: number): Promise<void> {
    await this.call({
      method: 'POST',
      path: `${home}/positions/${encodeURIComponent(contract)}/leverage`,
      endpoint: `POST ${home}/positions/{contract}/leverage`,
      query: { leverage },
      schema: z.unknown(),
      costs: gateioFuturesCosts.leverage,
      priority: 'account',
      signed: true,
      idempotent: true,
    })
  }

  /** `GET /futures/usdt/account_book`: entries of one kind, newest first; times in seconds. */
  getAccountBook(query: {
    readonly contract: string
    readonly type: 'fund'
    readonly from: number
    readonly limit: number
    readonly offset: number
  }): Promise<readonly GateioAccountBookRow[]> {
    const call = privateRead(`${home}/account_book`, gateioFuturesCosts.accountBook)
    return this.call({ ...call, query, schema: gateioAccountBookSchema })
  }

  /** `POST /futures/usdt/countdown_cancel_all` for all contracts; 0 ends the countdown. */
  async postFuturesCountdown(timeoutSeconds: number): Promise<void> {
    await this.call({
      method: 'POST',
      path: `${home}/countdown_cancel_all`,
      body: { timeout: timeoutSeconds },
      schema: gateioCountdownSchema,
      costs: gateioFuturesCosts.countdown,
      priority: 'cancel',
      signed: true,
      idempotent: true,
    })
  }
}

/** A command about orders, over the connections kept for them. */
const orderCommand = (
  method: 'POST' | 'DELETE',
  endpoint: string,
  costs: readonly RateCost[],
  priority: 'order' | 'cancel',
) => ({ method, path: `${home}/${endpoint}`, costs, priority, signed: true, isOrderCall: true }) as const
