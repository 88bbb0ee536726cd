import { z } from 'zod'
import { toDecimalText } from '../client/decimal-text.js'

/** A number or a text, exponents allowed, as plain decimal text (B1). */
export const decimal = z.unknown().transform((value, context) => {
  const text = toDecimalText(value)
  if (text !== undefined) return text
  context.addIssue({ code: 'custom', message: 'is no decimal' })
  return z.NEVER
})
const maybeDecimal = z
  .unknown()
  .optional()
  .transform((value) => toDecimalText(value) ?? null)
const text = z.string()
const maybeText = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

/** ISO time, without an offset UTC, as Unix milliseconds. */
export const isoTime = z.string().transform((value, context) => {
  const ms = Date.parse(/(?:[zZ]|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`)
  if (Number.isFinite(ms)) return ms
  context.addIssue({ code: 'custom', message: 'is no ISO time' })
  return z.NEVER
})

export const apiOrderStatuses = [
  'SUBMITTED',
  'OPEN',
  'PENDING_CANCEL',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELLED',
  'FAILED',
] as const

/** Where something is: an account of the server, the exchange behind it, the pair. */
const place = { account_name: text, connector_name: text, trading_pair: text }
/** What names an order and its side. */
const orderTerms = { ...place, order_id: text, trade_type: text }
const fee = { fee_paid: maybeDecimal, fee_currency: maybeText }

export const placedOrderSchema = z.object({
  ...orderTerms,
  amount: decimal,
  order_type: text,
  price: maybeDecimal,
  status: text,
})
/** The connector has queued it; whether the exchange takes it shows later. */
export type HummingbotApiPlacedOrder = z.infer<typeof placedOrderSchema>

/** Of a refused order the server may know no more than its id: `UNKNOWN` members and amount 0. */
export const apiOrderSchema = z.object({
  ...orderTerms,
  order_type: text,
  amount: decimal,
  price: maybeDecimal,
  status: text,
  filled_amount: decimal,
  average_fill_price: maybeDecimal,
  ...fee,
  created_at: isoTime,
  updated_at: isoTime,
  exchange_order_id: maybeText,
  error_message: maybeText,
})
export type HummingbotApiOrder = z.infer<typeof apiOrderSchema>

export const apiTradeSchema = z.object({
  ...orderTerms,
  trade_id: text,
  amount: decimal,
  price: decimal,
  ...fee,
  timestamp: isoTime,
})
export type HummingbotApiTrade = z.infer<typeof apiTradeSchema>

export const apiPositionSchema = z.object({
  ...place,
  side: text,
  amount: decimal,
  entry_price: maybeDecimal,
  unrealized_pnl: maybeDecimal,
  leverage: maybeDecimal,
})
export type HummingbotApiPosition = z.infer<typeof apiPositionSchema>

export const apiFundingPaymentSchema = z.object({
  funding_payment_id: z.union([text, z.number()]).transform(String),
  timestamp: z.unknown(),
  ...place,
  funding_rate: maybeDecimal,
  funding_payment: maybeDecimal,
  fee_currency: maybeText,
})

export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item),
    pagination: z.object({
      has_more: z.boolean().nullish(),
      next_cursor: maybeText,
      total_count: z.number().nullish(),
    }),
  })

export const portfolioStateSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.array(
      z.object({
        token: text,
        units: decimal,
        price: maybeDecimal,
        value: maybeDecimal,
        available_units: maybeDecimal,
      }),
    ),
  ),
)
/** By account, then by connector. Zero balances are left out; a price of 0 means unknown. */
export type HummingbotApiPortfolio = z.infer<typeof portfolioStateSchema>

export const pricesSchema = z.object({
  connector: text,
  prices: z.record(z.string(), maybeDecimal),
  timestamp: z.number(),
})

const apiLevel = z.object({ price: decimal, amount: decimal })
export const apiOrderBookSchema = z.object({
  trading_pair: text,
  bids: z.array(apiLevel),
  asks: z.array(apiLevel),
  /** Of the server, Unix seconds. */
  timestamp: z.number(),
})
export type HummingbotApiOrderBook = z.infer<typeof apiOrderBookSchema>

export const candleSchema = z.object({
  /** Unix seconds. */
  timestamp: z.number(),
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  volume: decimal,
  quote_asset_volume: maybeDecimal,
})
export type HummingbotApiCandle = z.infer<typeof candleSchema>

export const tradingRuleSchema = z.object({
  min_order_size: maybeDecimal,
  max_order_size: maybeDecimal,
  min_price_increment: maybeDecimal,
  min_base_amount_increment: maybeDecimal,
  min_notional_size: maybeDecimal,
  supports_limit_orders: z.boolean().nullish(),
  supports_market_orders: z.boolean().nullish(),
})
export type HummingbotApiTradingRule = z.infer<typeof tradingRuleSchema>
/** By pair; a pair that the connector does not know has `error`. */
export const tradingRulesSchema = z.record(z.string(), z.union([z.object({ error: text }), tradingRuleSchema]))

export const bookQuerySchema = z.object({
  trading_pair: text,
  is_buy: z.boolean(),
  query_volume: maybeDecimal,
  query_price: maybeDecimal,
  result_price: maybeDecimal,
  result_volume: maybeDecimal,
  result_quote_volume: maybeDecimal,
  average_price: maybeDecimal,
  timestamp: z.number(),
})

export const fundingInfoSchema = z.object({
  trading_pair: text,
  funding_rate: maybeDecimal,
  next_funding_time: z.number().nullish(),
  mark_price: maybeDecimal,
  index_price: maybeDecimal,
})

export const pairChangeSchema = z.object({ success: z.boolean(), message: maybeText })
export const messageSchema = z.looseObject({ message: text })
export const namesSchema = z.array(text)
export const orderTypesSchema = z.object({ connector: text, supported_order_types: namesSchema })
/** Older servers answer a list of field names. */
export const configMapSchema = z.union([
  z.record(z.string(), z.looseObject({ type: maybeText, required: z.boolean().nullish() })),
  namesSchema.transform((names) => Object.fromEntries(names.map((name) => [name, { type: null, required: null }]))),
])

export const healthSchema = z.looseObject({ name: text, version: text, status: text })
export const openApiSchema = z.object({ paths: z.record(z.string(), z.unknown()) })

export const botAnswerSchema = z.looseObject({
  status: text,
  data: z.unknown().optional(),
  message: maybeText.optional(),
  response: z
    .looseObject({ success: z.boolean(), message: maybeText.optional(), data: z.unknown().optional() })
    .optional(),
})

export const executorSchema = z.looseObject({ executor_id: text, status: maybeText })
export type HummingbotApiExecutor = z.infer<typeof executorSchema>
export const anySchema = z.unknown()
