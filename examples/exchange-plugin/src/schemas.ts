import { Decimal } from '@cex-arbitrage/common'
import * as z from 'zod'

/** Decimal text, read exactly. */
const decimal = z.string().transform((text, context) => {
  const value = Decimal.tryParse(text)
  if (value !== undefined) return value
  context.addIssue({ code: 'custom', message: 'is no decimal' })
  return z.NEVER
})
const side = z.enum(['buy', 'sell'])
const level = z.tuple([z.string(), z.string()])

/** What an operator may decide, under `options` of the exchange's section. */
export const sampleOptionsSchema = z.object({
  /** Share of the documented limits that may be used. */
  rateLimitShare: z.number().gt(0).max(1).default(0.9),
  /** Share of that which is kept for cancels and hedges. */
  cancelReserveShare: z.number().min(0).max(0.9).default(0.3),
})
export type SampleOptions = z.infer<typeof sampleOptionsSchema>

export const sampleErrorSchema = z.object({ error: z.string(), text: z.string().default('') })
export const sampleTimeSchema = z.object({ time: z.number() })

export const sampleInstrumentSchema = z.object({
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  tickSize: decimal,
  lotSize: decimal,
  minNotional: decimal,
  makerFee: decimal,
  takerFee: decimal,
  trading: z.boolean(),
})
/** The rows stay unread here: one with a new field must not hide the others. */
export const sampleRowsSchema = z.array(z.unknown())

export const sampleBookSchema = z.object({
  sequence: z.number().int(),
  time: z.number(),
  bids: z.array(level),
  asks: z.array(level),
})
export type SampleBook = z.infer<typeof sampleBookSchema>

export const sampleTradeSchema = z.object({
  id: z.string(),
  side,
  price: decimal,
  quantity: decimal,
  time: z.number(),
})
export type SampleTrade = z.infer<typeof sampleTradeSchema>

const bar = { open: decimal, high: decimal, low: decimal, last: decimal, volume: decimal }
export const sampleTickerSchema = z.object({ ...bar, bid: decimal.nullable(), ask: decimal.nullable() })
export const sampleCandleSchema = z.object({ ...bar, time: z.number() })

export const sampleBalanceSchema = z.object({ asset: z.string(), free: decimal, locked: decimal })
export type SampleBalance = z.infer<typeof sampleBalanceSchema>
export const sampleAccountSchema = z.object({
  balances: z.array(sampleBalanceSchema),
  canTrade: z.boolean(),
  canWithdraw: z.boolean(),
})

export const sampleAckSchema = z.object({ id: z.string(), time: z.number() })
export const sampleOrderSchema = z.object({
  id: z.string(),
  clientId: z.string().nullable(),
  symbol: z.string(),
  side,
  price: decimal,
  quantity: decimal,
  filled: decimal,
  filledValue: decimal,
  status: z.enum(['open', 'filled', 'cancelled', 'refused']),
  time: z.number(),
})
export type SampleOrder = z.infer<typeof sampleOrderSchema>

export const sampleFillSchema = z.object({
  id: z.string(),
  orderId: z.string(),
  clientId: z.string().nullable(),
  symbol: z.string(),
  side,
  price: decimal,
  quantity: decimal,
  fee: decimal,
  feeAsset: z.string(),
  role: z.enum(['maker', 'taker']),
  time: z.number(),
})
export type SampleFill = z.infer<typeof sampleFillSchema>

/** Answers to requests over the stream. */
export const sampleReplySchema = z.object({
  id: z.number(),
  accepted: z.array(z.string()).default([]),
  refused: z.array(z.string()).default([]),
  error: z.string().optional(),
})

export const sampleBookPushSchema = z.object({
  first: z.number().int(),
  last: z.number().int(),
  time: z.number(),
  bids: z.array(level),
  asks: z.array(level),
})

/** One of the three is there. */
export const sampleAccountPushSchema = z.object({
  order: sampleOrderSchema.optional(),
  fill: sampleFillSchema.optional(),
  balance: sampleBalanceSchema.extend({ time: z.number() }).optional(),
})
