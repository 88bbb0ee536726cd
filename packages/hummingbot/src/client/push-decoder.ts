import type { z } from 'zod'
import type { HummingbotEventType } from './event-engine.js'
import type { FrameObject } from './frame-codec.js'
import { isPlainDecimalText } from './decimal-text.js'
import { orderBookEventSchema, orderSchema, tickerSchema, tradeEventSchema } from './schemas.js'

/** A pushed event, read. */
export type PushedEvent =
  | { readonly kind: 'event'; readonly busType: HummingbotEventType; readonly data: FrameObject }
  | { readonly kind: 'corrupt'; readonly reason: string }
  | { readonly kind: 'unknown' }

interface Rule {
  readonly busType: HummingbotEventType
  readonly schema?: z.ZodType<object>
  /** Added to what is published. */
  readonly extra?: FrameObject
}

const rules: Readonly<Record<string, Rule>> = {
  order_update: { busType: 'ORDER_UPDATE', schema: orderSchema },
  trade: { busType: 'TRADE_UPDATE', schema: tradeEventSchema },
  order_book_update: { busType: 'MARKET_DATA', schema: orderBookEventSchema, extra: { kind: 'order_book' } },
  ticker_update: { busType: 'MARKET_DATA', schema: tickerSchema, extra: { kind: 'ticker' } },
  error: { busType: 'ERROR' },
  info: { busType: 'INFO' },
}

/**
 * Reads a pushed event (A6). What it carries is checked, numbers become decimal text, and members that are not known
 * stay; absent `data` is an empty object.
 */
export function decodePush(type: string, frame: FrameObject): PushedEvent {
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined
  if (rule === undefined) return { kind: 'unknown' }
  const data = frame['data'] ?? {}
  if (typeof data !== 'object' || Array.isArray(data)) return { kind: 'corrupt', reason: 'data is no object' }
  const given = data as FrameObject
  // An event without data is passed on as one: the original does, and there is nothing in it that could mislead.
  if (rule.schema === undefined || Object.keys(given).length === 0)
    return { kind: 'event', busType: rule.busType, data: given }
  if (type === 'order_book_update' && isPlainBook(given))
    return { kind: 'event', busType: rule.busType, data: { ...given, ...rule.extra } }
  const result = rule.schema.safeParse(given)
  if (!result.success) return { kind: 'corrupt', reason: describeIssue(result.error) }
  return { kind: 'event', busType: rule.busType, data: { ...given, ...result.data, ...rule.extra } }
}

/** Whether the schema would take a book as it is: what comes by the thousand goes this way, without a copy. */
function isPlainBook({ symbol, exchange, timestamp, bids, asks }: FrameObject): boolean {
  if (typeof symbol !== 'string' || typeof exchange !== 'string' || typeof timestamp !== 'number') return false
  return isPlainSide(bids) && isPlainSide(asks)
}

function isPlainSide(side: unknown): boolean {
  if (!Array.isArray(side)) return false
  for (const level of side as readonly unknown[]) {
    if (!Array.isArray(level) || level.length !== 2) return false
    if (!isPlainDecimalText(level[0]) || !isPlainDecimalText(level[1])) return false
  }
  return true
}

/** Names the first member that is wrong. */
export function describeIssue({ issues }: z.ZodError): string {
  const [first] = issues
  if (first === undefined) return 'it has another shape'
  return `${first.path.length === 0 ? 'data' : first.path.map(String).join('.')}: ${first.message}`
}
