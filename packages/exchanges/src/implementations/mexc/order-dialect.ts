import {
  asExchangeOrderId,
  msPerSecond,
  type ExchangeOrderId,
  type Fill,
  type Instrument,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type { RequestSigner } from '@cex-arbitrage/networking'
import type { FillQuery } from '../../interfaces/order-gateway.js'
import type { BaseRestClient, RestCallOptions } from '../../transport/base-rest-client.js'
import { maxFillsPerPage } from './constants.js'
import { mapMyTrade, mapOrder, mapOrderReference, mapOrderRequest } from './order-mapper.js'
import type { MexcRestClient } from './rest-client.js'
import type { MexcMyTrade } from './schemas.js'

/** What an exchange answers to an order that it has taken. */
export interface MexcPlacedOrder {
  readonly exchangeOrderId: ExchangeOrderId
  readonly exchangeTimeMs: number | undefined
}

/** In what orders on spot and on futures differ. */
export interface MexcOrderDialect {
  readonly rest: Pick<BaseRestClient<RequestSigner>, 'warmUp' | 'admissions'>
  /**
   * Makes the call that submits an order, without sending it.
   *
   * @throws {@link ExchangeRequestException} or {@link ExchangeCapabilityException} The exchange cannot be asked this.
   */
  prepareOrder(order: OrderRequest): (options: RestCallOptions) => Promise<MexcPlacedOrder>
  cancelOrder(order: OrderReference, options: RestCallOptions): Promise<void>
  cancelAllOrders(instrument: Instrument): Promise<void>
  fetchOrder(order: OrderReference, options: RestCallOptions): Promise<OrderUpdate>
  fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]>
  /** All pages, oldest first. */
  fetchFills(query: FillQuery): Promise<readonly Fill[]>
}

/** Orders on spot. */
export function createMexcSpotOrderDialect(rest: MexcRestClient): MexcOrderDialect {
  return {
    rest,
    prepareOrder: (order) => {
      const parameters = mapOrderRequest(order)
      return async (options) => {
        const answer = await rest.postOrder(parameters, options)
        return {
          exchangeOrderId: asExchangeOrderId(answer.orderId),
          exchangeTimeMs: answer.transactTime ?? undefined,
        }
      }
    },
    cancelOrder: (order, options) => rest.deleteOrder(mapOrderReference(order), options),
    cancelAllOrders: ({ exchangeSymbol }) => rest.deleteOpenOrders(exchangeSymbol),
    fetchOrder: async (order, options) =>
      mapOrder(await rest.getOrder(mapOrderReference(order), options), order.instrument),
    fetchOpenOrders: async (instrument) => {
      const orders = await rest.getOpenOrders(instrument.exchangeSymbol)
      return orders.map((order) => mapOrder(order, instrument))
    },
    fetchFills: (query) => fetchFillPages(rest, query),
  }
}

/** Pages backwards by time, whose steps are whole seconds, until a page brings nothing new. */
async function fetchFillPages(
  rest: MexcRestClient,
  { instrument, exchangeOrderId, fromMs }: FillQuery,
): Promise<readonly Fill[]> {
  const byId = new Map<string, MexcMyTrade>()
  let endTime: number | undefined
  for (;;) {
    const page = await rest.getMyTrades({
      symbol: instrument.exchangeSymbol,
      orderId: exchangeOrderId,
      startTime: fromMs === undefined ? undefined : wholeSecondMs(fromMs),
      endTime,
      limit: maxFillsPerPage,
    })
    const known = byId.size
    for (const trade of page) if (!byId.has(trade.id)) byId.set(trade.id, trade)
    if (page.length < maxFillsPerPage || byId.size === known) break
    endTime = page.reduce((oldest, trade) => Math.min(oldest, trade.time), Number.POSITIVE_INFINITY)
  }
  return [...byId.values()]
    .filter((trade) => fromMs === undefined || trade.time >= wholeSecondMs(fromMs))
    .toReversed()
    .toSorted((a, b) => a.time - b.time)
    .map((trade) => mapMyTrade(trade, instrument))
}

/** Times of own trades have whole seconds, so bounds are cut to them. */
const wholeSecondMs = (timeMs: number): number => Math.floor(timeMs / msPerSecond) * msPerSecond
