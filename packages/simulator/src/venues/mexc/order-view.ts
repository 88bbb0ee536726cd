import { Decimal } from '@cex-arbitrage/common'

import type { VenueFill, VenueOrder } from '../../matching/venue-order.js'
import { averagePrice, trimmedPrice, trimmedQuantity } from './number-text.js'

export type MexcOrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'PARTIALLY_CANCELED'

const statusNumbers: Readonly<Record<MexcOrderStatus, number>> = {
  NEW: 1,
  FILLED: 2,
  PARTIALLY_FILLED: 3,
  CANCELED: 4,
  PARTIALLY_CANCELED: 5,
}

const typeNumbers: Readonly<Record<string, number>> = {
  LIMIT: 1,
  LIMIT_MAKER: 2,
  IMMEDIATE_OR_CANCEL: 3,
  FILL_OR_KILL: 4,
  MARKET: 5,
}

const firstTradeNumber = 505_979_017_439_000_000n
const firstOrderNumber = 600_000_000_000_000_000_000n

/** `C02__` and 21 digits: opaque, too long for a number, as on the venue. */
export const formatOrderId = (n: number): string => `C02__${firstOrderNumber + BigInt(n)}`

/** Id of a fill, the same in `myTrades` and on the private deals. */
export const formatFillId = (tradeId: number): string => `${firstTradeNumber + BigInt(tradeId)}X1`

/** Id of a public trade: both sides of it. */
export const formatTradeId = (tradeId: number): string =>
  `${firstTradeNumber + BigInt(tradeId)}X0_${firstTradeNumber + BigInt(tradeId)}X1`

export const typeOf = (order: VenueOrder): string => order.input.attributes?.['type'] ?? 'LIMIT'

export function statusOf(order: VenueOrder): MexcOrderStatus {
  if (order.isOpen) return order.filledLots > 0 ? 'PARTIALLY_FILLED' : 'NEW'
  if (order.status === 'filled') return 'FILLED'
  return order.filledLots > 0 ? 'PARTIALLY_CANCELED' : 'CANCELED'
}

export const sideOf = (order: VenueOrder): 'BUY' | 'SELL' => (order.side === 'buy' ? 'BUY' : 'SELL')

export const symbolIdOf = ({ symbol }: VenueOrder): string => `${symbol.base}${symbol.quote}`

/** Base quantity of an order; of one sized by money what it has bought. */
const totalLots = (order: VenueOrder): number =>
  order.input.quoteBudget === undefined ? order.quantityLots : order.filledLots

/** Answer to a new order: nothing but the acknowledgement. */
export function viewAcknowledgement(order: VenueOrder, transactTime: number): Record<string, unknown> {
  return {
    symbol: symbolIdOf(order),
    orderId: order.id,
    orderListId: -1,
    price: trimmedPrice(order.symbol, order.priceTicks ?? 0),
    origQty: trimmedQuantity(order.symbol, order.quantityLots),
    type: typeOf(order),
    side: sideOf(order),
    stpMode: order.input.attributes?.['stpMode'] ?? '',
    transactTime,
  }
}

/** An order as the queries show it. */
export function viewOrder(order: VenueOrder): Record<string, unknown> {
  const isUntouched = order.isOpen && order.filledLots === 0
  return {
    symbol: symbolIdOf(order),
    orderId: order.id,
    orderListId: -1,
    clientOrderId: order.clientOrderId ?? null,
    price: trimmedPrice(order.symbol, order.priceTicks ?? 0),
    origQty: trimmedQuantity(order.symbol, totalLots(order)),
    executedQty: trimmedQuantity(order.symbol, order.filledLots),
    cummulativeQuoteQty: order.filledNotional.toString(),
    status: statusOf(order),
    timeInForce: null,
    type: typeOf(order),
    side: sideOf(order),
    stopPrice: null,
    icebergQty: null,
    time: order.createdAtMs,
    updateTime: isUntouched ? null : order.updatedAtMs,
    isWorking: order.isOpen,
    stpMode: order.input.attributes?.['stpMode'] ?? '',
    cancelReason: order.endReason === 'self_trade' ? 'stp_cancel' : null,
    origQuoteOrderQty: order.input.attributes?.['quoteOrderQty'] ?? '0',
  }
}

/** Answer to a cancel; `status` is what the order was when the cancel came in. */
export function viewCancel(order: VenueOrder, status: MexcOrderStatus, cancelId: string | undefined) {
  return {
    symbol: symbolIdOf(order),
    origClientOrderId: order.clientOrderId ?? null,
    orderId: order.id,
    clientOrderId: cancelId ?? null,
    price: trimmedPrice(order.symbol, order.priceTicks ?? 0),
    origQty: trimmedQuantity(order.symbol, totalLots(order)),
    executedQty: trimmedQuantity(order.symbol, order.filledLots),
    cummulativeQuoteQty: order.filledNotional.toString(),
    status,
    type: typeOf(order),
    side: sideOf(order),
  }
}

/** A fill as `myTrades` shows it: time in whole seconds. */
export function viewFill(fill: VenueFill, order: VenueOrder | undefined): Record<string, unknown> {
  return {
    symbol: fill.symbol.replace('/', ''),
    id: formatFillId(fill.tradeId),
    orderId: fill.orderId,
    orderListId: -1,
    price: fill.price.toString(),
    qty: fill.quantity.toString(),
    quoteQty: fill.notional.toString(),
    commission: fill.fee.toString(),
    commissionAsset: fill.feeAsset,
    time: Math.floor(fill.atMs / 1000) * 1000,
    isBuyer: fill.side === 'buy',
    isMaker: fill.role === 'maker',
    isBestMatch: true,
    isSelfTrade: fill.selfTrade,
    clientOrderId: order?.clientOrderId ?? null,
  }
}

/** Body of a `privateOrders` push, read from the order as it is now. */
export function orderPushFields(order: VenueOrder) {
  const { symbol } = order
  const lastFill = order.fills.at(-1)
  const amount = amountOf(order)
  const reserved = amount.isZero ? symbol.notional(order.priceTicks ?? 0, order.quantityLots) : amount
  return {
    id: order.id,
    clientId: order.clientOrderId,
    price: trimmedPrice(symbol, order.priceTicks ?? 0),
    quantity: trimmedQuantity(symbol, totalLots(order)),
    amount: amount.toString(),
    avgPrice: averagePrice(symbol, order.filledNotional, order.filledLots),
    orderType: typeNumbers[typeOf(order)] ?? 1,
    tradeType: order.side === 'buy' ? 1 : 2,
    isMaker: lastFill?.role === 'maker' || typeOf(order) === 'LIMIT_MAKER',
    remainAmount: Decimal.max(Decimal.zero, reserved.minus(order.filledNotional)).toString(),
    remainQuantity: trimmedQuantity(symbol, order.remainingLots),
    lastDealQuantity: lastFill?.quantity.toString(),
    cumulativeQuantity: trimmedQuantity(symbol, order.filledLots),
    cumulativeAmount: order.filledNotional.toString(),
    status: statusNumbers[statusOf(order)],
    createTime: order.createdAtMs,
  }
}

/** Quote amount that an order names: of a market order only when it is sized by money. */
function amountOf(order: VenueOrder): Decimal {
  if (order.input.kind === 'market') return Decimal.parse(order.input.attributes?.['quoteOrderQty'] ?? '0')
  return order.symbol.notional(order.priceTicks!, order.quantityLots)
}

/** Body of a `privateDeals` push. */
export function dealPushFields(fill: VenueFill, order: VenueOrder) {
  return {
    price: fill.price.toString(),
    quantity: fill.quantity.toString(),
    amount: fill.notional.toString(),
    tradeType: fill.side === 'buy' ? 1 : 2,
    isMaker: fill.role === 'maker',
    isSelfTrade: fill.selfTrade,
    tradeId: formatFillId(fill.tradeId),
    clientOrderId: order.clientOrderId,
    orderId: fill.orderId,
    feeAmount: fill.fee.toString(),
    feeCurrency: fill.feeAsset,
    time: fill.atMs,
  }
}
