import type { VenueFill, VenueOrder } from '../../../matching/venue-order.js'
import { pairOf } from '../markets.js'

/** `open`, `partially_filled`, `filled`, `cancelled` or `failed`. */
export function statusOf(order: VenueOrder): string {
  if (order.isOpen) return order.filledLots > 0 ? 'partially_filled' : 'open'
  return order.status === 'filled' ? 'filled' : wasRefused(order) ? 'failed' : 'cancelled'
}

/** Whether the exchange refused it after all. */
export const wasRefused = (order: VenueOrder): boolean =>
  order.endReason === 'refused_late' || (order.endReason === 'no_liquidity' && order.filledLots === 0)

/** Why an order failed; `undefined` when it did not. */
function reasonOf(order: VenueOrder): string | undefined {
  if (!wasRefused(order)) return undefined
  return order.endReason === 'refused_late' ? 'Order rejected by the exchange' : 'Not enough liquidity'
}

/** The market as its owner spelled it. */
const spellingOf = (order: VenueOrder): string => order.input.attributes?.['market'] ?? pairOf(order.symbol)

/** An order as responses show it. */
export function viewOrder(order: VenueOrder, exchange: string): Record<string, unknown> {
  const { order_type: type, ...members } = viewMembers(order, exchange)
  const lastFill = order.status === 'filled' ? order.fills.at(-1) : undefined
  return {
    ...members,
    type,
    created_at: order.createdAtMs / 1000,
    ...(lastFill !== undefined && { filled_at: lastFill.atMs / 1000 }),
  }
}

/** `data` of an `order_update`. */
export const viewOrderUpdate = (order: VenueOrder, exchange: string, nowMs: number): Record<string, unknown> => ({
  ...viewMembers(order, exchange),
  timestamp: nowMs / 1000,
})

/** `data` of a `trade` of one's own. */
export const viewOwnTrade = (fill: VenueFill, order: VenueOrder, exchange: string): Record<string, unknown> => ({
  trade_id: String(fill.tradeId),
  symbol: spellingOf(order),
  exchange,
  price: fill.price.toString(),
  amount: fill.quantity.toString(),
  side: fill.side,
  timestamp: fill.atMs / 1000,
  own: true,
  order_id: order.id,
})

function viewMembers(order: VenueOrder, exchange: string): Record<string, unknown> {
  const { input, symbol } = order
  const reason = reasonOf(order)
  const isPriced = input.kind === 'limit' && order.priceTicks !== undefined
  return {
    order_id: order.id,
    symbol: spellingOf(order),
    exchange,
    price: isPriced ? symbol.price(order.priceTicks!).toString() : null,
    amount: symbol.quantity(order.quantityLots).toString(),
    filled: symbol.quantity(order.filledLots).toString(),
    side: order.side,
    order_type: input.kind,
    status: statusOf(order),
    ...(order.clientOrderId !== undefined && { client_order_id: order.clientOrderId }),
    ...(reason !== undefined && { reason }),
  }
}
