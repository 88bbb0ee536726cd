import { msPerSecond } from '@cex-arbitrage/common'
import * as z from 'zod'
import { decimalField, idField, optionalDecimalField } from '../../../decoding/json-fields.js'
import { counter, gateioFeeSchema, gateioLevelSchema, timeNumber } from '../schemas.js'

export const gateioContractSchema = z.object({
  name: z.string().min(3),
  type: z.string().nullish(),
  quanto_multiplier: decimalField,
  order_price_round: decimalField,
  order_size_min: optionalDecimalField,
  order_size_max: optionalDecimalField,
  enable_decimal: z.boolean().nullish(),
  order_price_deviate: optionalDecimalField,
  maker_fee_rate: optionalDecimalField,
  taker_fee_rate: optionalDecimalField,
  in_delisting: z.boolean().nullish(),
  status: z.string().nullish(),
})
export type GateioContract = z.infer<typeof gateioContractSchema>

/** Times in seconds with a fraction, unlike spot. */
export const gateioFuturesOrderBookSchema = z.object({
  id: counter,
  current: timeNumber.nullish(),
  update: timeNumber.nullish(),
  bids: z.array(gateioLevelSchema),
  asks: z.array(gateioLevelSchema),
})
export type GateioFuturesOrderBook = z.infer<typeof gateioFuturesOrderBookSchema>

export const gateioFuturesTickerSchema = z.object({
  contract: z.string(),
  last: decimalField,
  low_24h: decimalField,
  high_24h: decimalField,
  volume_24h_base: optionalDecimalField,
  volume_24h_quote: optionalDecimalField,
  highest_bid: optionalDecimalField,
  lowest_ask: optionalDecimalField,
})
export type GateioFuturesTicker = z.infer<typeof gateioFuturesTickerSchema>
export const gateioFuturesTickersSchema = z.array(gateioFuturesTickerSchema)

/** The sign of the size is the taker's side. */
export const gateioFuturesTradeSchema = z.object({
  id: idField,
  contract: z.string(),
  size: decimalField,
  price: decimalField,
  /** Seconds. */
  create_time: timeNumber,
  /** Milliseconds on the stream, seconds with a fraction in answers. */
  create_time_ms: timeNumber.nullish(),
  /** A takeover by the insurance fund; no print of the market. */
  is_internal: z.boolean().nullish(),
})
export type GateioFuturesTrade = z.infer<typeof gateioFuturesTradeSchema>
export const gateioFuturesTradesSchema = z.array(gateioFuturesTradeSchema)

/** `v` counts contracts, `sum` quote. */
export const gateioFuturesCandleSchema = z.object({
  t: timeNumber,
  v: optionalDecimalField,
  o: decimalField,
  h: decimalField,
  l: decimalField,
  c: decimalField,
  sum: optionalDecimalField,
})
export type GateioFuturesCandle = z.infer<typeof gateioFuturesCandleSchema>
export const gateioFuturesCandlesSchema = z.array(gateioFuturesCandleSchema)

/** The members of a contract that funding is reckoned by; times in seconds. */
export const gateioFundingSchema = z.object({
  name: z.string(),
  funding_rate: decimalField,
  funding_interval: timeNumber,
  funding_next_apply: timeNumber,
  mark_price: decimalField,
  index_price: decimalField,
})
export type GateioFunding = z.infer<typeof gateioFundingSchema>

/** An order as REST shows it, its size signed; times in seconds with a fraction. */
export const gateioFuturesOrderSchema = z.object({
  id: idField,
  id_string: z.string().min(1).optional(),
  contract: z.string(),
  text: z.string(),
  size: decimalField,
  left: decimalField,
  price: optionalDecimalField,
  fill_price: optionalDecimalField,
  status: z.enum(['open', 'finished']),
  finish_as: z.string().nullish(),
  create_time: timeNumber,
  create_time_ms: timeNumber.nullish(),
  /** Milliseconds on the stream. */
  update_time: timeNumber.nullish(),
  finish_time: timeNumber.nullish(),
  finish_time_ms: timeNumber.nullish(),
})
export type GateioFuturesOrder = z.infer<typeof gateioFuturesOrderSchema>
export const gateioFuturesOrdersSchema = z.array(gateioFuturesOrderSchema)

/** An accepted order; what is zero may be left out over the WebSocket API. */
export const gateioFuturesOrderAckSchema = z
  .object({ id: idField, text: z.string(), create_time: timeNumber.nullish() })
  .transform(({ id, text, create_time: seconds }) => ({
    id,
    text,
    create_time_ms: seconds == null ? undefined : Math.round(seconds * msPerSecond),
  }))

/** An own execution, of REST or of the stream; answers by time call the id `trade_id`. */
export const gateioFuturesFillSchema = z.object({
  id: idField.optional(),
  trade_id: idField.optional(),
  order_id: idField,
  contract: z.string(),
  create_time: timeNumber,
  create_time_ms: timeNumber.nullish(),
  size: decimalField,
  price: decimalField,
  role: z.enum(['maker', 'taker']),
  fee: optionalDecimalField,
  text: z.string().nullish(),
})
export type GateioFuturesFill = z.infer<typeof gateioFuturesFillSchema>
export const gateioFuturesFillsSchema = z.array(gateioFuturesFillSchema)

/** The wallet of contracts; `total` is without unrealised profit. */
export const gateioFuturesAccountSchema = z.object({
  user: idField,
  currency: z.string().min(1),
  total: decimalField,
  available: decimalField,
  in_dual_mode: z.boolean().nullish(),
  position_mode: z.string().nullish(),
  /** 0 is an account of its own; others share their margin with spot. */
  margin_mode: z.int().nullish(),
})
export type GateioFuturesAccount = z.infer<typeof gateioFuturesAccountSchema>

/** A position, of REST or of the stream, where it brings numbers and neither mark price nor unrealised profit. */
export const gateioFuturesPositionSchema = z.object({
  contract: z.string(),
  size: decimalField,
  /** 0 is cross margin, bounded by `cross_leverage_limit`. */
  leverage: decimalField,
  cross_leverage_limit: optionalDecimalField,
  margin: optionalDecimalField,
  initial_margin: optionalDecimalField,
  entry_price: optionalDecimalField,
  mark_price: optionalDecimalField,
  liq_price: optionalDecimalField,
  unrealised_pnl: optionalDecimalField,
  mode: z.string().nullish(),
  time_ms: timeNumber.nullish(),
})
export type GateioFuturesPosition = z.infer<typeof gateioFuturesPositionSchema>

/** The wallet has changed; what is free is not told. */
export const gateioFuturesBalanceEventSchema = z.object({ balance: decimalField, time_ms: timeNumber.nullish() })

/** One entry of the account's book. */
export const gateioAccountBookRowSchema = z.object({
  id: idField.nullish(),
  time: timeNumber,
  change: decimalField,
  type: z.string(),
  contract: z.string().nullish(),
})
export type GateioAccountBookRow = z.infer<typeof gateioAccountBookRowSchema>
export const gateioAccountBookSchema = z.array(gateioAccountBookRowSchema)

/** The account's rates, by contract. */
export const gateioFuturesFeesSchema = z.record(z.string(), gateioFeeSchema)
