import {
  asExchangeOrderId,
  ExchangeRequestException,
  OrderNotFoundException,
  type Fill,
  type OrderReference,
} from '@cex-arbitrage/common'
import type { FillQuery } from '../../../interfaces/order-gateway.js'
import type { RestCallOptions } from '../../../transport/base-rest-client.js'
import { mexcExchangeId } from '../constants.js'
import type { MexcOrderDialect } from '../order-dialect.js'
import { accountPageRows } from './constants.js'
import { mapFuturesFill, mapFuturesOrder, mapFuturesOrderRequest } from './order-mapper.js'
import type { MexcLeverages } from './position-desk.js'
import type { MexcFuturesRestClient } from './rest-client.js'
import type { MexcFuturesCancel, MexcFuturesFill, MexcFuturesOrder } from './schemas.js'

/** Orders on contracts. @param leverages - What each order has to name. */
export function createFuturesOrderDialect(rest: MexcFuturesRestClient, leverages: MexcLeverages): MexcOrderDialect {
  return {
    rest,
    prepareOrder: (order) => {
      const body = mapFuturesOrderRequest(order, leverages.get(order.instrument))
      return async (options) => {
        const { orderId, ts } = await rest.postOrder(body, options)
        return { exchangeOrderId: asExchangeOrderId(orderId), exchangeTimeMs: ts ?? undefined }
      }
    },
    cancelOrder: async (order, options) => {
      for (const cancel of await sendCancel(rest, order, options)) assertCancelled(cancel, order)
    },
    cancelAllOrders: ({ exchangeSymbol }) => rest.cancelAllOrders(exchangeSymbol),
    fetchOrder: async (order, options) => {
      const found = await findOrder(rest, order, options)
      if (found === undefined) throw createNotFound(order, 'MEXC answered no order')
      return mapFuturesOrder(found, order.instrument)
    },
    fetchOpenOrders: async (instrument) => {
      const orders = new Map<string, MexcFuturesOrder>()
      for (let page = 1; ; page++) {
        const rows = await rest.getOpenOrders(instrument.exchangeSymbol, page)
        for (const row of rows) orders.set(row.orderId, row)
        if (rows.length < accountPageRows) break
      }
      return [...orders.values()].map((order) => mapFuturesOrder(order, instrument))
    },
    fetchFills: (query) => fetchFills(rest, query),
  }
}

function sendCancel(rest: MexcFuturesRestClient, order: OrderReference, options: RestCallOptions) {
  const { instrument, clientOrderId, exchangeOrderId } = order
  if (exchangeOrderId !== undefined) return rest.cancelOrder(exchangeOrderId, options)
  if (clientOrderId !== undefined) return rest.cancelOrderByClientId(instrument.exchangeSymbol, clientOrderId, options)
  throw createNameless(order)
}

function findOrder(rest: MexcFuturesRestClient, order: OrderReference, options: RestCallOptions) {
  const { instrument, clientOrderId, exchangeOrderId } = order
  if (exchangeOrderId !== undefined) return rest.getOrder(exchangeOrderId, options)
  if (clientOrderId !== undefined) return rest.getOrderByClientId(instrument.exchangeSymbol, clientOrderId, options)
  throw createNameless(order)
}

/** The answer to a cancel is a success whatever became of the order. */
function assertCancelled({ errorCode, errorMsg }: MexcFuturesCancel, order: OrderReference): void {
  if (errorCode === 0) return
  const said = `MEXC did not cancel it (code ${errorCode}, ${errorMsg ?? 'no reason'})`
  throw createNotFound(order, said, String(errorCode))
}

const nameOf = ({ clientOrderId, exchangeOrderId }: OrderReference): string => exchangeOrderId ?? clientOrderId ?? ''

const createNotFound = (order: OrderReference, said: string, exchangeCode?: string): OrderNotFoundException =>
  new OrderNotFoundException({
    exchange: mexcExchangeId,
    exchangeCode,
    message: `${said} for ${nameOf(order)} on ${order.instrument.id}. It may have ended: ask for its state.`,
  })

const createNameless = (order: OrderReference): ExchangeRequestException =>
  new ExchangeRequestException({
    exchange: mexcExchangeId,
    message: `An order on ${order.instrument.id} was asked for without an id. Give one of the two.`,
  })

/** Executions are listed by contract and time alone: those of an order are looked for from its birth on. */
async function fetchFills(
  rest: MexcFuturesRestClient,
  { instrument, exchangeOrderId, fromMs }: FillQuery,
): Promise<readonly Fill[]> {
  const order = exchangeOrderId === undefined ? undefined : await rest.getOrder(exchangeOrderId, {})
  const startMs = Math.max(fromMs ?? 0, order?.createTime ?? 0)
  const rows = new Map<string, MexcFuturesFill>()
  for (let page = 1; ; page++) {
    const found = await rest.getFills(instrument.exchangeSymbol, startMs === 0 ? undefined : startMs, page)
    for (const row of found) rows.set(`${row.id} ${row.orderId}`, row)
    if (found.length < accountPageRows) break
  }
  return [...rows.values()]
    .filter((row) => exchangeOrderId === undefined || row.orderId === exchangeOrderId)
    .filter((row) => fromMs === undefined || row.timestamp >= fromMs)
    .toReversed()
    .toSorted((a, b) => a.timestamp - b.timestamp)
    .map((row) => mapFuturesFill(row, instrument))
}
