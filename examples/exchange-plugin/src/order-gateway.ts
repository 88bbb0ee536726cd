import {
  ExchangeCapabilityException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  asExchangeOrderId,
  toCexArbitrageException,
  type CexArbitrageException,
  type Fill,
  type Instrument,
  type OrderAcknowledgement,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { FillQuery, OrderGateway, RatePermit, SubmitOptions, TradeRateNeed } from '@cex-arbitrage/exchanges'
import { sampleExchangeId } from './constants.js'
import { mapFill, mapOrder, mapOrderReference, mapOrderRequest } from './order-mapper.js'
import type { SampleRestClient } from './rest-client.js'

/** Orders over REST. */
export class SampleOrderGateway implements OrderGateway {
  constructor(private readonly rest: SampleRestClient) {}

  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    const body = mapOrderRequest(order)
    try {
      const answer = await this.rest.postOrder(body, {
        correlationId: order.correlationId,
        permit: this.rest.admissions.take('order', order.correlationId),
        priority: options.purpose === 'hedge' ? 'hedge' : 'order',
        timeoutMs: options.ackTimeoutMs,
      })
      const exchangeOrderId = asExchangeOrderId(answer.id)
      return { clientOrderId: order.clientOrderId, exchangeOrderId, exchangeTimeMs: answer.time }
    } catch (error) {
      throw judgeSubmission(error, order)
    }
  }

  async cancelOrder(order: OrderReference): Promise<void> {
    await this.rest.deleteOrder(mapOrderReference(order), {
      permit: this.rest.admissions.take('cancel', order.correlationId),
    })
  }

  cancelAllOrders(instrument: Instrument): Promise<void> {
    return this.rest.deleteOrders(instrument.exchangeSymbol)
  }

  async fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined> {
    try {
      const options = { permit: this.rest.admissions.take('query', order.correlationId) }
      return mapOrder(await this.rest.getOrder(mapOrderReference(order), options), order.instrument)
    } catch (error) {
      if (error instanceof OrderNotFoundException) return undefined
      throw error
    }
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    const orders = await this.rest.getOpenOrders(instrument.exchangeSymbol)
    return orders.map((order) => mapOrder(order, instrument))
  }

  async fetchFills({ instrument, exchangeOrderId, fromMs }: FillQuery): Promise<readonly Fill[]> {
    const query = { symbol: instrument.exchangeSymbol, orderId: exchangeOrderId, from: fromMs }
    return (await this.rest.getFills(query)).map((fill) => mapFill(fill, instrument))
  }

  admitTrade(need: TradeRateNeed): RatePermit | undefined {
    return this.rest.admissions.admit(need)
  }

  renewDeadManSwitch(): Promise<void> {
    const message = 'Sample has no countdown that cancels orders. Cancel them on shut-down.'
    return Promise.reject(new ExchangeCapabilityException({ exchange: sampleExchangeId, message }))
  }
}

/** What proves that nothing rests on the book passes; everything else leaves the order unknown. */
function judgeSubmission(error: unknown, { clientOrderId, correlationId }: OrderRequest): CexArbitrageException {
  const doing = `submitting order ${clientOrderId} to Sample`
  const known = toCexArbitrageException(error, { exchange: sampleExchangeId, correlationId, doing })
  if (known.recovery === 'retry' || known.recovery === 'reject') return known
  return new OrderOutcomeUnknownException({
    exchange: sampleExchangeId,
    correlationId,
    cause: known,
    message: `No answer that proves anything to order ${clientOrderId}. Ask by this id before opening anything else.`,
  })
}
