import { z } from 'zod'
import { toDecimalText } from '../client/decimal-text.js'

/** The bot writes negative integers as text. */
const number = z.union([z.number(), z.string()]).transform((value, context) => {
  const parsed = Number(value)
  if (value !== '' && Number.isFinite(parsed)) return parsed
  context.addIssue({ code: 'custom', message: 'is no number' })
  return z.NEVER
})
const text = z.string()
const maybeText = z
  .string()
  .nullish()
  .transform((value) => value ?? null)
/** A number, or a text that can end in a bare point, as decimal text; `null` for what the bot wrote as NaN. */
const maybeDecimal = z
  .unknown()
  .optional()
  .transform((value) => toDecimalText(value) ?? null)

/** `TradeType.BUY` as `BUY`. */
const enumText = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? value.slice(value.lastIndexOf('.') + 1) : null))

const heartbeat = z.object({ ts: number })
const availability = z.object({ timestamp: number, type: text, msg: text })
const notification = z.object({ seq: number.optional(), msg: text })
const logRecord = z.object({ timestamp: number, msg: text, level_no: number, level_name: text, logger_name: text })
const botEvent = z.object({ timestamp: number, type: text, data: z.record(z.string(), z.unknown()) })
const performance = z.record(z.string(), z.record(z.string(), z.unknown()))

/** Payload schemas of what a bot publishes, by topic suffix (B4.3). */
export const botMessageSchemas = {
  hb: heartbeat,
  status_updates: availability,
  notify: notification,
  log: logRecord,
  events: botEvent,
  performance,
} as const

export type HummingbotBotTopic = keyof typeof botMessageSchemas
/** Unix seconds. */
export type HummingbotBotLog = z.infer<typeof logRecord>
/** By controller id; an empty object when a controller stops. */
export type HummingbotBotPerformance = z.infer<typeof performance>

/** One event of a bot's own order. Unix seconds; decimals as text, `null` for NaN; enumerations without their class. */
export interface HummingbotBotEvent {
  readonly type: string
  readonly timestamp: number
  readonly orderId: string | null
  readonly tradingPair: string | null
  readonly tradeType: string | null
  readonly orderType: string | null
  readonly price: string | null
  readonly amount: string | null
  readonly exchangeOrderId: string | null
  readonly exchangeTradeId: string | null
  readonly errorMessage: string | null
  /** As received. */
  readonly data: Readonly<Record<string, unknown>>
}

const eventData = z.object({
  order_id: maybeText,
  trading_pair: maybeText,
  trade_type: enumText,
  order_type: enumText,
  price: maybeDecimal,
  amount: maybeDecimal,
  exchange_order_id: maybeText,
  exchange_trade_id: maybeText,
  error_message: maybeText,
})

/** Reads the data of an event; members that are missing or of another kind are `null`. */
export function readBotEvent({ type, timestamp, data }: z.infer<typeof botEvent>): HummingbotBotEvent {
  const result = eventData.safeParse(data)
  const known = result.success ? result.data : eventData.parse({})
  return {
    type,
    timestamp,
    orderId: known.order_id,
    tradingPair: known.trading_pair,
    tradeType: known.trade_type,
    orderType: known.order_type,
    price: known.price,
    amount: known.amount,
    exchangeOrderId: known.exchange_order_id,
    exchangeTradeId: known.exchange_trade_id,
    errorMessage: known.error_message,
    data,
  }
}

/** The part that every reply has. */
export const replySchema = z.object({ data: z.looseObject({ status: number, msg: maybeText }) })

const historyTrade = z.looseObject({
  market: text,
  trade_id: z.union([text, z.number()]).transform(String),
  price: maybeDecimal,
  quantity: maybeDecimal,
  symbol: text,
  /** Unix milliseconds. */
  trade_timestamp: number,
  trade_type: text,
  base_asset: text,
  quote_asset: text,
})
export const historySchema = z.looseObject({
  trades: z
    .array(historyTrade)
    .nullish()
    .transform((trades) => trades ?? []),
})
/** One past trade; prices and quantities carry at most six decimals. */
export type HummingbotHistoryTrade = z.infer<typeof historyTrade>

export const configSchema = z.looseObject({
  changes: z
    .array(z.tuple([text, z.unknown()]))
    .nullish()
    .transform((changes) => changes ?? []),
  config: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((config) => config ?? {}),
})
