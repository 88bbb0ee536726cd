import {
  asClientOrderId,
  asExchangeOrderId,
  ExchangeCapabilityException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  sleep,
  type Fill,
  type Instrument,
  type Logger,
  type OrderAcknowledgement,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { FillQuery, OrderGateway, RatePermit, SubmitOptions, TradeRateNeed } from '@cex-arbitrage/exchanges'
import { HummingbotException } from '../client/hummingbot-exception.js'
import { isOrderNotFound } from '../client/response-error.js'
import type { HummingbotOrder } from '../client/schemas.js'
import type { HummingbotAccountFeed } from './account-feed.js'
import type { HummingbotLink } from './hummingbot-link.js'
import { isEnded, mapOrder, mapOrderFailure, mapOrderRequest } from './order-mapper.js'
import { TradeAdmission } from './trade-admission.js'

/** Tries to cancel what is left of an immediate order. */
const cancelTries = 5

/**
 * Orders through Hummingbot. An immediate-or-cancel order is a limit order whose rest is cancelled after a while: its end
 * is told by the account feed as for any other.
 */
export class HummingbotOrderGateway implements OrderGateway {
  private readonly admission: TradeAdmission
  /** Server's ids by ours, for cancels. */
  private readonly orderIds = new Map<string, string>()
  private readonly closing = new AbortController()

  constructor(
    private readonly link: HummingbotLink,
    private readonly account: HummingbotAccountFeed,
    private readonly log: Logger,
  ) {
    this.admission = new TradeAdmission(link.context.clock, link.options.framesPerSecond ?? 20)
  }

  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    const request = mapOrderRequest(order, this.link.options.venue)
    const isImmediate = order.type === 'limit' && order.execution.timeInForce === 'ioc'
    await this.link.connect()
    const created = this.link.client.createOrder(request)
    // An order whose answer comes after the time is up is still to be cancelled when it was an immediate one.
    created.then(
      (accepted) => this.onAccepted(accepted, order, isImmediate),
      () => undefined,
    )
    const accepted = await this.withinAckTimeout(created, order, options.ackTimeoutMs)
    return {
      clientOrderId: order.clientOrderId,
      exchangeOrderId: asExchangeOrderId(accepted.order_id),
      exchangeTimeMs: accepted.created_at === undefined ? undefined : Math.round(accepted.created_at * 1_000),
    }
  }

  async cancelOrder(order: OrderReference): Promise<void> {
    await this.link.connect()
    const order_id = await this.resolveId(order)
    try {
      await this.link.client.cancelOrder({ ...this.link.marketOf(order.instrument), order_id })
    } catch (error) {
      throw mapOrderFailure(error)
    }
  }

  /** One by one: the protocol cannot cancel all at once. */
  async cancelAllOrders(instrument: Instrument): Promise<void> {
    const open = await this.fetchOpenOrders(instrument)
    const results = await Promise.allSettled(
      open.map(({ exchangeOrderId }) => this.cancelOrder({ instrument, exchangeOrderId })),
    )
    for (const result of results)
      if (result.status === 'rejected' && !(result.reason instanceof OrderNotFoundException))
        throw result.reason as Error
  }

  async fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined> {
    const market = this.link.marketOf(order.instrument)
    const order_id = order.exchangeOrderId ?? this.orderIds.get(order.clientOrderId ?? '')
    await this.link.connect()
    try {
      const found = await this.link.client.getOrderStatus(
        order_id === undefined ? { ...market, client_order_id: order.clientOrderId! } : { ...market, order_id },
      )
      return this.take(found, order.instrument)
    } catch (error) {
      if (error instanceof HummingbotException && isOrderNotFound(error)) return undefined
      throw mapOrderFailure(error)
    }
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    await this.link.connect()
    const orders = await this.link.client.getOpenOrders(this.link.marketOf(instrument))
    return orders.map((order) => this.take(order, instrument))
  }

  /**
   * From the stream, completed by what the orders say that they have filled. Of an order of before this process only the
   * part that `known` lacks is made up; without `known` such an order has no fills here.
   */
  async fetchFills({ instrument, exchangeOrderId, fromMs, known }: FillQuery): Promise<readonly Fill[]> {
    if (exchangeOrderId !== undefined && known !== undefined) this.account.fills.follow(exchangeOrderId)
    this.account.fills.seed(known ?? [])
    if (exchangeOrderId !== undefined) await this.fetchOrder({ instrument, exchangeOrderId })
    else await this.readHistory(instrument)
    return this.account.fills
      .getFills(exchangeOrderId)
      .filter((fill) => fill.instrumentId === instrument.id && (fromMs === undefined || fill.exchangeTimeMs >= fromMs))
  }

  admitTrade(need: TradeRateNeed): RatePermit | undefined {
    return this.admission.admit(need)
  }

  renewDeadManSwitch(): Promise<void> {
    return Promise.reject(
      new ExchangeCapabilityException({
        exchange: this.link.exchange,
        message: 'Hummingbot has no countdown that cancels orders.',
      }),
    )
  }

  close(): void {
    this.closing.abort(new Error('The gateway is closed.'))
  }

  private async withinAckTimeout(
    created: Promise<HummingbotOrder>,
    { clientOrderId, correlationId }: OrderRequest,
    ackTimeoutMs: number,
  ): Promise<HummingbotOrder> {
    const timeUp = new AbortController()
    const limit = sleep(this.link.context.clock, ackTimeoutMs, timeUp.signal).then(() => {
      throw new OrderOutcomeUnknownException({
        exchange: this.link.exchange,
        correlationId,
        message: `No answer to order ${clientOrderId} within ${ackTimeoutMs} ms. Ask for it before anything else.`,
      })
    })
    try {
      return await Promise.race([created, limit])
    } catch (error) {
      throw mapOrderFailure(error, correlationId)
    } finally {
      limit.catch(() => undefined)
      timeUp.abort(new Error('answered'))
    }
  }

  private onAccepted(
    accepted: HummingbotOrder,
    { clientOrderId, instrument }: OrderRequest,
    isImmediate: boolean,
  ): void {
    this.orderIds.set(clientOrderId, accepted.order_id)
    for (const oldest of this.orderIds.keys()) {
      if (this.orderIds.size <= 10_000) break
      this.orderIds.delete(oldest)
    }
    this.account.fills.follow(accepted.order_id)
    if (isImmediate && !isEnded(accepted)) void this.cancelRest(accepted.order_id, instrument)
    if (!isImmediate && !isEnded(accepted)) this.account.fills.markResting(accepted.order_id)
  }

  /** Cancels until the order is at its end, or the tries are used up; the engine sees the order either way. */
  private async cancelRest(order_id: string, instrument: Instrument): Promise<void> {
    const { client, context, options } = this.link
    const market = this.link.marketOf(instrument)
    for (let attempt = 1; attempt <= cancelTries; attempt++) {
      try {
        await sleep(context.clock, options.immediateMs * attempt, this.closing.signal)
        const before = await client.getOrderStatus({ ...market, order_id })
        this.account.observe(before, instrument)
        if (isEnded(before)) return
        await client.cancelOrder({ ...market, order_id })
      } catch (error) {
        if (this.closing.signal.aborted) return
        this.log.warn(
          { orderId: order_id, attempt, reason: (error as Error).message },
          'rest of an order not cancelled',
        )
      }
    }
    this.log.error({ orderId: order_id }, 'the rest of an immediate order may still be open')
  }

  private async resolveId(order: OrderReference): Promise<string> {
    const known = order.exchangeOrderId ?? this.orderIds.get(order.clientOrderId ?? '')
    if (known !== undefined) return known
    const found = await this.fetchOrder(order)
    if (found !== undefined) return found.exchangeOrderId
    throw new OrderNotFoundException({
      exchange: this.link.exchange,
      message: `Hummingbot knows no order ${order.clientOrderId}.`,
    })
  }

  private async readHistory(instrument: Instrument): Promise<void> {
    await this.link.connect()
    const orders = await this.link.client.getOrderHistory({ ...this.link.marketOf(instrument), limit: 1_000 })
    for (const order of orders) this.take(order, instrument)
  }

  /** An order's state as asked for. */
  private take(order: HummingbotOrder, instrument: Instrument): OrderUpdate {
    if (order.client_order_id !== undefined) this.orderIds.set(asClientOrderId(order.client_order_id), order.order_id)
    this.account.takeFills(order, instrument)
    this.account.settle(order, instrument)
    const notional = this.account.fills.getNotional(order.order_id)
    return mapOrder(order, instrument, notional, this.link.context.clock.nowMs())
  }
}
