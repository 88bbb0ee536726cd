import {
  asExchangeOrderId,
  type CexArbitrageException,
  ExchangeException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  toCexArbitrageException,
  ExchangeRequestException,
  msPerSecond,
  type Fill,
  type Instrument,
  type Logger,
  type OrderAcknowledgement,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { RatePermit as CallPermit, RequestPriority } from '@cex-arbitrage/networking'
import * as z from 'zod'
import type {
  FillQuery,
  OrderGateway,
  RatePermit,
  SubmitOptions,
  TradeRateNeed,
} from '../../interfaces/order-gateway.js'
import {
  apiTimeoutMs,
  gateioExchangeId,
  maxPageRows,
  minCountdownSeconds,
  openOrdersPageRows,
  spotChannels,
} from './constants.js'
import { createUnreadableAnswer, duplicateOrderLabels, mapGateioError } from './error-map.js'
import { mapFill, mapOrder, mapOrderReference, mapOrderRequest } from './order-mapper.js'
import type { GateioOrderSocket } from './order-socket.js'
import { gateioCosts } from './rate-limits.js'
import type { GateioOrderBody, GateioRestClient } from './rest-client.js'
import { gateioOrderAckSchema, type GateioFill, type GateioOrderAck } from './schemas.js'

/** Labels of a cancelled item that mean that there was nothing left to cancel. */
const alreadyGone = new Set(['ORDER_NOT_FOUND', 'ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_FINISHED'])

/**
 * Orders on Gate.io spot, over the WebSocket API while it is logged in and chosen, else over REST. The means is chosen
 * before anything is sent; an order that was sent by one is never sent again by the other.
 */
export class GateioOrderGateway implements OrderGateway {
  private preparing: Promise<void> | undefined

  /** @param socket - `undefined` where orders go over REST alone. */
  constructor(
    private readonly rest: GateioRestClient,
    private readonly socket: GateioOrderSocket | undefined,
    private readonly log: Logger,
  ) {}

  /**
   * Makes ready what orders need: warm connections, the exchange's clock, the login. Never rejects; what is not ready is
   * made ready by a later call, and orders go over REST meanwhile.
   */
  prepare(): Promise<void> {
    this.preparing ??= Promise.all([this.rest.warmUp(), this.socket?.open()]).then(
      () => undefined,
      (error: unknown) => {
        this.preparing = undefined
        this.log.warn({ error }, 'order connections are not ready')
      },
    )
    return this.preparing
  }

  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    void this.prepare()
    const body = mapOrderRequest(order, this.rest.options.account)
    let answer: GateioOrderAck
    try {
      answer = await this.send(order, body, options)
      if (answer.text !== body['text'])
        throw createUnreadableAnswer(
          'the order',
          `it names ${answer.text} instead of ${body['text']}`,
          order.correlationId,
        )
    } catch (error) {
      throw this.judgeSubmission(error, order)
    }
    return {
      clientOrderId: order.clientOrderId,
      exchangeOrderId: asExchangeOrderId(answer.id),
      exchangeTimeMs: answer.create_time_ms ?? undefined,
    }
  }

  async cancelOrder(order: OrderReference): Promise<void> {
    const permit = this.rest.admissions.take('cancel', order.correlationId)
    const orderId = mapOrderReference(order)
    const pair = order.instrument.exchangeSymbol
    if (this.socket?.isOpen !== true) {
      await this.rest.deleteOrder(orderId, pair, { permit })
      return
    }
    await this.spend(permit, 'cancel', apiTimeoutMs)
    await this.socket.call({
      channel: spotChannels.orderCancel,
      parameters: { order_id: orderId, currency_pair: pair, account: this.rest.options.account },
      schema: z.unknown(),
      timeoutMs: apiTimeoutMs,
      about: 'query',
    })
  }

  /** Over REST, which tells of each order by itself whether it was cancelled. */
  async cancelAllOrders(instrument: Instrument): Promise<void> {
    const items = await this.rest.deleteOrders(instrument.exchangeSymbol)
    const failed = items.find((item) => item.succeeded === false && !alreadyGone.has(item.label ?? ''))
    if (failed === undefined) return
    throw mapGateioError({
      httpStatus: 400,
      label: failed.label ?? undefined,
      message: `order ${failed.id ?? 'without id'} is not cancelled: ${failed.message ?? ''}`,
      about: 'query',
      endpoint: 'DELETE /spot/orders',
    })
  }

  async fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined> {
    const permit = this.rest.admissions.take('query', order.correlationId)
    try {
      const found = await this.rest.getOrder(mapOrderReference(order), order.instrument.exchangeSymbol, { permit })
      return mapOrder(found, order.instrument)
    } catch (error) {
      if (error instanceof OrderNotFoundException) return undefined
      throw error
    }
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    void this.prepare()
    const orders = new Map<string, OrderUpdate>()
    for (let page = 1; ; page++) {
      const rows = await this.rest.getOpenOrders(instrument.exchangeSymbol, page, openOrdersPageRows)
      for (const row of rows) orders.set(row.id, mapOrder(row, instrument))
      if (rows.length < openOrdersPageRows) return [...orders.values()]
    }
  }

  async fetchFills({ instrument, exchangeOrderId, fromMs }: FillQuery): Promise<readonly Fill[]> {
    const rows = new Map<string, GateioFill>()
    for (let page = 1; ; page++) {
      const found = await this.rest.getMyTrades({
        currency_pair: instrument.exchangeSymbol,
        limit: maxPageRows,
        page,
        order_id: exchangeOrderId,
        from: fromMs === undefined ? undefined : Math.floor(fromMs / msPerSecond),
      })
      for (const row of found) rows.set(`${row.id} ${row.order_id}`, row)
      if (found.length < maxPageRows) break
    }
    return [...rows.values()]
      .map((row) => mapFill(row, instrument))
      .filter((fill) => fromMs === undefined || fill.exchangeTimeMs >= fromMs)
      .toReversed()
      .toSorted((a, b) => a.exchangeTimeMs - b.exchangeTimeMs)
  }

  admitTrade(need: TradeRateNeed): RatePermit | undefined {
    void this.prepare()
    return this.rest.admissions.admit(need)
  }

  /** @throws {@link ExchangeRequestException} The countdown is shorter than the exchange takes. */
  async renewDeadManSwitch(timeoutMs: number): Promise<void> {
    const seconds = Math.ceil(timeoutMs / msPerSecond)
    if (seconds !== 0 && seconds < minCountdownSeconds)
      throw new ExchangeRequestException({
        exchange: gateioExchangeId,
        message: `A countdown of ${timeoutMs} ms is too short: Gate.io takes ${minCountdownSeconds} s and more, or 0.`,
      })
    await this.rest.postCountdown(seconds)
  }

  private async send(order: OrderRequest, body: GateioOrderBody, options: SubmitOptions): Promise<GateioOrderAck> {
    const { correlationId } = order
    const { ackTimeoutMs } = options
    const priority = options.purpose === 'hedge' ? 'hedge' : 'order'
    const permit = this.rest.admissions.take('order', order.correlationId)
    if (this.socket?.isOpen !== true) {
      if (!this.rest.isReadyToSign) await this.rest.prepareSigning('POST /spot/orders')
      return this.rest.postOrder(body, this.expiryOf(ackTimeoutMs), {
        correlationId,
        permit,
        priority,
        timeoutMs: ackTimeoutMs,
      })
    }
    const expiresAtMs = this.expiryOf(ackTimeoutMs)
    await this.spend(permit, priority, ackTimeoutMs)
    return this.socket.call({
      channel: spotChannels.orderPlace,
      parameters: body,
      schema: gateioOrderAckSchema,
      timeoutMs: ackTimeoutMs,
      about: 'order',
      expiresAtMs,
      correlationId,
    })
  }

  /** Nobody waits longer for the order than its acknowledgement timeout, so the exchange need not take it later. */
  private expiryOf(ackTimeoutMs: number): number | undefined {
    const { serverClock } = this.rest
    return serverClock.estimate === undefined ? undefined : serverClock.nowMs() + ackTimeoutMs
  }

  /** Takes the call's budget from the windows that REST and the WebSocket API share. */
  private async spend(admitted: CallPermit | undefined, priority: RequestPriority, maxWaitMs: number): Promise<void> {
    const costs = priority === 'cancel' ? gateioCosts.cancelOrder : gateioCosts.placeOrder
    const permit = admitted ?? (await this.rest.limiter.acquire({ costs, priority }, { maxWaitMs }))
    permit.spend()
  }

  /** What proves that nothing rests on the book passes; everything else leaves the order unknown. */
  private judgeSubmission(error: unknown, order: OrderRequest): CexArbitrageException {
    const { clientOrderId, correlationId } = order
    const doing = `submitting order ${clientOrderId} to Gate.io`
    const known = toCexArbitrageException(error, { exchange: gateioExchangeId, correlationId, doing })
    const isDuplicate = known instanceof ExchangeException && duplicateOrderLabels.has(known.exchangeCode ?? '')
    if (!isDuplicate && (known.recovery === 'retry' || known.recovery === 'reject')) return known
    return new OrderOutcomeUnknownException({
      exchange: gateioExchangeId,
      correlationId,
      cause: known,
      message: `No answer that proves anything to order ${clientOrderId}. Query it by this id before opening anything else.`,
    })
  }
}
