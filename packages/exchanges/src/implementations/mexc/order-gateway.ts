import {
  ExchangeCapabilityException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  asExchangeOrderId,
  msPerSecond,
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
import { lookupAttempts, lookupPauseMs, maxFillsPerPage, mexcExchangeId } from './constants.js'
import { mapMyTrade, mapOrder, mapOrderReference, mapOrderRequest } from './order-mapper.js'
import type { MexcRestClient } from './rest-client.js'
import type { MexcMyTrade, MexcOrderAck } from './schemas.js'

/** Orders on MEXC spot, over REST. Acknowledgements say nothing of fills; cancels take effect after their answer. */
export class MexcOrderGateway implements OrderGateway {
  private preparing: Promise<void> | undefined

  constructor(
    private readonly rest: MexcRestClient,
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
    const parameters = mapOrderRequest(order)
    let answer: MexcOrderAck
    try {
      answer = await this.rest.postOrder(parameters, {
        correlationId: order.correlationId,
        permit: this.rest.admissions.take('order', order.correlationId),
        priority: options.purpose === 'hedge' ? 'hedge' : 'order',
        timeoutMs: options.ackTimeoutMs,
      })
    } catch (error) {
      throw this.judgeSubmission(error, order)
    }
    return {
      clientOrderId: order.clientOrderId,
      exchangeOrderId: asExchangeOrderId(answer.orderId),
      exchangeTimeMs: answer.transactTime ?? undefined,
    }
  }

  async cancelOrder(order: OrderReference): Promise<void> {
    await this.rest.deleteOrder(mapOrderReference(order), {
      permit: this.rest.admissions.take('cancel', order.correlationId),
    })
  }

  cancelAllOrders(instrument: Instrument): Promise<void> {
    return this.rest.deleteOpenOrders(instrument.exchangeSymbol)
  }

  /** Asks several times before it says that there is none: a new order may be unknown to queries for a moment. */
  async fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        const permit = attempt === 1 ? this.rest.admissions.take('query', order.correlationId) : undefined
        return mapOrder(await this.rest.getOrder(mapOrderReference(order), { permit }), order.instrument)
      } catch (error) {
        if (!(error instanceof OrderNotFoundException)) throw error
        if (attempt === lookupAttempts) return undefined
      }
      await sleep(this.clock, lookupPauseMs)
    }
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    const orders = await this.rest.getOpenOrders(instrument.exchangeSymbol)
    return orders.map((order) => mapOrder(order, instrument))
  }

  /** Trades appear later than the order that they filled: an empty answer for an order with fills is asked for again. */
  async fetchFills(query: FillQuery): Promise<readonly Fill[]> {
    const { instrument, exchangeOrderId } = query
    for (let attempt = 1; ; attempt++) {
      const fills = await this.fetchFillPages(query)
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

  /** Pages backwards by time, whose steps are whole seconds, until a page brings nothing new. */
  private async fetchFillPages({ instrument, exchangeOrderId, fromMs }: FillQuery): Promise<readonly Fill[]> {
    const byId = new Map<string, MexcMyTrade>()
    let endTime: number | undefined
    for (;;) {
      const page = await this.rest.getMyTrades({
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

/** Times of own trades have whole seconds, so bounds are cut to them. */
const wholeSecondMs = (timeMs: number): number => Math.floor(timeMs / msPerSecond) * msPerSecond
