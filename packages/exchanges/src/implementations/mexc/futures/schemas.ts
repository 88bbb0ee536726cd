import * as z from 'zod'
import { Decimal } from '@cex-arbitrage/common'

/** A decimal number, mostly a JSON number; kept as exact as it was spelled. */
export const decimalNumber = z.union([z.number(), z.string()]).transform((value, context) => {
  const decimal = Decimal.tryParse(String(value))
  if (decimal !== undefined) return decimal
  context.addIssue({ code: 'custom', message: `'${String(value).slice(0, 40)}' is no decimal number` })
  return z.NEVER
})
/** As `decimalNumber`; null, empty and absent mean that there is none. */
export const optionalDecimal = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  decimalNumber.optional(),
)
/** An id: text, or a number small enough to be exact. */
export const idText = z.union([z.string().min(1), z.int().transform(String)])
const counter = z.int().nonnegative()

/** The `data` of an answer; its failures have been told apart before. */
export const dataOf = <S extends z.ZodType>(schema: S) =>
  z.object({ data: schema }).transform((answer) => (answer as { readonly data: z.output<S> }).data)

/** A list whose rows are read one by one: one that cannot be read must not hide the others. */
export const mexcContractRowsSchema = z.union([z.array(z.unknown()), z.unknown().transform((row) => [row])])

export const mexcContractSchema = z.object({
  symbol: z.string().min(3),
  baseCoin: z.string().min(1),
  quoteCoin: z.string().min(1),
  settleCoin: z.string().min(1),
  contractSize: decimalNumber,
  priceUnit: decimalNumber,
  volUnit: decimalNumber,
  minVol: optionalDecimal,
  maxVol: optionalDecimal,
  limitMaxVol: optionalDecimal,
  bidLimitPriceRate: optionalDecimal,
  askLimitPriceRate: optionalDecimal,
  takerFeeRate: optionalDecimal,
  makerFeeRate: optionalDecimal,
  /** 0 enabled; all others take no orders. */
  state: z.int(),
  apiAllowed: z.boolean().nullish(),
  /** 1 perpetual. */
  futureType: z.int().nullish(),
})
export type MexcContract = z.infer<typeof mexcContractSchema>

/** Price, contracts and, of no concern here, the number of orders. */
const level = z.tuple([z.number(), z.number()]).rest(z.unknown())
export type MexcFuturesLevel = z.infer<typeof level>

export const mexcFuturesDepthSchema = z.object({
  asks: z.array(level),
  bids: z.array(level),
  version: counter,
  timestamp: z.int().nullish(),
})
export type MexcFuturesDepth = z.infer<typeof mexcFuturesDepthSchema>

/** A change of a book: `begin` to `end` are the versions that it covers; undocumented, so they may be absent. */
export const mexcFuturesBookPushSchema = z.object({
  symbol: z.string(),
  data: z.object({
    asks: z.array(level),
    bids: z.array(level),
    version: counter,
    begin: counter.nullish(),
    end: counter.nullish(),
  }),
  ts: z.int().nullish(),
})

/** `T` is the taker's side: 1 buys, 2 sells. */
export const mexcFuturesTradeSchema = z.object({
  p: decimalNumber,
  v: decimalNumber,
  T: z.union([z.literal(1), z.literal(2)]),
  t: z.int(),
})
export type MexcFuturesTrade = z.infer<typeof mexcFuturesTradeSchema>
export const mexcFuturesTradesSchema = z.array(mexcFuturesTradeSchema)
export const mexcFuturesTradePushSchema = z.object({
  symbol: z.string(),
  data: z.union([mexcFuturesTradesSchema, mexcFuturesTradeSchema.transform((trade) => [trade])]),
})

/** Any frame of the service. */
export const mexcFuturesFrameSchema = z.object({
  channel: z.string(),
  symbol: z.string().nullish(),
  data: z.unknown().optional(),
  ts: z.number().nullish(),
})
export type MexcFuturesFrame = z.infer<typeof mexcFuturesFrameSchema>

export const mexcFuturesTickerSchema = z.object({
  symbol: z.string(),
  lastPrice: decimalNumber,
  bid1: optionalDecimal,
  ask1: optionalDecimal,
  /** Contracts. */
  volume24: optionalDecimal,
  /** Quote. */
  amount24: optionalDecimal,
  lower24Price: decimalNumber,
  high24Price: decimalNumber,
  indexPrice: decimalNumber,
  fairPrice: decimalNumber,
})
export type MexcFuturesTicker = z.infer<typeof mexcFuturesTickerSchema>

/** Columns of the same length; times in seconds, `vol` in contracts, `amount` in quote. */
export const mexcFuturesCandlesSchema = z.object({
  time: z.array(z.int()),
  open: z.array(decimalNumber),
  close: z.array(decimalNumber),
  high: z.array(decimalNumber),
  low: z.array(decimalNumber),
  vol: z.array(decimalNumber),
  amount: z.array(decimalNumber),
})
export type MexcFuturesCandles = z.infer<typeof mexcFuturesCandlesSchema>

export const mexcFundingRateSchema = z.object({
  symbol: z.string(),
  fundingRate: decimalNumber,
  /** Hours. */
  collectCycle: z.number().positive(),
  nextSettleTime: z.int().positive(),
})
export type MexcFundingRate = z.infer<typeof mexcFundingRateSchema>
