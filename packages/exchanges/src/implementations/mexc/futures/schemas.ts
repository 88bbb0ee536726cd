import * as z from 'zod'
import { decimalField, idField, optionalDecimalField } from '../../../decoding/json-fields.js'

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
  contractSize: decimalField,
  priceUnit: decimalField,
  volUnit: decimalField,
  minVol: optionalDecimalField,
  maxVol: optionalDecimalField,
  limitMaxVol: optionalDecimalField,
  bidLimitPriceRate: optionalDecimalField,
  askLimitPriceRate: optionalDecimalField,
  takerFeeRate: optionalDecimalField,
  makerFeeRate: optionalDecimalField,
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
  p: decimalField,
  v: decimalField,
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
  lastPrice: decimalField,
  bid1: optionalDecimalField,
  ask1: optionalDecimalField,
  /** Contracts. */
  volume24: optionalDecimalField,
  /** Quote. */
  amount24: optionalDecimalField,
  lower24Price: decimalField,
  high24Price: decimalField,
  indexPrice: decimalField,
  fairPrice: decimalField,
})
export type MexcFuturesTicker = z.infer<typeof mexcFuturesTickerSchema>

/** Columns of the same length; times in seconds, `vol` in contracts, `amount` in quote. */
export const mexcFuturesCandlesSchema = z.object({
  time: z.array(z.int()),
  open: z.array(decimalField),
  close: z.array(decimalField),
  high: z.array(decimalField),
  low: z.array(decimalField),
  vol: z.array(decimalField),
  amount: z.array(decimalField),
})
export type MexcFuturesCandles = z.infer<typeof mexcFuturesCandlesSchema>

export const mexcFundingRateSchema = z.object({
  symbol: z.string(),
  fundingRate: decimalField,
  /** Hours. */
  collectCycle: z.number().positive(),
  nextSettleTime: z.int().positive(),
})
export type MexcFundingRate = z.infer<typeof mexcFundingRateSchema>

/** An order as answers and the stream show it; ids beyond 2^53 have been read as texts. */
export const mexcFuturesOrderSchema = z.object({
  orderId: idField,
  symbol: z.string(),
  price: optionalDecimalField,
  vol: decimalField,
  /** 1 opens long, 2 closes short, 3 opens short, 4 closes long: 1 and 2 buy. */
  side: z.int().min(1).max(4),
  /** 1 limit, 2 post-only, 3 ioc, 4 fok, 5 market. */
  orderType: z.int().nullish(),
  dealAvgPrice: optionalDecimalField,
  dealVol: decimalField,
  /** 1 pending, 2 open, 3 filled, 4 cancelled, 5 invalid. */
  state: z.int().min(1).max(5),
  externalOid: z.string().nullish(),
  errorCode: z.int().nullish(),
  createTime: z.int().nullish(),
  updateTime: z.int().nullish(),
})
export type MexcFuturesOrder = z.infer<typeof mexcFuturesOrderSchema>

export const mexcFuturesOrderAckSchema = z.union([
  z.object({ orderId: idField, ts: z.int().nullish() }),
  idField.transform((orderId) => ({ orderId, ts: undefined })),
])
export type MexcFuturesOrderAck = z.infer<typeof mexcFuturesOrderAckSchema>

/** What became of each order of a cancel. */
export const mexcFuturesCancelsSchema = z.array(
  z.object({ orderId: idField.nullish(), errorCode: z.int(), errorMsg: z.string().nullish() }),
)
export type MexcFuturesCancel = z.infer<typeof mexcFuturesCancelsSchema>[number]

/** An own execution, of answers or of the stream, which spell the taker differently. */
export const mexcFuturesFillSchema = z.object({
  id: idField,
  symbol: z.string(),
  orderId: idField,
  externalOid: z.string().nullish(),
  side: z.int().min(1).max(4),
  vol: decimalField,
  price: decimalField,
  /** Positive when paid. */
  fee: optionalDecimalField,
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
  availableBalance: decimalField,
  frozenBalance: optionalDecimalField,
  positionMargin: optionalDecimalField,
})
export type MexcFuturesAsset = z.infer<typeof mexcFuturesAssetSchema>

export const mexcFuturesPositionSchema = z.object({
  positionId: idField,
  symbol: z.string(),
  /** 1 long, 2 short. */
  positionType: z.union([z.literal(1), z.literal(2)]),
  /** 1 held, 2 held by the system, 3 closed. */
  state: z.int(),
  holdVol: decimalField,
  holdAvgPrice: optionalDecimalField,
  liquidatePrice: optionalDecimalField,
  im: optionalDecimalField,
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
  id: idField,
  symbol: z.string(),
  /** Positive when received. */
  funding: decimalField,
  settleTime: z.int(),
})
export type MexcFundingRecord = z.infer<typeof mexcFundingRecordSchema>

/** The account's rates on a contract. */
export const mexcFuturesFeeSchema = z.object({ realMakerFee: decimalField, realTakerFee: decimalField })
export type MexcFuturesFee = z.infer<typeof mexcFuturesFeeSchema>
