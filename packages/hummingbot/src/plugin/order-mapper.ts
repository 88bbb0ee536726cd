import {
  asClientOrderId,
  asExchangeOrderId,
  Decimal,
  ExchangeCapabilityException,
  InsufficientFundsException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  OrderRejectedException,
  type CexArbitrageException,
  type CorrelationId,
  type Instrument,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { HummingbotException } from '../client/hummingbot-exception.js'
import type { HummingbotOrderRequest } from '../client/order-request.js'
import { isOrderNotFound } from '../client/response-error.js'
import type { HummingbotOrder } from '../client/schemas.js'

const msPerSecond = 1_000

/** Our words for theirs; a state that they do not name counts as open, since nothing proves its end. */
const statusOf: Readonly<Record<HummingbotOrder['status'], OrderStatus>> = {
  open: 'open',
  partially_filled: 'partially_filled',
  filled: 'filled',
  cancelled: 'cancelled',
  failed: 'rejected',
  unknown: 'open',
}

/** @throws {@link ExchangeCapabilityException} Market, post-only and fill-or-kill orders cannot be said in the protocol. */
export function mapOrderRequest(order: OrderRequest, venue: string): HummingbotOrderRequest {
  const { instrument, clientOrderId, correlationId } = order
  if (order.type === 'market') throw cannot('market orders by quote amount', correlationId, instrument)
  if (order.execution.timeInForce === 'fok') throw cannot('fill-or-kill orders', correlationId, instrument)
  if (order.execution.timeInForce === 'gtc' && order.execution.postOnly)
    throw cannot('post-only orders', correlationId, instrument)
  return {
    exchange: venue,
    market: instrument.exchangeSymbol,
    side: order.side,
    order_type: 'limit',
    amount: instrument.lotsToQuantity(order.quantityLots).toString(),
    price: instrument.ticksToPrice(order.priceTicks).toString(),
    client_order_id: clientOrderId,
  }
}

/**
 * An order's state in our words.
 *
 * @param filledNotional - In quote, from the fills that are known.
 * @param nowMs - Stands in where the server gives no time.
 */
export function mapOrder(
  order: HummingbotOrder & { readonly timestamp?: number },
  instrument: Instrument,
  filledNotional: Decimal,
  nowMs: number,
): OrderUpdate {
  const seconds = order.timestamp ?? order.filled_at ?? order.created_at
  return {
    instrumentId: instrument.id,
    clientOrderId: order.client_order_id === undefined ? undefined : asClientOrderId(order.client_order_id),
    exchangeOrderId: asExchangeOrderId(order.order_id),
    side: order.side,
    status: statusOf[order.status],
    quantity: Decimal.parse(order.amount),
    price: order.price === null ? undefined : Decimal.parse(order.price),
    filledQuantity: readFilled(order),
    filledNotional,
    exchangeTimeMs: seconds === undefined ? nowMs : Math.round(seconds * msPerSecond),
    reason: order.reason ?? order.raw_status,
  }
}

/** Cumulative; an order that is `filled` has filled whole, though the server left the number out. */
export function readFilled(order: HummingbotOrder): Decimal {
  if (order.filled !== undefined) return Decimal.parse(order.filled)
  return order.status === 'filled' ? Decimal.parse(order.amount) : Decimal.zero
}

const endedStatuses: ReadonlySet<string> = new Set(['filled', 'cancelled', 'failed'])

/** Whether the order can change no more. */
export const isEnded = ({ status }: HummingbotOrder): boolean => endedStatuses.has(status)

/** What a failed order or cancel means to the engine. */
export function mapOrderFailure(error: unknown, correlationId?: CorrelationId): CexArbitrageException | Error {
  if (!(error instanceof HummingbotException)) return error as Error
  const options = { message: error.message, exchange: error.exchange, correlationId, cause: error }
  if (error.orderStateUnknown) return new OrderOutcomeUnknownException(options)
  if (error.recovery === 'retry') return error
  if (error.category === 'insufficient_funds') return new InsufficientFundsException(options)
  if (isOrderNotFound(error)) return new OrderNotFoundException(options)
  if (error.category === 'invalid_order') return new OrderRejectedException(options)
  return error
}

function cannot(what: string, correlationId: CorrelationId, { exchange, id }: Instrument): ExchangeCapabilityException {
  return new ExchangeCapabilityException({
    exchange,
    correlationId,
    message: `Hummingbot takes no ${what} on ${id}. Send a limit order.`,
  })
}
