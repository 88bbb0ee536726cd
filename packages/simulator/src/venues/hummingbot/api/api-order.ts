import type { Decimal, Side } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { VenueOrder } from '../../../matching/venue-order.js'
import { pairOf } from '../markets.js'
import { wasRefused } from '../protocol/order-view.js'

export type ApiOrderType = 'LIMIT' | 'MARKET' | 'LIMIT_MAKER'

/** An order as the connector of hummingbot-api keeps it: first only here, then at the exchange. */
export interface ApiOrder {
  readonly id: string
  readonly accountId: string
  readonly symbol: TradingSymbol
  readonly side: Side
  readonly type: ApiOrderType
  /** Base, on the grid. */
  readonly amount: Decimal
  readonly price: Decimal | undefined
  readonly createdAtMs: number
  /** The order at the exchange, once it is there. */
  order: VenueOrder | undefined
  /** Why the exchange never took it. */
  refusedBecause: string | undefined
  refusedAtMs: number
  isCancelRequested: boolean
}

function apiStatus(held: ApiOrder): string {
  const { order } = held
  if (held.refusedBecause !== undefined) return 'FAILED'
  if (order === undefined) return held.isCancelRequested ? 'PENDING_CANCEL' : 'SUBMITTED'
  if (!order.isOpen) return order.status === 'filled' ? 'FILLED' : wasRefused(order) ? 'FAILED' : 'CANCELLED'
  if (held.isCancelRequested) return 'PENDING_CANCEL'
  return order.filledLots > 0 ? 'PARTIALLY_FILLED' : 'OPEN'
}

/** Whether the connector still works on it. */
export const isActive = (held: ApiOrder): boolean =>
  held.refusedBecause === undefined && (held.order === undefined || held.order.isOpen)

/** Whether the database knows it. */
export const isStored = (held: ApiOrder): boolean => held.order !== undefined || held.refusedBecause !== undefined

interface ItemPlace {
  readonly accountName: string
  readonly connector: string
}

/** An order item; `active` shows less than the database. */
export function viewApiOrder(held: ApiOrder, { accountName, connector }: ItemPlace, from: 'active' | 'search'): object {
  const { order, symbol } = held
  const status = apiStatus(held)
  const fees = order === undefined ? [] : [...order.fees]
  const lastFill = order?.fills.at(-1)
  const isStoredItem = from === 'search'
  return {
    order_id: held.id,
    account_name: accountName,
    connector_name: connector,
    trading_pair: pairOf(symbol),
    trade_type: held.side.toUpperCase(),
    order_type: held.type,
    amount: held.amount.toNumber(),
    price: held.price?.toNumber() ?? null,
    status,
    filled_amount: order === undefined ? 0 : symbol.quantity(order.filledLots).toNumber(),
    average_fill_price: isStoredItem ? (lastFill?.price.toNumber() ?? null) : null,
    fee_paid: isStoredItem && fees.length > 0 ? fees[0]![1].toNumber() : null,
    fee_currency: isStoredItem && fees.length > 0 ? fees[0]![0] : null,
    created_at: isoTime(held.createdAtMs),
    updated_at: isoTime(order?.updatedAtMs ?? held.createdAtMs),
    exchange_order_id: order?.id ?? null,
    error_message: isStoredItem && status === 'FAILED' ? failureText(held) : null,
  }
}

/** A refused order that the connector no longer tracks, as the database has it. */
export const viewForgottenOrder = (held: ApiOrder, { accountName, connector }: ItemPlace): object => ({
  order_id: held.id,
  account_name: accountName,
  connector_name: connector,
  trading_pair: 'UNKNOWN',
  trade_type: 'UNKNOWN',
  order_type: 'UNKNOWN',
  amount: 0,
  price: null,
  status: 'FAILED',
  filled_amount: 0,
  average_fill_price: null,
  fee_paid: null,
  fee_currency: null,
  created_at: isoTime(held.refusedAtMs),
  updated_at: isoTime(held.refusedAtMs),
  exchange_order_id: null,
  error_message: failureText(held),
})

export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00')

const failureText = (held: ApiOrder): string => held.refusedBecause ?? 'Order failed: MarketOrderFailureEvent'
