import { Decimal } from '@cex-arbitrage/common'

import type { VenueFill, VenueOrder } from '../../matching/venue-order.js'
import { pairOf } from './pairs.js'

export type ActionMode = 'ACK' | 'RESULT' | 'FULL'

/** Decimals of an average price. */
const averageDecimals = 12

/** An order as REST and the WebSocket API show it. */
export function viewOrder(order: VenueOrder, mode: ActionMode = 'FULL'): Record<string, unknown> {
  const id = { id: order.id, text: order.clientOrderId ?? 'apiv4', amend_text: order.amendText ?? '-' }
  if (mode === 'ACK') return id
  const numbers = viewNumbers(order)
  const result = {
    ...id,
    create_time: seconds(order.createdAtMs),
    update_time: seconds(order.updatedAtMs),
    create_time_ms: order.createdAtMs,
    update_time_ms: order.updatedAtMs,
    status: statusOf(order),
    ...viewTerms(order),
    iceberg: '0',
    left: numbers.left,
    filled_total: numbers.filledTotal,
    avg_deal_price: numbers.average,
    stp_id: stpId(order),
    stp_act: order.input.attributes?.['stpAct'] ?? '-',
    finish_as: finishAs(order),
  }
  if (mode === 'RESULT') return result
  return {
    ...result,
    filled_amount: numbers.filledAmount,
    fill_price: numbers.filledTotal,
    ...viewFees(order),
    gt_maker_fee: '0',
    gt_taker_fee: '0',
  }
}

/** An order as `spot.orders` pushes it: no status, every number text. */
export function viewPushedOrder(
  order: VenueOrder,
  event: string,
  userId: number,
  v2: boolean,
): Record<string, unknown> {
  const numbers = viewNumbers(order)
  const { gt_discount: gtDiscount, ...fees } = viewFees(order)
  return {
    id: order.id,
    text: order.clientOrderId ?? 'apiv4',
    create_time: seconds(order.createdAtMs),
    update_time: seconds(order.updatedAtMs),
    create_time_ms: String(order.createdAtMs),
    update_time_ms: String(order.updatedAtMs),
    ...viewTerms(order),
    left: numbers.left,
    filled_total: numbers.filledTotal,
    filled_amount: numbers.filledAmount,
    avg_deal_price: numbers.average,
    ...(v2 ? { fee_currency: fees.fee_currency, rebated_fee_currency: fees.rebated_fee_currency } : fees),
    gt_discount: gtDiscount,
    user: userId,
    event,
    stp_id: stpId(order),
    stp_act: order.input.attributes?.['stpAct'] ?? '-',
    finish_as: finishAs(order),
    biz_info: '-',
    amend_text: order.amendText ?? '-',
  }
}

/** A fill as `spot.usertrades` pushes it. */
export function viewPushedFill(
  fill: VenueFill,
  order: VenueOrder,
  userId: number,
  v2: boolean,
): Record<string, unknown> {
  return {
    id: fill.tradeId,
    user_id: userId,
    order_id: fill.orderId,
    currency_pair: pairOf(order.symbol),
    create_time: Math.floor(fill.atMs / 1000),
    create_time_ms: preciseMs(fill.atMs),
    side: fill.side,
    amount: fill.quantity.toString(),
    role: fill.role,
    price: fill.price.toString(),
    ...(!v2 && { fee: fill.fee.toString(), fee_currency: fill.feeAsset, point_fee: '0', gt_fee: '0' }),
    text: order.clientOrderId ?? 'apiv4',
    id_market: fill.marketTradeId,
    amend_text: order.amendText ?? '-',
    biz_info: '-',
  }
}

/** A fill as `my_trades` lists it: every member text. */
export function viewListedFill(fill: VenueFill, order: VenueOrder): Record<string, string> {
  return {
    id: String(fill.tradeId),
    create_time: seconds(fill.atMs),
    create_time_ms: preciseMs(fill.atMs),
    currency_pair: pairOf(order.symbol),
    order_id: fill.orderId,
    side: fill.side,
    role: fill.role,
    amount: fill.quantity.toString(),
    price: fill.price.toString(),
    fee: fill.fee.toString(),
    fee_currency: fill.feeAsset,
    point_fee: '0',
    gt_fee: '0',
    amend_text: order.amendText ?? '-',
    sequence_id: String(fill.marketTradeId),
    text: order.clientOrderId ?? 'apiv4',
    deal: fill.notional.toString(),
  }
}

export const seconds = (ms: number): string => String(Math.floor(ms / 1000))
/** Milliseconds with further decimals, as the venue writes trade times. */
export const preciseMs = (ms: number): string => `${ms.toFixed(3)}`

/** `open`, `closed` or `cancelled`. */
export function statusOf(order: VenueOrder): string {
  if (order.isOpen) return 'open'
  if (order.status === 'filled') return 'closed'
  return order.input.kind === 'market' && order.filledLots > 0 ? 'closed' : 'cancelled'
}

export function finishAs(order: VenueOrder): string {
  switch (order.endReason) {
    case undefined:
      return 'open'
    case 'filled':
    case 'cancelled':
    case 'ioc':
    case 'fok':
      return order.endReason
    case 'post_only':
      return 'poc'
    case 'self_trade':
      return 'stp'
    case 'no_liquidity':
      return order.filledLots > 0 ? 'depth_not_enough' : 'trader_not_enough'
    case 'price_protection':
      return 'price_protect_cancelled'
    case 'refused_late':
      return 'unified_check_failed'
    case 'reduce_only':
    case 'liquidated':
      return order.endReason
  }
}

function viewTerms(order: VenueOrder): Record<string, string> {
  const { input, symbol } = order
  const price = input.kind === 'limit' ? symbol.price(order.priceTicks!) : Decimal.zero
  return {
    currency_pair: pairOf(symbol),
    type: input.kind,
    account: input.attributes?.['account'] ?? 'spot',
    side: order.side,
    amount: (input.quoteBudget ?? symbol.quantity(order.quantityLots)).toString(),
    price: price.toString(),
    time_in_force: input.attributes?.['timeInForce'] ?? input.timeInForce,
  }
}

function viewNumbers(order: VenueOrder): Record<'left' | 'filledAmount' | 'filledTotal' | 'average', string> {
  const filled = order.symbol.quantity(order.filledLots)
  const average = filled.isZero ? Decimal.zero : order.filledNotional.dividedBy(filled, averageDecimals, 'down')
  return {
    left: (order.budgetLeft ?? order.symbol.quantity(order.remainingLots)).toString(),
    filledAmount: filled.toString(),
    filledTotal: order.filledNotional.toString(),
    average: average.toString(),
  }
}

function viewFees(order: VenueOrder): {
  readonly fee: string
  readonly fee_currency: string
  readonly point_fee: string
  readonly gt_fee: string
  readonly gt_discount: boolean
  readonly rebated_fee: string
  readonly rebated_fee_currency: string
} {
  const [received, given] =
    order.side === 'buy' ? [order.symbol.base, order.symbol.quote] : [order.symbol.quote, order.symbol.base]
  const fee = order.fees.get(received) ?? Decimal.zero
  return {
    fee: Decimal.max(fee, Decimal.zero).toString(),
    fee_currency: received,
    point_fee: '0',
    gt_fee: '0',
    gt_discount: false,
    rebated_fee: fee.sign < 0 ? fee.negated().toString() : '0',
    rebated_fee_currency: fee.sign < 0 ? received : given,
  }
}

const stpId = (order: VenueOrder): number => Number(order.input.attributes?.['stpId'] ?? 0)
