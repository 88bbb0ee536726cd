import {
  type ExchangeOrderId,
  type Fill,
  type Instrument,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type * as z from 'zod'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import type { RestCallOptions } from '../../transport/base-rest-client.js'
import { maxPageRows, openOrdersPageRows, spotChannels } from './constants.js'
import { mapFill, mapOrder, mapOrderReference, mapOrderRequest } from './order-mapper.js'
import type { GateioOrderBody, GateioRestClient } from './rest-client.js'
import { gateioOrderAckSchema, type GateioCancelledItem, type GateioOrderAck } from './schemas.js'
import { webSocketUrlOf } from './ws-protocol.js'

/** Where the WebSocket API of a market is and how it calls its channels. */
export interface GateioOrderSocketDialect {
  /** Of the connection, in logs. */
  readonly name: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly channels: {
    readonly login: string
    readonly orderPlace: string
    readonly orderCancel: string
    readonly ping: string
    readonly system: string
  }
}

/** One page of own executions. */
export interface GateioFillPage {
  readonly instrument: Instrument
  readonly exchangeOrderId: ExchangeOrderId | undefined
  /** Unix seconds. */
  readonly fromSeconds: number | undefined
  /** From 0. */
  readonly page: number
}

/** In what orders on spot and on futures differ. */
export interface GateioOrderDialect {
  readonly socket: GateioOrderSocketDialect
  /** `POST /spot/orders`, for messages. */
  readonly placeEndpoint: string
  readonly cancelAllEndpoint: string
  readonly ackSchema: z.ZodType<GateioOrderAck>
  readonly openOrdersPageRows: number
  readonly fillsPageRows: number
  /** @throws {@link ExchangeRequestException} or {@link ExchangeCapabilityException} The exchange cannot be asked this. */
  mapRequest(order: OrderRequest): GateioOrderBody
  postOrder(body: GateioOrderBody, expiresAtMs: number | undefined, options: RestCallOptions): Promise<GateioOrderAck>
  deleteOrder(order: OrderReference, options: RestCallOptions): Promise<void>
  /** Parameters of a cancel over the WebSocket API; `undefined` where it must go over REST. */
  cancelParameters(order: OrderReference): unknown
  /** Each order tells by itself whether it was cancelled. */
  deleteOrders(instrument: Instrument): Promise<readonly GateioCancelledItem[]>
  fetchOrder(order: OrderReference, options: RestCallOptions): Promise<OrderUpdate>
  /** @param page - From 0. */
  fetchOpenOrders(instrument: Instrument, page: number): Promise<readonly OrderUpdate[]>
  /** Newest first. */
  fetchFills(page: GateioFillPage): Promise<readonly Fill[]>
  postCountdown(timeoutSeconds: number): Promise<void>
}

/** Orders on spot. */
export function createSpotOrderDialect(context: ExchangeContext, rest: GateioRestClient): GateioOrderDialect {
  const { account } = rest.options
  return {
    socket: { name: 'gateio spot orders', url: webSocketUrlOf(context, rest.options), channels: spotChannels },
    placeEndpoint: 'POST /spot/orders',
    cancelAllEndpoint: 'DELETE /spot/orders',
    ackSchema: gateioOrderAckSchema,
    openOrdersPageRows,
    fillsPageRows: maxPageRows,
    mapRequest: (order) => mapOrderRequest(order, account),
    postOrder: (body, expiresAtMs, options) => rest.postOrder(body, expiresAtMs, options),
    deleteOrder: (order, options) =>
      rest.deleteOrder(mapOrderReference(order), order.instrument.exchangeSymbol, options),
    cancelParameters: (order) => ({
      order_id: mapOrderReference(order),
      currency_pair: order.instrument.exchangeSymbol,
      account,
    }),
    deleteOrders: (instrument) => rest.deleteOrders(instrument.exchangeSymbol),
    fetchOrder: async (order, options) => {
      const found = await rest.getOrder(mapOrderReference(order), order.instrument.exchangeSymbol, options)
      return mapOrder(found, order.instrument)
    },
    fetchOpenOrders: async (instrument, page) => {
      const rows = await rest.getOpenOrders(instrument.exchangeSymbol, page + 1, openOrdersPageRows)
      return rows.map((row) => mapOrder(row, instrument))
    },
    fetchFills: async ({ instrument, exchangeOrderId, fromSeconds, page }) => {
      const rows = await rest.getMyTrades({
        currency_pair: instrument.exchangeSymbol,
        limit: maxPageRows,
        page: page + 1,
        order_id: exchangeOrderId,
        from: fromSeconds,
      })
      return rows.map((row) => mapFill(row, instrument))
    },
    postCountdown: (timeoutSeconds) => rest.postCountdown(timeoutSeconds),
  }
}
