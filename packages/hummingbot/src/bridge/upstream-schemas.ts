import { z } from 'zod'

const number = z.union([z.number(), z.string()])

/** One order of `orders/active` or `orders/search`; static members may be `UNKNOWN`. */
export const orderItemSchema = z.object({
  order_id: z.string(),
  account_name: z.string(),
  connector_name: z.string(),
  trading_pair: z.string(),
  trade_type: z.string(),
  order_type: z.string(),
  amount: number.nullable(),
  price: number.nullable(),
  status: z.string(),
  filled_amount: number.nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  error_message: z.string().nullish(),
})
export type OrderItem = z.infer<typeof orderItemSchema>

export const tradeItemSchema = z.object({
  trade_id: z.union([z.string(), z.number()]).transform(String),
  order_id: z.string(),
  trading_pair: z.string(),
  trade_type: z.string(),
  amount: number,
  price: number,
  fee_paid: number.nullish(),
  fee_currency: z.string().nullish(),
  timestamp: z.string(),
})
export type TradeItem = z.infer<typeof tradeItemSchema>

export const pageSchema = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ has_more: z.boolean().nullish(), next_cursor: z.string().nullish() }).nullish(),
})

export const placedOrderSchema = z.object({ order_id: z.string().min(1) })

const bookRow = z.object({ price: number, amount: number })
export const bookSchema = z.object({ bids: z.array(bookRow), asks: z.array(bookRow), timestamp: z.number() })
export type UpstreamBook = z.infer<typeof bookSchema>

export const pricesSchema = z.object({ prices: z.record(z.string(), number.nullable()) })
export const candlesSchema = z.array(z.object({ volume: number.nullable() }))

const portfolioRow = z.object({ token: z.string(), units: number, available_units: number.nullish() })
export const portfolioSchema = z.record(z.string(), z.record(z.string(), z.array(portfolioRow)))

export const tradingRulesSchema = z.record(
  z.string(),
  z.object({ min_price_increment: number.nullish(), min_base_amount_increment: number.nullish() }),
)

/** `detail` of an error: a text, or the list of a 422. */
export const errorSchema = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() })),
  ]),
})
