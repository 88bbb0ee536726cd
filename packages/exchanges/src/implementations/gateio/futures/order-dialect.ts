import type { ExchangeContext } from '../../../factory/exchange-context.js'
import type { GateioOrderDialect } from '../order-dialect.js'
import { mapOrderReference } from '../order-mapper.js'
import { accountPageRows, decimalSizeHeaders, futuresChannels } from './constants.js'
import { mapFuturesFill, mapFuturesOrder, mapFuturesOrderRequest } from './order-mapper.js'
import type { GateioFuturesRestClient } from './rest-client.js'
import { gateioFuturesOrderAckSchema } from './schemas.js'
import { futuresWebSocketUrlOf } from './ws-protocol.js'

/** Orders on contracts settled in USDT. */
export function createFuturesOrderDialect(context: ExchangeContext, rest: GateioFuturesRestClient): GateioOrderDialect {
  return {
    socket: {
      name: 'gateio futures orders',
      url: futuresWebSocketUrlOf(context, rest.options),
      headers: decimalSizeHeaders,
      channels: futuresChannels,
    },
    placeEndpoint: 'POST /futures/usdt/orders',
    cancelAllEndpoint: 'DELETE /futures/usdt/orders',
    ackSchema: gateioFuturesOrderAckSchema,
    openOrdersPageRows: accountPageRows,
    fillsPageRows: accountPageRows,
    mapRequest: mapFuturesOrderRequest,
    postOrder: (body, expiresAtMs, options) => rest.postFuturesOrder(body, expiresAtMs, options),
    deleteOrder: (order, options) => rest.deleteFuturesOrder(mapOrderReference(order), options),
    // Only REST is documented to take a client order id.
    cancelParameters: ({ exchangeOrderId }) =>
      exchangeOrderId === undefined ? undefined : { order_id: exchangeOrderId },
    deleteOrders: ({ exchangeSymbol }) => rest.deleteFuturesOrders(exchangeSymbol),
    fetchOrder: async (order, options) =>
      mapFuturesOrder(await rest.getFuturesOrder(mapOrderReference(order), options), order.instrument),
    fetchOpenOrders: async (instrument, page) => {
      const { exchangeSymbol } = instrument
      const rows = await rest.getOpenFuturesOrders(exchangeSymbol, page * accountPageRows, accountPageRows)
      return rows.map((row) => mapFuturesOrder(row, instrument))
    },
    fetchFills: async ({ instrument, exchangeOrderId: order, fromSeconds: from, page }) => {
      const query = { contract: instrument.exchangeSymbol, limit: accountPageRows, offset: page * accountPageRows }
      const rows =
        order === undefined && from !== undefined
          ? await rest.getMyFuturesTradesSince({ ...query, from })
          : await rest.getMyFuturesTrades({ ...query, order })
      return rows.map((row) => mapFuturesFill(row, instrument))
    },
    postCountdown: (timeoutSeconds) => rest.postFuturesCountdown(timeoutSeconds),
  }
}
