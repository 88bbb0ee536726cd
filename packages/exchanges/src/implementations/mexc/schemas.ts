import * as z from 'zod'
import { defaultRecvWindowMs, maxRecvWindowMs } from './constants.js'

/** A decimal number as text. */
const decimal = z.string().regex(/^[+-]?\d*\.?\d*(?:[eE][+-]?\d+)?$/)
/** A counter or a time: an integer below 2^53, or its digits. */
const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.int()),
])
const level = z.tuple([decimal, decimal])
const nullish = <T extends z.ZodType>(schema: T) => schema.nullish()

/** What a section of the configuration may set; other settings there are of no concern here. */
export const mexcOptionsSchema = z.object({
  /** Milliseconds that the exchange collects book changes before it sends them. */
  streamIntervalMs: z.union([z.literal(10), z.literal(100)]).default(10),
  recvWindowMs: z.int().min(1).max(maxRecvWindowMs).default(defaultRecvWindowMs),
  /** Levels a side that must always be known. */
  bookDepth: z.int().min(1).max(1000).default(100),
  /** Share of the exchange's rate limits that may be used. */
  rateLimitShare: z.number().gt(0).max(1).default(0.8),
  /** Share of that budget which only hedges and cancels may use. */
  cancelReserveShare: z.number().min(0).lt(1).default(0.2),
  /** Addresses of futures where they are not the exchange's own. */
  futuresRestUrl: z.string().optional(),
  futuresWebSocketUrl: z.string().optional(),
})
export type MexcOptions = z.infer<typeof mexcOptionsSchema>

export const mexcErrorSchema = z.object({
  code: z.number(),
  msg: nullish(z.string()),
  message: nullish(z.string()),
  /** Of futures alone. */
  success: nullish(z.boolean()),
})
export type MexcError = z.infer<typeof mexcErrorSchema>

export const mexcServerTimeSchema = z.object({ serverTime: z.int() })
export type MexcServerTime = z.infer<typeof mexcServerTimeSchema>

export const mexcSymbolListSchema = z.object({ data: z.array(z.string()).nullable() })
export type MexcSymbolList = z.infer<typeof mexcSymbolListSchema>

/** The envelope alone: one row that cannot be read must not hide the others. */
export const mexcExchangeInfoSchema = z.object({ symbols: z.array(z.unknown()) })
export type MexcExchangeInfo = z.infer<typeof mexcExchangeInfoSchema>

const decimalPlaces = z.int().min(0).max(18)
export const mexcSymbolSchema = z.object({
  symbol: z.string().min(1),
  status: z.union([z.string(), z.number()]).transform(String),
  baseAsset: z.string().min(1),
  quoteAsset: z.string().min(1),
  baseAssetPrecision: decimalPlaces,
  quotePrecision: decimalPlaces,
  quoteAssetPrecision: decimalPlaces.optional(),
  orderTypes: z.array(z.string()).default([]),
  isSpotTradingAllowed: z.boolean(),
  permissions: z.array(z.string()).default([]),
  quoteAmountPrecision: nullish(decimal),
  baseSizePrecision: nullish(decimal),
  maxQuoteAmount: nullish(decimal),
  makerCommission: nullish(decimal),
  takerCommission: nullish(decimal),
  tradeSideType: nullish(z.coerce.number()),
  filters: z
    .array(
      z.object({
        filterType: z.string(),
        bidMultiplierUp: decimal.optional(),
        askMultiplierDown: decimal.optional(),
      }),
    )
    .default([]),
})
export type MexcSymbol = z.infer<typeof mexcSymbolSchema>

export const mexcDepthSchema = z.object({
  lastUpdateId: integer,
  bids: z.array(level),
  asks: z.array(level),
  timestamp: z.int().optional(),
})
export type MexcDepth = z.infer<typeof mexcDepthSchema>

export const mexcTradesSchema = z.array(
  z.object({
    id: z.union([z.string(), z.number()]).nullish(),
    price: decimal,
    qty: decimal,
    time: z.int(),
    isBuyerMaker: z.boolean(),
  }),
)
export type MexcTrades = z.infer<typeof mexcTradesSchema>

/** Opening time, open, high, low, close, base volume, closing time, quote volume. */
export const mexcKlinesSchema = z.array(
  z.tuple([z.int(), decimal, decimal, decimal, decimal, decimal, z.int(), decimal]).rest(z.unknown()),
)
export type MexcKlines = z.infer<typeof mexcKlinesSchema>

export const mexcTicker24hSchema = z.object({
  symbol: z.string(),
  lastPrice: decimal,
  bidPrice: nullish(decimal),
  askPrice: nullish(decimal),
  highPrice: decimal,
  lowPrice: decimal,
  volume: decimal,
  quoteVolume: nullish(decimal),
})
export type MexcTicker24h = z.infer<typeof mexcTicker24hSchema>

export const mexcSideSchema = z.enum(['BUY', 'SELL'])
export const mexcOrderStatusSchema = z.enum(['NEW', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'PARTIALLY_CANCELED'])
export type MexcOrderStatus = z.infer<typeof mexcOrderStatusSchema>

/** The acknowledgement of an order: neither status nor client id. */
export const mexcOrderAckSchema = z.object({ orderId: z.string().min(1), transactTime: nullish(z.int()) })
export type MexcOrderAck = z.infer<typeof mexcOrderAckSchema>

/** The answer to a cancel; its status may still be that before the cancel, so only the id is of use. */
export const mexcCancelAckSchema = z.object({ orderId: nullish(z.string()) })
export const mexcCancelAllAckSchema = z.array(mexcCancelAckSchema)

export const mexcOrderSchema = z.object({
  symbol: z.string(),
  orderId: z.string().min(1),
  clientOrderId: nullish(z.string()),
  price: nullish(decimal),
  origQty: nullish(decimal),
  executedQty: decimal,
  cummulativeQuoteQty: decimal,
  status: mexcOrderStatusSchema,
  type: z.string(),
  side: mexcSideSchema,
  time: nullish(z.int()),
  updateTime: nullish(z.int()),
  cancelReason: nullish(z.string()),
})
export type MexcOrder = z.infer<typeof mexcOrderSchema>
export const mexcOrdersSchema = z.array(mexcOrderSchema)

export const mexcMyTradesSchema = z.array(
  z.object({
    symbol: z.string(),
    id: z.union([z.string(), z.number()]).transform(String),
    orderId: z.string(),
    clientOrderId: nullish(z.string()),
    price: decimal,
    qty: decimal,
    commission: nullish(decimal),
    commissionAsset: nullish(z.string()),
    time: z.int(),
    isBuyer: z.boolean(),
    isMaker: z.boolean(),
  }),
)
export type MexcMyTrades = z.infer<typeof mexcMyTradesSchema>
export type MexcMyTrade = MexcMyTrades[number]

export const mexcAccountSchema = z.object({
  canTrade: nullish(z.boolean()),
  canWithdraw: nullish(z.boolean()),
  balances: z.array(z.object({ asset: z.string().min(1), free: decimal, locked: decimal })),
})
export type MexcAccount = z.infer<typeof mexcAccountSchema>

const rate = z.union([z.number(), decimal]).transform(String)
export const mexcTradeFeeSchema = z.object({ data: z.object({ makerCommission: rate, takerCommission: rate }) })
export type MexcTradeFee = z.infer<typeof mexcTradeFeeSchema>

export const mexcListenKeySchema = z.object({ listenKey: z.string().min(1) })
export const mexcListenKeysSchema = z.object({ listenKey: z.array(z.string()) })

export const mexcApiKeyInfoSchema = z.object({
  permissions: z.union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/))]),
  /** Days; -999 without end. */
  remainingValidity: nullish(z.coerce.number()),
})
export type MexcApiKeyInfo = z.infer<typeof mexcApiKeyInfoSchema>

/** A text frame of the streams: an acknowledgement, a refusal (code 0 too) or PONG. */
export const mexcControlSchema = z.object({ id: nullish(z.int()), code: nullish(z.int()), msg: nullish(z.string()) })
export type MexcControl = z.infer<typeof mexcControlSchema>

const pushedLevel = z.object({ price: decimal, quantity: decimal })
/** `publicAggreDepths` of a push, as the reflective decoder gives it: a side without changes is absent. */
export const mexcBookPushSchema = z.object({
  asks: z.array(pushedLevel).default([]),
  bids: z.array(pushedLevel).default([]),
  fromVersion: integer,
  toVersion: integer,
})
export type MexcBookPush = z.infer<typeof mexcBookPushSchema>

export const mexcTradePushSchema = z.object({
  deals: z
    .array(
      z.object({
        price: decimal,
        quantity: decimal,
        tradeType: z.union([z.literal(1), z.literal(2)]),
        time: z.int(),
        tradeId: z.string().optional(),
      }),
    )
    .default([]),
})
export type MexcTradePush = z.infer<typeof mexcTradePushSchema>

export const mexcBalancePushSchema = z.object({
  vcoinName: z.string().min(1),
  balanceAmount: decimal.default('0'),
  frozenAmount: decimal.default('0'),
  type: z.string().optional(),
  time: z.int().optional(),
})
export type MexcBalancePush = z.infer<typeof mexcBalancePushSchema>

export const mexcFillPushSchema = z.object({
  price: decimal,
  quantity: decimal,
  tradeType: z.union([z.literal(1), z.literal(2)]),
  isMaker: z.boolean().default(false),
  tradeId: z.string().min(1),
  clientOrderId: z.string().optional(),
  orderId: z.string().min(1),
  feeAmount: decimal.default('0'),
  feeCurrency: z.string().optional(),
  time: z.int(),
})
export type MexcFillPush = z.infer<typeof mexcFillPushSchema>

export const mexcOrderPushSchema = z.object({
  id: z.string().min(1),
  clientId: z.string().optional(),
  price: decimal.optional(),
  quantity: decimal.optional(),
  orderType: z.int().default(0),
  tradeType: z.union([z.literal(1), z.literal(2)]),
  cumulativeQuantity: decimal.default('0'),
  cumulativeAmount: decimal.default('0'),
  status: z.int().min(0).max(5).default(0),
  createTime: z.int().default(0),
})
export type MexcOrderPush = z.infer<typeof mexcOrderPushSchema>
