import {
  ExchangeCapabilityException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  sleep,
  toCexArbitrageException,
  type CexArbitrageException,
  type Clock,
  type Fill,
  type Instrument,
  type Logger,
  type OrderAcknowledgement,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type {
  FillQuery,
  OrderGateway,
  RatePermit,
  SubmitOptions,
  TradeRateNeed,
} from '../../interfaces/order-gateway.js'
import { lookupAttempts, lookupPauseMs, mexcExchangeId } from './constants.js'
import type { MexcOrderDialect, MexcPlacedOrder } from './order-dialect.js'

/** Orders on MEXC, over REST. Acknowledgements say nothing of fills; cancels take effect after their answer. */
export class MexcOrderGateway implements OrderGateway {
  private preparing: Promise<void> | undefined

  constructor(
    private readonly dialect: MexcOrderDialect,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /**
   * Makes ready what orders need: warm connections and the exchange's clock. Never rejects; what is not ready is made ready
   * by a later call, and an order opens its connection itself meanwhile.
   */
  prepare(): Promise<void> {
    this.preparing ??= this.rest.warmUp().catch((error: unknown) => {
      this.preparing = undefined
      this.log.warn({ error }, 'order connections are not ready')
    })
    return this.preparing
  }

  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    const send = this.dialect.prepareOrder(order)
    let placed: MexcPlacedOrder
    try {
      placed = await send({
        correlationId: order.correlationId,
        permit: this.rest.admissions.take('order', order.correlationId),
        priority: options.purpose === 'hedge' ? 'hedge' : 'order',
        timeoutMs: options.ackTimeoutMs,
      })
    } catch (error) {
      throw this.judgeSubmission(error, order)
    }
    return { clientOrderId: order.clientOrderId, ...placed }
  }

  async cancelOrder(order: OrderReference): Promise<void> {
    await this.dialect.cancelOrder(order, {
      permit: this.rest.admissions.take('cancel', order.correlationId),
    })
  }

  cancelAllOrders(instrument: Instrument): Promise<void> {
    return this.dialect.cancelAllOrders(instrument)
  }

  /** Asks several times before it says that there is none: a new order may be unknown to queries for a moment. */
  async fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        const permit = attempt === 1 ? this.rest.admissions.take('query', order.correlationId) : undefined
        return await this.dialect.fetchOrder(order, { permit })
      } catch (error) {
        if (!(error instanceof OrderNotFoundException)) throw error
        if (attempt === lookupAttempts) return undefined
      }
      await sleep(this.clock, lookupPauseMs)
    }
  }

  fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    return this.dialect.fetchOpenOrders(instrument)
  }

  /** Trades appear later than the order that they filled: an empty answer for an order with fills is asked for again. */
  async fetchFills(query: FillQuery): Promise<readonly Fill[]> {
    const { instrument, exchangeOrderId } = query
    for (let attempt = 1; ; attempt++) {
      const fills = await this.dialect.fetchFills(query)
      if (fills.length > 0 || exchangeOrderId === undefined || attempt === lookupAttempts) return fills
      const order = await this.fetchOrder({ instrument, exchangeOrderId })
      if (order === undefined || order.filledQuantity.isZero) return fills
      await sleep(this.clock, lookupPauseMs * attempt)
    }
  }

  admitTrade(need: TradeRateNeed): RatePermit | undefined {
    void this.prepare()
    return this.rest.admissions.admit(need)
  }

  renewDeadManSwitch(): Promise<void> {
    return Promise.reject(
      new ExchangeCapabilityException({
        exchange: mexcExchangeId,
        message: 'MEXC has no countdown that cancels orders. Cancel them on shut-down.',
      }),
    )
  }

  private get rest(): MexcOrderDialect['rest'] {
    return this.dialect.rest
  }

  /** What proves that nothing rests on the book passes; everything else leaves the order unknown. */
  private judgeSubmission(error: unknown, order: OrderRequest): CexArbitrageException {
    const { clientOrderId, correlationId } = order
    const doing = `submitting order ${clientOrderId} to MEXC`
    const known = toCexArbitrageException(error, { exchange: mexcExchangeId, correlationId, doing })
    if (known.recovery === 'retry' || known.recovery === 'reject') return known
    return new OrderOutcomeUnknownException({
      exchange: mexcExchangeId,
      correlationId,
      cause: known,
      message: `No answer that proves anything to order ${clientOrderId}. Query it by this id before opening anything else.`,
    })
  }
}
