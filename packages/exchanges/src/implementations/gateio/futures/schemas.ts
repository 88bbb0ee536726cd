import { msPerSecond } from '@cex-arbitrage/common'
import * as z from 'zod'
import {
  counter,
  decimalText,
  gateioFeeSchema,
  gateioLevelSchema,
  idText,
  optionalDecimal,
  timeNumber,
} from '../schemas.js'

export const gateioContractSchema = z.object({
  name: z.string().min(3),
  type: z.string().nullish(),
  quanto_multiplier: decimalText,
  order_price_round: decimalText,
  order_size_min: optionalDecimal,
  order_size_max: optionalDecimal,
  enable_decimal: z.boolean().nullish(),
  order_price_deviate: optionalDecimal,
  maker_fee_rate: optionalDecimal,
  taker_fee_rate: optionalDecimal,
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
  last: decimalText,
  low_24h: decimalText,
  high_24h: decimalText,
  volume_24h_base: optionalDecimal,
  volume_24h_quote: optionalDecimal,
  highest_bid: optionalDecimal,
  lowest_ask: optionalDecimal,
})
export type GateioFuturesTicker = z.infer<typeof gateioFuturesTickerSchema>
export const gateioFuturesTickersSchema = z.array(gateioFuturesTickerSchema)

/** The sign of the size is the taker's side. */
export const gateioFuturesTradeSchema = z.object({
  id: idText,
  contract: z.string(),
  size: decimalText,
  price: decimalText,
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
  v: optionalDecimal,
  o: decimalText,
  h: decimalText,
  l: decimalText,
  c: decimalText,
  sum: optionalDecimal,
})
export type GateioFuturesCandle = z.infer<typeof gateioFuturesCandleSchema>
export const gateioFuturesCandlesSchema = z.array(gateioFuturesCandleSchema)

/** The members of a contract that funding is reckoned by; times in seconds. */
export const gateioFundingSchema = z.object({
  name: z.string(),
  funding_rate: decimalText,
  funding_interval: timeNumber,
  funding_next_apply: timeNumber,
  mark_price: decimalText,
  index_price: decimalText,
})
export type GateioFunding = z.infer<typeof gateioFundingSchema>

/** An order as REST shows it, its size signed; times in seconds with a fraction. */
export const gateioFuturesOrderSchema = z.object({
  id: idText,
  id_string: z.string().min(1).optional(),
  contract: z.string(),
  text: z.string(),
  size: decimalText,
  left: decimalText,
  price: optionalDecimal,
  fill_price: optionalDecimal,
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
  .object({ id: idText, text: z.string(), create_time: timeNumber.nullish() })
  .transform(({ id, text, create_time: seconds }) => ({
    id,
    text,
    create_time_ms: seconds == null ? undefined : Math.round(seconds * msPerSecond),
  }))

/** An own execution, of REST or of the stream; answers by time call the id `trade_id`. */
export const gateioFuturesFillSchema = z.object({
  id: idText.optional(),
  trade_id: idText.optional(),
  order_id: idText,
  contract: z.string(),
  create_time: timeNumber,
  create_time_ms: timeNumber.nullish(),
  size: decimalText,
  price: decimalText,
  role: z.enum(['maker', 'taker']),
  fee: optionalDecimal,
  text: z.string().nullish(),
})
export type GateioFuturesFill = z.infer<typeof gateioFuturesFillSchema>
export const gateioFuturesFillsSchema = z.array(gateioFuturesFillSchema)

/** The wallet of contracts; `total` is without unrealised profit. */
export const gateioFuturesAccountSchema = z.object({
  user: idText,
  currency: z.string().min(1),
  total: decimalText,
  available: decimalText,
  in_dual_mode: z.boolean().nullish(),
  position_mode: z.string().nullish(),
  /** 0 is an account of its own; others share their margin with spot. */
  margin_mode: z.int().nullish(),
})
export type GateioFuturesAccount = z.infer<typeof gateioFuturesAccountSchema>

/** A position, of REST or of the stream, where it brings numbers and neither mark price nor unrealised profit. */
export const gateioFuturesPositionSchema = z.object({
  contract: z.string(),
  size: decimalText,
  /** 0 is cross margin, bounded by `cross_leverage_limit`. */
  leverage: decimalText,
  cross_leverage_limit: optionalDecimal,
  margin: optionalDecimal,
  initial_margin: optionalDecimal,
  entry_price: optionalDecimal,
  mark_price: optionalDecimal,
  liq_price: optionalDecimal,
  unrealised_pnl: optionalDecimal,
  mode: z.string().nullish(),
  time_ms: timeNumber.nullish(),
})
export type GateioFuturesPosition = z.infer<typeof gateioFuturesPositionSchema>

/** The wallet has changed; what is free is not told. */
export const gateioFuturesBalanceEventSchema = z.object({ balance: decimalText, time_ms: timeNumber.nullish() })

/** One entry of the account's book. */
export const gateioAccountBookRowSchema = z.object({
  id: idText.nullish(),
  time: timeNumber,
  change: decimalText,
  type: z.string(),
  contract: z.string().nullish(),
})
export type GateioAccountBookRow = z.infer<typeof gateioAccountBookRowSchema>
export const gateioAccountBookSchema = z.array(gateioAccountBookRowSchema)

/** The account's rates, by contract. */
export const gateioFuturesFeesSchema = z.record(z.string(), gateioFeeSchema)
