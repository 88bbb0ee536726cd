import type { RateCost } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { gateioRowsSchema } from '../schemas.js'
import { GateioRestClient, spotOriginOf } from '../rest-client.js'
import { contractsPageRows } from './constants.js'
import {
  gateioFuturesCandlesSchema,
  gateioFuturesOrderBookSchema,
  gateioFuturesTickersSchema,
  gateioFuturesTradesSchema,
  type GateioFuturesCandle,
  type GateioFuturesOrderBook,
  type GateioFuturesTicker,
  type GateioFuturesTrade,
} from './schemas.js'

/** Each public endpoint has a window of its own. */
const publicRead = (endpoint: string) => {
  const costs: readonly RateCost[] = [{ window: 'public', key: `futures ${endpoint}` }]
  return { method: 'GET', path: `/futures/usdt/${endpoint}`, costs } as const
}

/** Gate.io's REST API for contracts settled in USDT: the public endpoints. */
export class GateioFuturesRestClient extends GateioRestClient {
  constructor(context: ExchangeContext) {
    super(context, (_context, options) => options.futuresRestUrl ?? spotOriginOf(context, options))
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
}
