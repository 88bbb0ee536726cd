import type { Logger } from '@cex-arbitrage/common'
import { failurePrefixes, withPrefix } from './client-texts.js'
import type { EventPublisher } from './event-publisher.js'
import { HummingbotException } from './hummingbot-exception.js'
import { OrderCreation } from './order-creation.js'
import { checkOrder, type HummingbotOrderRequest } from './order-request.js'
import { OrderTracker } from './order-tracker.js'
import { MAX_PAGE_SIZE } from './protocol-constants.js'
import type { RequestRunner } from './request-runner.js'
import { isOrderNotFound } from './response-error.js'
import { readResult } from './result-reader.js'
import { cancelResultSchema, orderSchema, type HummingbotCancelResult, type HummingbotOrder } from './schemas.js'

export interface OrderOperationsOptions {
  readonly runner: RequestRunner
  readonly publisher: EventPublisher
  readonly logger: Logger
  /** `undefined` leaves the client order id out unless the caller gives one. */
  readonly mintId: (() => string) | undefined
  readonly canLookUp: () => boolean
}

interface OrderKey {
  readonly exchange: string
  readonly market: string
  readonly order_id: string
}

/** What has effects: creating and cancelling, with the events of A8, and what is known of orders that live. */
export class OrderOperations {
  private readonly tracker: OrderTracker

  constructor(private readonly options: OrderOperationsOptions) {
    this.tracker = this.createTracker()
  }

  /** Takes note of an order's state. */
  observe(order: HummingbotOrder): void {
    this.tracker.observe(order)
  }

  /** Asks what became of the orders that lived (R3.11). */
  recover(signal: AbortSignal): Promise<void> {
    return this.tracker.recover(signal)
  }

  /** See `HummingbotClient.createOrder`. */
  async create(request: HummingbotOrderRequest): Promise<HummingbotOrder> {
    const checked = checkOrder(request)
    const clientOrderId = checked.client_order_id ?? this.options.mintId?.()
    const order = { ...checked, ...(clientOrderId !== undefined && { client_order_id: clientOrderId }) }
    const creation = new OrderCreation(
      {
        runner: this.options.runner,
        canLookUp: this.options.canLookUp,
        historyLimit: MAX_PAGE_SIZE,
      },
      order,
    )
    try {
      const created = await creation.run()
      this.tracker.observe(created.order)
      this.options.publisher.publish('ORDER_UPDATE', { ...created.data, ...created.order })
      return created.order
    } catch (error) {
      const { exchange, market, side, order_type } = order
      const message = `Failed to create ${order_type} ${side} order for ${market} on ${exchange}`
      const named = error instanceof HummingbotException ? error.with({ clientOrderId }) : error
      throw this.publishFailure(named, message, failurePrefixes.createOrder, {
        exchange,
        market,
        ...(clientOrderId !== undefined && { client_order_id: clientOrderId }),
      })
    }
  }

  /** See `HummingbotClient.cancelOrder`. */
  async cancel(order: OrderKey): Promise<HummingbotCancelResult> {
    const { exchange, market, order_id } = order
    try {
      const result = await this.requestCancel(order)
      if (result.cancelled) {
        this.tracker.forget(exchange, order_id)
        this.options.publisher.publish('ORDER_UPDATE', { order_id, status: 'cancelled', exchange, market })
      }
      return result
    } catch (error) {
      const message = `Failed to cancel order ${order_id} for ${market} on ${exchange}`
      throw this.publishFailure(error, message, failurePrefixes.cancelOrder, { exchange, market, order_id })
    }
  }

  /** R1.9: after an attempt that may have arrived, "not found" may mean that it did. */
  private async requestCancel(params: OrderKey): Promise<HummingbotCancelResult> {
    let mayHaveArrived = false
    const envelope = await this.options.runner.run(
      'cancel_order',
      { ...params },
      {
        urgent: true,
        decide: async (error, attempt) => {
          if (error.retriable && attempt < this.options.runner.maxAttempts) {
            mayHaveArrived ||= !error.isUnsent
            return { kind: 'retry' }
          }
          if (!mayHaveArrived || !isOrderNotFound(error)) return { kind: 'fail', error }
          const status = await this.askStatus(params)
          if (status === 'cancelled')
            return {
              kind: 'answer',
              envelope: { status: 'success', data: { order_id: params.order_id, cancelled: true } },
            }
          const state = status === undefined ? 'its state cannot be read' : `its state is ${status}`
          return { kind: 'fail', error: error.with({ message: `${error.message}; ${state}` }) }
        },
      },
    )
    return readResult(envelope, cancelResultSchema, 'cancel_order')
  }

  private async askStatus(params: OrderKey): Promise<string | undefined> {
    try {
      const order = readResult(await this.options.runner.run('get_order', { ...params }), orderSchema, 'get_order')
      return order.raw_status ?? order.status
    } catch {
      return undefined
    }
  }

  private publishFailure(
    error: unknown,
    message: string,
    prefix: string,
    data: Readonly<Record<string, unknown>>,
  ): Error {
    const failure = withPrefix(error, prefix)
    this.options.publisher.publishOwn('ERROR', {
      message,
      ...data,
      ...(error instanceof HummingbotException && {
        code: error.category,
        reason: error.serverMessage ?? error.message,
        ...(error.requestId !== undefined && { request_id: error.requestId }),
        ...(error.orderStateUnknown && { order_state_unknown: true }),
      }),
    })
    return failure
  }

  private createTracker(): OrderTracker {
    const { runner, publisher, logger } = this.options
    return new OrderTracker({
      logger,
      fetchOpenOrders: async (exchange, market, signal) => {
        const envelope = await runner.run('get_open_orders', { exchange, market }, { signal })
        return readResult(envelope, orderSchema.array(), 'get_open_orders', [])
      },
      fetchOrder: async (exchange, market, order_id, signal) => {
        const envelope = await runner.run('get_order', { exchange, market, order_id }, { signal })
        return readResult(envelope, orderSchema, 'get_order')
      },
      onChanged: (order) => publisher.publish('ORDER_UPDATE', { ...order }),
    })
  }
}
