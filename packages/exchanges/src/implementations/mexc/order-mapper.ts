import {
  Decimal,
  ExchangeRequestException,
  asClientOrderId,
  asExchangeOrderId,
  asFillId,
  createAssetId,
  type Balance,
  type ClientOrderId,
  type Fill,
  type Instrument,
  type OrderReference,
  type OrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import { maxClientOrderIdLength, mexcExchangeId } from './constants.js'
import type { RestParameters } from '../../transport/base-rest-client.js'
import type { MexcOrderSelector } from './rest-client.js'
import type {
  MexcBalancePush,
  MexcFillPush,
  MexcMyTrade,
  MexcOrder,
  MexcOrderPush,
  MexcOrderStatus,
} from './schemas.js'

const clientOrderIdPattern = new RegExp(`^[A-Za-z0-9_-]{1,${maxClientOrderIdLength}}$`)
const marketType = 5

/**
 * The parameters of `POST /api/v3/order`: plain decimals, no more of them than the pair allows, trailing zeros stripped.
 * The time in force is part of the type; a market order carries one amount and no price.
 *
 * @throws {@link ExchangeRequestException} The client order id has characters that the exchange refuses.
 */
export function mapOrderRequest(order: OrderRequest): RestParameters {
  const { instrument } = order
  const clientOrderId = checkedClientOrderId(order)
  const symbol = instrument.exchangeSymbol
  const side = order.side === 'buy' ? 'BUY' : 'SELL'
  if (order.type === 'limit')
    return {
      symbol,
      side,
      type: limitTypeOf(order.execution),
      quantity: instrument.lotsToQuantity(order.quantityLots).toString(),
      price: instrument.ticksToPrice(order.priceTicks).toString(),
      newClientOrderId: clientOrderId,
    }
  const amount =
    order.side === 'buy'
      ? { quoteOrderQty: order.quoteAmount.toMultipleOf(quoteStep(instrument), 'down').toString() }
      : { quantity: instrument.lotsToQuantity(order.quantityLots).toString() }
  return { symbol, side, type: 'MARKET', ...amount, newClientOrderId: clientOrderId }
}

/** @throws {@link ExchangeRequestException} The client order id has characters that the exchange refuses. */
export function checkedClientOrderId({ clientOrderId, correlationId }: OrderRequest): ClientOrderId {
  if (clientOrderIdPattern.test(clientOrderId)) return clientOrderId
  throw new ExchangeRequestException({
    exchange: mexcExchangeId,
    correlationId,
    message: `'${clientOrderId}' is no client order id for MEXC: 1 to ${maxClientOrderIdLength} of A-Z a-z 0-9 _ -.`,
  })
}

function limitTypeOf(execution: Extract<OrderRequest, { type: 'limit' }>['execution']): string {
  switch (execution.timeInForce) {
    case 'gtc':
      return execution.postOnly ? 'LIMIT_MAKER' : 'LIMIT'
    case 'ioc':
      return 'IMMEDIATE_OR_CANCEL'
    case 'fok':
      return 'FILL_OR_KILL'
  }
}

/** The exchange's quote amounts have as many decimals as its prices. */
const quoteStep = (instrument: Instrument): Decimal => Decimal.of(1n, instrument.priceDecimals)

/**
 * Names an order in a query or a cancel; the exchange's own id wins.
 *
 * @throws {@link ExchangeRequestException} There is no id.
 */
export function mapOrderReference(order: OrderReference): MexcOrderSelector {
  const symbol = order.instrument.exchangeSymbol
  if (order.exchangeOrderId !== undefined) return { symbol, orderId: order.exchangeOrderId }
  if (order.clientOrderId !== undefined) return { symbol, origClientOrderId: order.clientOrderId }
  throw new ExchangeRequestException({
    exchange: mexcExchangeId,
    message: `An order on ${order.instrument.id} was asked for without an id. Give one of the two.`,
  })
}

const statuses: Readonly<Record<MexcOrderStatus, OrderStatus>> = {
  NEW: 'open',
  PARTIALLY_FILLED: 'partially_filled',
  FILLED: 'filled',
  CANCELED: 'cancelled',
  // Final: a part was executed, the rest is cancelled.
  PARTIALLY_CANCELED: 'cancelled',
}

/** An order as a query answers it. Its `price` is a protective one on a market order and says nothing. */
export function mapOrder(order: MexcOrder, instrument: Instrument): OrderUpdate {
  const isMarket = order.type === 'MARKET'
  return {
    instrumentId: instrument.id,
    clientOrderId: clientOrderIdOf(order.clientOrderId),
    exchangeOrderId: asExchangeOrderId(order.orderId),
    side: order.side === 'BUY' ? 'buy' : 'sell',
    status: statuses[order.status],
    quantity: positive(order.origQty),
    price: isMarket ? undefined : positive(order.price),
    filledQuantity: Decimal.parse(order.executedQty),
    filledNotional: Decimal.parse(order.cummulativeQuoteQty),
    exchangeTimeMs: order.updateTime ?? order.time ?? 0,
    reason: order.cancelReason ?? undefined,
  }
}

const pushedStatuses: readonly OrderStatus[] = [
  'open',
  'open',
  'filled',
  'partially_filled',
  'cancelled',
  // Cancelled with fills: as final as the others.
  'cancelled',
]

/** An order as the private stream tells it. @param sentAtMs - The push's time; its body has the order's birth alone. */
export function mapOrderPush(order: MexcOrderPush, instrument: Instrument, sentAtMs: number): OrderUpdate {
  return {
    instrumentId: instrument.id,
    clientOrderId: clientOrderIdOf(order.clientId),
    exchangeOrderId: asExchangeOrderId(order.id),
    side: order.tradeType === 1 ? 'buy' : 'sell',
    status: pushedStatuses[order.status]!,
    quantity: positive(order.quantity),
    price: order.orderType === marketType ? undefined : positive(order.price),
    filledQuantity: Decimal.parse(order.cumulativeQuantity),
    filledNotional: Decimal.parse(order.cumulativeAmount),
    exchangeTimeMs: sentAtMs === 0 ? order.createTime : sentAtMs,
    reason: undefined,
  }
}

/** An execution as `myTrades` answers it. The fee is read, never assumed: it may be in MX. */
export function mapMyTrade(trade: MexcMyTrade, instrument: Instrument): Fill {
  return {
    fillId: asFillId(trade.id),
    instrumentId: instrument.id,
    exchangeOrderId: asExchangeOrderId(trade.orderId),
    clientOrderId: clientOrderIdOf(trade.clientOrderId),
    side: trade.isBuyer ? 'buy' : 'sell',
    price: Decimal.parse(trade.price),
    quantity: Decimal.parse(trade.qty),
    fee: Decimal.tryParse(trade.commission ?? '') ?? Decimal.zero,
    feeAsset: trade.commissionAsset ? createAssetId(trade.commissionAsset) : instrument.quote,
    role: trade.isMaker ? 'maker' : 'taker',
    exchangeTimeMs: trade.time,
  }
}

/** An execution as the private stream tells it; `tradeId` is the `id` of `myTrades`. */
export function mapFillPush(fill: MexcFillPush, instrument: Instrument): Fill {
  return {
    fillId: asFillId(fill.tradeId),
    instrumentId: instrument.id,
    exchangeOrderId: asExchangeOrderId(fill.orderId),
    clientOrderId: clientOrderIdOf(fill.clientOrderId),
    side: fill.tradeType === 1 ? 'buy' : 'sell',
    price: Decimal.parse(fill.price),
    quantity: Decimal.parse(fill.quantity),
    fee: Decimal.parse(fill.feeAmount),
    feeAsset: fill.feeCurrency ? createAssetId(fill.feeCurrency) : instrument.quote,
    role: fill.isMaker ? 'maker' : 'taker',
    exchangeTimeMs: fill.time,
  }
}

/** A balance as the private stream tells it: `balanceAmount` is what is free. */
export function mapBalancePush(push: MexcBalancePush): Balance {
  return {
    asset: createAssetId(push.vcoinName),
    free: Decimal.parse(push.balanceAmount),
    locked: Decimal.parse(push.frozenAmount),
  }
}

export const clientOrderIdOf = (text: string | null | undefined): ClientOrderId | undefined =>
  text ? asClientOrderId(text) : undefined

function positive(text: string | null | undefined): Decimal | undefined {
  const value = Decimal.tryParse(text ?? '')
  return value !== undefined && value.sign > 0 ? value : undefined
}
