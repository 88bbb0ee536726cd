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
import type { ExchangeContext } from '../../factory/exchange-context.js'
import type {
  FillQuery,
  OrderGateway,
  RatePermit,
  SubmitOptions,
  TradeRateNeed,
} from '../../interfaces/order-gateway.js'
import { apiTimeoutMs, gateioExchangeId, minCountdownSeconds } from './constants.js'
import { createUnreadableAnswer, duplicateOrderLabels, mapGateioError } from './error-map.js'
import type { GateioOrderDialect } from './order-dialect.js'
import { GateioOrderSocket } from './order-socket.js'
import { gateioCosts } from './rate-limits.js'
import type { GateioOrderBody, GateioRestClient } from './rest-client.js'
import type { GateioOrderAck } from './schemas.js'

/** Labels of a cancelled item that mean that there was nothing left to cancel. */
const alreadyGone = new Set(['ORDER_NOT_FOUND', 'ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_FINISHED'])

/**
 * Orders on Gate.io, over the WebSocket API while it is logged in and chosen, else over REST. The means is chosen
 * before anything is sent; an order that was sent by one is never sent again by the other.
 */
export class GateioOrderGateway implements OrderGateway {
  private readonly log: Logger
  /** `undefined` where orders go over REST alone. */
  private readonly socket: GateioOrderSocket | undefined
  private preparing: Promise<void> | undefined

  constructor(
    context: ExchangeContext,
    private readonly rest: GateioRestClient,
    private readonly dialect: GateioOrderDialect,
  ) {
    this.log = context.logger.child({ component: 'order-gateway', exchange: gateioExchangeId })
    const isByWebSocket = rest.options.orderEntry === 'websocket' && rest.isAuthenticated
    this.socket = isByWebSocket ? new GateioOrderSocket(context, rest, dialect.socket) : undefined
  }

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
    const body = this.dialect.mapRequest(order)
    let answer: GateioOrderAck
    try {
      answer = await this.send(order, body, options)
      if (answer.text !== body.text)
        throw createUnreadableAnswer(
          'the order',
          `it names ${answer.text} instead of ${body.text}`,
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
    const parameters = this.dialect.cancelParameters(order)
    if (this.socket?.isOpen !== true || parameters === undefined) {
      await this.dialect.deleteOrder(order, { permit })
      return
    }
    await this.spend(permit, 'cancel', apiTimeoutMs)
    await this.socket.call({
      channel: this.dialect.socket.channels.orderCancel,
      parameters,
      schema: z.unknown(),
      timeoutMs: apiTimeoutMs,
      about: 'query',
    })
  }

  /** Over REST, which tells of each order by itself whether it was cancelled. */
  async cancelAllOrders(instrument: Instrument): Promise<void> {
    const items = await this.dialect.deleteOrders(instrument)
    const failed = items.find((item) => item.succeeded === false && !alreadyGone.has(item.label ?? ''))
    if (failed === undefined) return
    throw mapGateioError({
      httpStatus: 400,
      label: failed.label ?? undefined,
      message: `order ${failed.id ?? 'without id'} is not cancelled: ${failed.message ?? ''}`,
      about: 'query',
      endpoint: this.dialect.cancelAllEndpoint,
    })
  }

  async fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined> {
    const permit = this.rest.admissions.take('query', order.correlationId)
    try {
      return await this.dialect.fetchOrder(order, { permit })
    } catch (error) {
      if (error instanceof OrderNotFoundException) return undefined
      throw error
    }
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    void this.prepare()
    const orders = new Map<string, OrderUpdate>()
    for (let page = 0; ; page++) {
      const found = await this.dialect.fetchOpenOrders(instrument, page)
      for (const order of found) orders.set(order.exchangeOrderId, order)
      if (found.length < this.dialect.openOrdersPageRows) return [...orders.values()]
    }
  }

  async fetchFills({ instrument, exchangeOrderId, fromMs }: FillQuery): Promise<readonly Fill[]> {
    const fills = new Map<string, Fill>()
    const fromSeconds = fromMs === undefined ? undefined : Math.floor(fromMs / msPerSecond)
    for (let page = 0; ; page++) {
      const found = await this.dialect.fetchFills({ instrument, exchangeOrderId, fromSeconds, page })
      for (const fill of found) fills.set(fill.fillId, fill)
      if (found.length < this.dialect.fillsPageRows) break
    }
    return [...fills.values()]
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
    await this.dialect.postCountdown(seconds)
  }

  async close(): Promise<void> {
    await this.socket?.close()
  }

  private async send(order: OrderRequest, body: GateioOrderBody, options: SubmitOptions): Promise<GateioOrderAck> {
    const { correlationId } = order
    const { ackTimeoutMs } = options
    const priority = options.purpose === 'hedge' ? 'hedge' : 'order'
    const permit = this.rest.admissions.take('order', order.correlationId)
    if (this.socket?.isOpen !== true) {
      if (!this.rest.isReadyToSign) await this.rest.prepareSigning(this.dialect.placeEndpoint)
      return this.dialect.postOrder(body, this.expiryOf(ackTimeoutMs), {
        correlationId,
        permit,
        priority,
        timeoutMs: ackTimeoutMs,
      })
    }
    const expiresAtMs = this.expiryOf(ackTimeoutMs)
    await this.spend(permit, priority, ackTimeoutMs)
    return this.socket.call({
      channel: this.dialect.socket.channels.orderPlace,
      parameters: body,
      schema: this.dialect.ackSchema,
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
