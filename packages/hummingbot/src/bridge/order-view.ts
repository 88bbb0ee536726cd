import type { MappedMarket } from './exchange-map.js'
import type { FillRecord, OrderRecord } from './order-record.js'
import type { OrderItem } from './upstream-schemas.js'
import { decimalOf, mapOrderStatus, secondsOf } from './upstream-values.js'

/** An order object as responses show it. */
export type OrderObject = Readonly<Record<string, unknown>>

/** An order that the bridge has placed. */
export function viewRecord(record: OrderRecord): OrderObject {
  const { order_type: type, ...members } = viewMembers(record)
  return {
    ...members,
    type,
    ...(record.createdAtS !== undefined && { created_at: record.createdAtS }),
    ...(record.filledAtS !== undefined && { filled_at: record.filledAtS }),
  }
}

/** `data` of an `order_update`. */
export const viewUpdate = (record: OrderRecord, nowMs: number): OrderObject => ({
  ...viewMembers(record),
  timestamp: nowMs / 1000,
})

/** One fill, in an order or with more around it as `data` of a `trade`. */
export const viewFill = ({ tradeId, price, amount, timeS, fee, feeAsset }: FillRecord): OrderObject => ({
  trade_id: tradeId,
  price,
  amount,
  timestamp: timeS,
  ...(fee !== undefined && { fee, fee_asset: feeAsset }),
})

/** A row of the upstream; what it has forgotten comes from the record. */
export function viewItem(
  item: OrderItem,
  { exchange, market }: Pick<MappedMarket, 'exchange' | 'market'>,
  record?: OrderRecord,
): OrderObject {
  const isForgotten = item.trade_type === 'UNKNOWN'
  const status = mapOrderStatus(item.status) ?? item.status.toLowerCase()
  const type = isForgotten ? record?.orderType : item.order_type === 'MARKET' ? 'market' : 'limit'
  const price = isForgotten ? record?.price : item.price === null ? undefined : decimalOf(item.price)
  const createdAt = record?.createdAtS ?? secondsOf(item.created_at)
  const filledAt = status === 'filled' ? secondsOf(item.updated_at) : undefined
  return {
    order_id: item.order_id,
    symbol: record?.market ?? market,
    exchange,
    price: type === 'market' ? null : (price ?? null),
    amount: isForgotten && record !== undefined ? record.amount : decimalOf(item.amount),
    filled: decimalOf(item.filled_amount),
    side: isForgotten && record !== undefined ? record.side : item.trade_type.toLowerCase(),
    type: type ?? 'limit',
    status,
    ...(createdAt !== undefined && { created_at: createdAt }),
    ...(filledAt !== undefined && { filled_at: filledAt }),
    ...(record !== undefined && !record.isMinted && { client_order_id: record.clientOrderId }),
    ...(typeof item.error_message === 'string' && { reason: item.error_message }),
  }
}

function viewMembers(record: OrderRecord): Record<string, unknown> {
  return {
    order_id: record.orderId,
    symbol: record.market,
    exchange: record.exchange,
    price: record.price ?? null,
    amount: record.amount,
    filled: record.filled,
    side: record.side,
    order_type: record.orderType,
    status: record.status,
    ...(!record.isMinted && { client_order_id: record.clientOrderId }),
    ...(record.reason !== undefined && { reason: record.reason }),
  }
}
