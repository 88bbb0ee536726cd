import * as z from 'zod'
import { decimalField, idField, optionalDecimalField } from '../../decoding/json-fields.js'

/** A counter below 2^53. */
export const counter = z
  .union([
    z.int().nonnegative(),
    z
      .string()
      .regex(/^\d{1,16}$/)
      .transform(Number),
  ])
  .refine(Number.isSafeInteger, 'is beyond 2^53')
/** A time in any of the exchange's spellings: number or text, whole or with a fraction. */
export const timeNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
])

/** What only this exchange understands, from its section of the configuration. */
export const gateioOptionsSchema = z.object({
  /** Milliseconds that the exchange collects book changes before it sends them: 20 levels every 20 ms, or 100 every 100. */
  streamIntervalMs: z.union([z.literal(20), z.literal(100)]).default(20),
  /** `update` joins a queried snapshot; `obu` brings its own: 50 levels every 20 ms, or 400 every 100. */
  bookFeed: z.enum(['update', 'obu']).default('update'),
  /** Orders go out by this means; over REST too while the WebSocket API is not logged in. */
  orderEntry: z.enum(['rest', 'websocket']).default('websocket'),
  /** The account that orders use and balances are read from. */
  account: z.enum(['spot', 'unified']).default('spot'),
  /** Share of the exchange's rate limits that may be used. */
  rateLimitShare: z.number().gt(0).max(1).default(0.8),
  /** Share of that budget which only hedges and cancels may use. */
  cancelReserveShare: z.number().min(0).lt(1).default(0.2),
  useTestnet: z.boolean().default(false),
  /** Addresses of futures where they are not the exchange's own. */
  futuresRestUrl: z.string().optional(),
  futuresWebSocketUrl: z.string().optional(),
})
export type GateioOptions = z.infer<typeof gateioOptionsSchema>

export const gateioErrorBodySchema = z.object({
  label: z.string(),
  message: z.string().nullish(),
  detail: z.string().nullish(),
})
export type GateioErrorBody = z.infer<typeof gateioErrorBodySchema>

export const gateioTimeSchema = z.object({ server_time: z.int().positive() })

/** A list whose rows are read one by one: one that cannot be read must not hide the others. */
export const gateioRowsSchema = z.array(z.unknown())

export const gateioPairSchema = z.object({
  id: z.string().min(3),
  base: z.string().min(1),
  quote: z.string().min(1),
  /** Percent. */
  fee: optionalDecimalField,
  min_base_amount: optionalDecimalField,
  min_quote_amount: optionalDecimalField,
  max_base_amount: optionalDecimalField,
  max_quote_amount: optionalDecimalField,
  amount_precision: z.int().min(0).max(18),
  precision: z.int().min(0).max(18),
  trade_status: z.string(),
  sell_start: z.number().nullish(),
  buy_start: z.number().nullish(),
  delisting_time: z.number().nullish(),
  type: z.string().nullish(),
  up_rate: optionalDecimalField,
  down_rate: optionalDecimalField,
})
export type GateioPair = z.infer<typeof gateioPairSchema>

/** Price and absolute quantity: a list on spot and `obu`, an object with a number or a text on futures. */
export const gateioLevelSchema = z.union([
  z.tuple([z.string(), z.union([z.string(), z.number()])]).rest(z.unknown()),
  z.object({ p: z.string(), s: z.union([z.string(), z.number()]) }),
])
export type GateioLevel = z.infer<typeof gateioLevelSchema>

export const gateioOrderBookSchema = z.object({
  id: counter,
  current: z.number().nullish(),
  update: z.number().nullish(),
  bids: z.array(gateioLevelSchema),
  asks: z.array(gateioLevelSchema),
})
export type GateioOrderBook = z.infer<typeof gateioOrderBookSchema>

export const gateioTickerSchema = z.object({
  currency_pair: z.string(),
  last: decimalField,
  lowest_ask: optionalDecimalField,
  highest_bid: optionalDecimalField,
  base_volume: decimalField,
  quote_volume: optionalDecimalField,
  high_24h: decimalField,
  low_24h: decimalField,
})
export type GateioTicker = z.infer<typeof gateioTickerSchema>
export const gateioTickersSchema = z.array(gateioTickerSchema)

/** A public trade of REST or of the stream. */
export const gateioTradeSchema = z.object({
  id: idField,
  create_time: timeNumber,
  create_time_ms: timeNumber.nullish(),
  currency_pair: z.string(),
  side: z.enum(['buy', 'sell']),
  amount: decimalField,
  price: decimalField,
})
export type GateioTrade = z.infer<typeof gateioTradeSchema>
export const gateioTradesSchema = z.array(gateioTradeSchema)

/** Start in seconds, quote volume, close, high, low, open, and in newer rows base volume and whether it is over. */
export const gateioCandleSchema = z
  .tuple([timeNumber, decimalField, decimalField, decimalField, decimalField, decimalField])
  .rest(z.unknown())
export type GateioCandle = z.infer<typeof gateioCandleSchema>
export const gateioCandlesSchema = z.array(gateioCandleSchema)

/** An order as REST and the WebSocket API show it. */
export const gateioOrderSchema = z.object({
  id: idField,
  text: z.string(),
  create_time_ms: timeNumber,
  update_time_ms: timeNumber,
  status: z.enum(['open', 'closed', 'cancelled']),
  finish_as: z.string().nullish(),
  currency_pair: z.string(),
  type: z.string(),
  side: z.enum(['buy', 'sell']),
  amount: decimalField,
  price: optionalDecimalField,
  left: optionalDecimalField,
  filled_amount: optionalDecimalField,
  filled_total: optionalDecimalField,
  avg_deal_price: optionalDecimalField,
})
export type GateioOrder = z.infer<typeof gateioOrderSchema>
export const gateioOrdersSchema = z.array(gateioOrderSchema)

/** An accepted order; with `action_mode` ACK nothing else is there. */
export const gateioOrderAckSchema = z.object({
  id: idField,
  text: z.string(),
  create_time_ms: timeNumber.nullish(),
  status: z.string().nullish(),
  finish_as: z.string().nullish(),
})
export type GateioOrderAck = z.infer<typeof gateioOrderAckSchema>

/** One order of a cancel of many; a failed one carries a label. */
export const gateioCancelledItemSchema = z.object({
  id: idField.nullish(),
  succeeded: z.boolean().nullish(),
  label: z.string().nullish(),
  message: z.string().nullish(),
})
export type GateioCancelledItem = z.infer<typeof gateioCancelledItemSchema>
export const gateioCancelledItemsSchema = z.array(gateioCancelledItemSchema)

/** An order as the private stream shows it: no status, but an `event`. */
export const gateioOrderEventSchema = z.object({
  id: idField,
  text: z.string(),
  create_time_ms: timeNumber,
  update_time_ms: timeNumber,
  event: z.enum(['put', 'update', 'finish']),
  finish_as: z.string().nullish(),
  currency_pair: z.string(),
  type: z.string(),
  side: z.enum(['buy', 'sell']),
  amount: decimalField,
  price: optionalDecimalField,
  left: optionalDecimalField,
  filled_amount: optionalDecimalField,
  filled_total: optionalDecimalField,
  avg_deal_price: optionalDecimalField,
})
export type GateioOrderEvent = z.infer<typeof gateioOrderEventSchema>

/** An own execution, of REST or of the private stream. */
export const gateioFillSchema = z.object({
  id: idField,
  order_id: idField,
  currency_pair: z.string(),
  create_time: timeNumber,
  create_time_ms: timeNumber.nullish(),
  side: z.enum(['buy', 'sell']),
  role: z.enum(['maker', 'taker']),
  amount: decimalField,
  price: decimalField,
  fee: optionalDecimalField,
  fee_currency: z.string().nullish(),
  point_fee: optionalDecimalField,
  gt_fee: optionalDecimalField,
  text: z.string().nullish(),
})
export type GateioFill = z.infer<typeof gateioFillSchema>
export const gateioFillsSchema = z.array(gateioFillSchema)

export const gateioAccountSchema = z.object({
  currency: z.string().min(1),
  available: decimalField,
  locked: decimalField,
})
export type GateioAccount = z.infer<typeof gateioAccountSchema>
export const gateioAccountsSchema = z.array(gateioAccountSchema)

/** The balances of a unified account, by asset. */
export const gateioUnifiedAccountsSchema = z.object({
  balances: z.record(z.string(), z.object({ available: decimalField, freeze: optionalDecimalField })),
})
export type GateioUnifiedAccounts = z.infer<typeof gateioUnifiedAccountsSchema>

/** A balance of the private stream, absolute after the change. */
export const gateioBalanceEventSchema = z.object({
  timestamp_ms: timeNumber,
  currency: z.string().min(1),
  total: decimalField,
  available: decimalField,
  freeze: optionalDecimalField,
})
export type GateioBalanceEvent = z.infer<typeof gateioBalanceEventSchema>

export const gateioFeeSchema = z.object({ maker_fee: decimalField, taker_fee: decimalField })
export type GateioFee = z.infer<typeof gateioFeeSchema>

export const gateioCountdownSchema = z.object({ triggerTime: timeNumber })

/** A frame of a channel: acknowledgement, push or error. */
export const gateioFrameSchema = z.object({
  id: z.number().nullish(),
  channel: z.string(),
  event: z.string().nullish(),
  payload: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).nullish(),
  result: z.unknown().optional(),
})
export type GateioFrame = z.infer<typeof gateioFrameSchema>

/** What a channel with books pushes. */
export const gateioBookUpdateSchema = z.object({
  t: counter,
  /** `true` on a whole book. */
  full: z.unknown().optional(),
  /** Levels a side that the stream keeps. */
  l: z.unknown().optional(),
  s: z.string(),
  U: counter.nullish(),
  u: counter,
  b: z.array(gateioLevelSchema).nullish(),
  a: z.array(gateioLevelSchema).nullish(),
})

/** A frame of the WebSocket API. */
export const gateioApiFrameSchema = z.object({
  request_id: z.string(),
  ack: z.boolean().nullish(),
  header: z.object({
    status: z.union([z.string(), z.number()]).transform(String),
    channel: z.string(),
    response_time: timeNumber.nullish(),
    x_gate_ratelimit_requests_remain: timeNumber.nullish(),
    x_gate_ratelimit_limit: timeNumber.nullish(),
    x_gat_ratelimit_reset_timestamp: timeNumber.nullish(),
    x_gate_ratelimit_reset_timestamp: timeNumber.nullish(),
  }),
  data: z.object({
    result: z.unknown().optional(),
    errs: z.object({ label: z.string(), message: z.string().nullish() }).nullish(),
  }),
})
export type GateioApiFrame = z.infer<typeof gateioApiFrameSchema>
