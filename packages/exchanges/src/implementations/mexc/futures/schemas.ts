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

/** An order as answers and the stream show it; ids beyond 2^53 have been read as texts. */
export const mexcFuturesOrderSchema = z.object({
  orderId: idText,
  symbol: z.string(),
  price: optionalDecimal,
  vol: decimalNumber,
  /** 1 opens long, 2 closes short, 3 opens short, 4 closes long: 1 and 2 buy. */
  side: z.int().min(1).max(4),
  /** 1 limit, 2 post-only, 3 ioc, 4 fok, 5 market. */
  orderType: z.int().nullish(),
  dealAvgPrice: optionalDecimal,
  dealVol: decimalNumber,
  /** 1 pending, 2 open, 3 filled, 4 cancelled, 5 invalid. */
  state: z.int().min(1).max(5),
  externalOid: z.string().nullish(),
  errorCode: z.int().nullish(),
  createTime: z.int().nullish(),
  updateTime: z.int().nullish(),
})
export type MexcFuturesOrder = z.infer<typeof mexcFuturesOrderSchema>

export const mexcFuturesOrderAckSchema = z.union([
  z.object({ orderId: idText, ts: z.int().nullish() }),
  idText.transform((orderId) => ({ orderId, ts: undefined })),
])
export type MexcFuturesOrderAck = z.infer<typeof mexcFuturesOrderAckSchema>

/** What became of each order of a cancel. */
export const mexcFuturesCancelsSchema = z.array(
  z.object({ orderId: idText.nullish(), errorCode: z.int(), errorMsg: z.string().nullish() }),
)
export type MexcFuturesCancel = z.infer<typeof mexcFuturesCancelsSchema>[number]

/** An own execution, of answers or of the stream, which spell the taker differently. */
export const mexcFuturesFillSchema = z.object({
  id: idText,
  symbol: z.string(),
  orderId: idText,
  externalOid: z.string().nullish(),
  side: z.int().min(1).max(4),
  vol: decimalNumber,
  price: decimalNumber,
  /** Positive when paid. */
  fee: optionalDecimal,
  feeCurrency: z.string().nullish(),
  taker: z.boolean().nullish(),
  isTaker: z.boolean().nullish(),
  timestamp: z.int(),
})
export type MexcFuturesFill = z.infer<typeof mexcFuturesFillSchema>

/** One page of rows, which some answers leave bare. */
export const pageOf = <S extends z.ZodType>(row: S) =>
  z.union([
    z.array(row),
    z
      .object({ resultList: z.array(row) })
      .transform((page) => (page as { readonly resultList: readonly z.output<S>[] }).resultList),
  ])

/** One asset of the wallet. */
export const mexcFuturesAssetSchema = z.object({
  currency: z.string().min(1),
  availableBalance: decimalNumber,
  frozenBalance: optionalDecimal,
  positionMargin: optionalDecimal,
})
export type MexcFuturesAsset = z.infer<typeof mexcFuturesAssetSchema>

export const mexcFuturesPositionSchema = z.object({
  positionId: idText,
  symbol: z.string(),
  /** 1 long, 2 short. */
  positionType: z.union([z.literal(1), z.literal(2)]),
  /** 1 held, 2 held by the system, 3 closed. */
  state: z.int(),
  holdVol: decimalNumber,
  holdAvgPrice: optionalDecimal,
  liquidatePrice: optionalDecimal,
  im: optionalDecimal,
  leverage: z.number(),
})
export type MexcFuturesPosition = z.infer<typeof mexcFuturesPositionSchema>

/** 1 keeps long and short apart, 2 is one-way. */
export const mexcPositionModeSchema = z.union([
  z.int(),
  z.object({ positionMode: z.int() }).transform(({ positionMode }) => positionMode),
])

/** Leverage of a contract, by side. */
export const mexcLeveragesSchema = z.array(z.object({ positionType: z.int(), leverage: z.number() }))

/** A settlement of funding. */
export const mexcFundingRecordSchema = z.object({
  id: idText,
  symbol: z.string(),
  /** Positive when received. */
  funding: decimalNumber,
  settleTime: z.int(),
})
export type MexcFundingRecord = z.infer<typeof mexcFundingRecordSchema>

/** The account's rates on a contract. */
export const mexcFuturesFeeSchema = z.object({ realMakerFee: decimalNumber, realTakerFee: decimalNumber })
export type MexcFuturesFee = z.infer<typeof mexcFuturesFeeSchema>
