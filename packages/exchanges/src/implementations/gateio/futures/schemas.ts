import * as z from 'zod'
import { counter, decimalText, gateioLevelSchema, idText, optionalDecimal, timeNumber } from '../schemas.js'

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
