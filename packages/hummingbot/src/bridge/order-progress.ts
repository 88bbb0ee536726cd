import { Decimal } from '@cex-arbitrage/common'
import { isEnded, type FillRecord, type OrderRecord } from './order-record.js'
import type { OrderItem, TradeItem } from './upstream-schemas.js'
import { decimalOf, mapOrderStatus, secondsOf } from './upstream-values.js'

/**
 * Takes over what a row of the upstream says. What is filled never becomes less; an end is final, but for a fill that
 * comes after a cancellation or failure.
 *
 * @returns whether anything changed that a client wants to know.
 */
export function applyItem(record: OrderRecord, item: OrderItem, nowMs: number): boolean {
  record.createdAtS ??= secondsOf(item.created_at)
  const told = Decimal.parse(decimalOf(item.filled_amount))
  const hasNewFill = told.greaterThan(Decimal.parse(record.filled))
  const status = mapOrderStatus(item.status)
  if (isEnded(record) && !hasNewFill) return false
  const before = `${record.status} ${record.filled}`
  if (hasNewFill) record.filled = told.toString()
  if (status !== undefined) setStatus(record, status, nowMs)
  if (status === 'filled') record.filledAtS ??= secondsOf(item.updated_at)
  if (status === 'failed' && typeof item.error_message === 'string') record.reason = item.error_message
  return before !== `${record.status} ${record.filled}`
}

/**
 * Counts one fill.
 *
 * @returns whether it is new; `filled` follows when the fills say more than the order.
 */
export function applyTrade(record: OrderRecord, trade: TradeItem, nowMs: number): boolean {
  if (record.fills.some(({ tradeId }) => tradeId === trade.trade_id)) return false
  record.fills.push(toFillRecord(trade, nowMs))
  const pushed = Decimal.parse(record.pushedAmount).plus(Decimal.parse(decimalOf(trade.amount)))
  record.pushedAmount = pushed.toString()
  if (pushed.greaterThan(Decimal.parse(record.filled))) {
    record.filled = pushed.toString()
    setStatus(record, record.status, nowMs)
  }
  return true
}

function toFillRecord(trade: TradeItem, nowMs: number): FillRecord {
  const { trade_id: tradeId, price, amount, timestamp, fee_paid: fee, fee_currency: feeAsset } = trade
  const isFeeKnown = fee !== undefined && fee !== null && typeof feeAsset === 'string'
  return {
    tradeId,
    price: decimalOf(price),
    amount: decimalOf(amount),
    timeS: secondsOf(timestamp) ?? nowMs / 1000,
    ...(isFeeKnown && { fee: decimalOf(fee), feeAsset }),
  }
}

function setStatus(record: OrderRecord, told: OrderRecord['status'], nowMs: number): void {
  const hasFill = !Decimal.parse(record.filled).isZero
  const isWhole = !Decimal.parse(record.filled).lessThan(Decimal.parse(record.amount))
  const isOver = isEnded(record)
  if (isWhole) record.status = 'filled'
  else if (!isOver) record.status = told === 'open' && hasFill ? 'partially_filled' : told
  else if (told === 'filled') record.status = told
  if (isEnded(record)) record.endedAtMs ??= nowMs
}
