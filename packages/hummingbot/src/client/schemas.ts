import { z } from 'zod'
import { toDecimalText } from './decimal-text.js'

/** Decimal text; a number is taken by its shortest round-trip form (A5). */
const decimalText = z.unknown().transform((value, context) => {
  const text = toDecimalText(value)
  if (text !== undefined) return text
  context.addIssue({ code: 'custom', message: 'is no decimal' })
  return z.NEVER
})

const id = z.union([z.string().min(1), z.number()]).transform(String)
const seconds = z.number()
const level = z
  .tuple([decimalText, decimalText])
  .rest(z.unknown())
  .transform(([price, amount]) => [price, amount] as const)
const levels = z.array(level)

const orderStatuses = ['open', 'partially_filled', 'filled', 'cancelled', 'failed'] as const

/** An order's state; `unknown` stands for a word that the protocol does not list, kept in `raw_status`. */
export type HummingbotOrderStatus = (typeof orderStatuses)[number] | 'unknown'

const isOrderStatus = (text: string): text is (typeof orderStatuses)[number] =>
  (orderStatuses as readonly string[]).includes(text)

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)

/** One fill of an order: exact price, and the fee where the server knows it. */
const orderFillSchema = z.object({
  trade_id: id,
  price: decimalText,
  amount: decimalText,
  timestamp: seconds,
  fee: optional(decimalText),
  fee_asset: optional(z.string()),
})
export type HummingbotOrderFill = z.infer<typeof orderFillSchema>

const orderMembers = z.object({
  order_id: id,
  symbol: z.string(),
  exchange: z.string(),
  price: decimalText.nullish(),
  amount: decimalText,
  filled: optional(decimalText),
  side: z.enum(['buy', 'sell']),
  type: z.enum(['limit', 'market']).optional(),
  order_type: z.enum(['limit', 'market']).optional(),
  status: z.string(),
  created_at: optional(seconds),
  filled_at: optional(seconds),
  client_order_id: optional(z.string()),
  reason: optional(z.string()),
  timestamp: optional(seconds),
  // Not in the protocol: a server that means something else by the name must not make the order unreadable.
  fills: optional(z.array(orderFillSchema)).catch(undefined),
})

/** One order (A5). Prices and amounts are decimal text; times are Unix seconds. */
export interface HummingbotOrder {
  readonly order_id: string
  readonly symbol: string
  readonly exchange: string
  /** `null` for a market order. */
  readonly price: string | null
  readonly amount: string
  /** Cumulative, in base. */
  readonly filled?: string
  readonly side: 'buy' | 'sell'
  readonly type: 'limit' | 'market'
  readonly status: HummingbotOrderStatus
  /** The server's word, where `status` is `unknown`. */
  readonly raw_status?: string
  readonly created_at?: number
  readonly filled_at?: number
  readonly client_order_id?: string
  /** Why it failed, where the server says so. */
  readonly reason?: string
  /** Its fills so far, from a server that lists them. */
  readonly fills?: readonly HummingbotOrderFill[]
}

export const orderSchema = orderMembers.transform((order, context): HummingbotOrder => {
  const type = order.type ?? order.order_type
  if (type === undefined) {
    context.addIssue({ code: 'custom', path: ['type'], message: 'is missing' })
    return z.NEVER
  }
  const { order_id, symbol, exchange, amount, side, status } = order
  return {
    order_id,
    symbol,
    exchange,
    price: order.price ?? null,
    amount,
    side,
    type,
    ...(isOrderStatus(status) ? { status } : { status: 'unknown', raw_status: status }),
    ...(order.filled !== undefined && { filled: order.filled }),
    ...(order.created_at !== undefined && { created_at: order.created_at }),
    ...(order.filled_at !== undefined && { filled_at: order.filled_at }),
    ...(order.client_order_id !== undefined && { client_order_id: order.client_order_id }),
    ...(order.reason !== undefined && { reason: order.reason }),
    ...(order.fills !== undefined && { fills: order.fills }),
  }
})

export const cancelResultSchema = z.object({ order_id: id, cancelled: z.boolean() })
export type HummingbotCancelResult = z.infer<typeof cancelResultSchema>

export const orderBookSchema = z.object({ timestamp: seconds, bids: levels, asks: levels })
/** A book, best levels first; each level is price and amount as decimal text. */
export type HummingbotOrderBook = z.infer<typeof orderBookSchema>

export const tickerSchema = z.object({
  timestamp: seconds,
  symbol: z.string(),
  exchange: z.string(),
  bid: decimalText,
  ask: decimalText,
  last: decimalText,
  /** Of 24 hours, in base. */
  volume: decimalText,
})
export type HummingbotTicker = z.infer<typeof tickerSchema>

export const balancesSchema = z.record(
  z.string(),
  z.record(z.string(), z.object({ total: decimalText, available: decimalText })),
)
/** By exchange, then by asset. A missing asset is zero or hidden. */
export type HummingbotBalances = z.infer<typeof balancesSchema>

export const capabilitiesSchema = z.object({ capabilities: z.array(z.string()).nullish() }).nullish()

export const tradeEventSchema = z.object({
  trade_id: id,
  symbol: z.string(),
  exchange: z.string(),
  price: decimalText,
  amount: decimalText,
  side: z.enum(['buy', 'sell']),
  timestamp: seconds,
  own: z.boolean().nullish(),
  order_id: id.nullish(),
  // Not in the protocol, so that a server may mean anything by them; read with care.
  fee: z.unknown().optional(),
  fee_asset: z.unknown().optional(),
})
/** A public trade, or with `own` or `order_id` a fill of the account. */
export type HummingbotTrade = z.infer<typeof tradeEventSchema>

/** Whether a `trade` event is a fill of the account; a risk component counts no others (A6). */
export const isOwnTrade = (trade: { readonly own?: unknown; readonly order_id?: unknown }): boolean =>
  trade.own === true || (trade.order_id !== undefined && trade.order_id !== null)

export const orderBookEventSchema = z.object({
  symbol: z.string(),
  exchange: z.string(),
  bids: levels,
  asks: levels,
  timestamp: seconds,
})
export type HummingbotOrderBookUpdate = z.infer<typeof orderBookEventSchema>

/** A response (A3). `status` other than `success` is an error. */
export interface HummingbotEnvelope {
  readonly id?: string
  readonly status: string
  readonly message?: string
  readonly code?: string | number
  readonly data?: unknown
}
