import { z } from 'zod'

const decimalText = z.string()

const fillRecordSchema = z.object({
  tradeId: z.string(),
  price: decimalText,
  amount: decimalText,
  /** Unix seconds. */
  timeS: z.number(),
  /** Missing where the upstream does not say. */
  fee: decimalText.optional(),
  feeAsset: z.string().optional(),
})
export type FillRecord = z.infer<typeof fillRecordSchema>

/** What the bridge knows of one order; plain JSON, so that it can be kept. */
export const orderRecordSchema = z.object({
  clientOrderId: z.string(),
  /** The bridge's own invention, because the client gave none. */
  isMinted: z.boolean(),
  exchange: z.string(),
  market: z.string(),
  accountName: z.string(),
  connectorName: z.string(),
  pair: z.string(),
  side: z.enum(['buy', 'sell']),
  orderType: z.enum(['limit', 'market']),
  amount: decimalText,
  price: decimalText.optional(),
  sentAtMs: z.number(),
  /** `sending` until an answer, `unknown` when it was lost, `placed` with an `orderId`, `refused` for good. */
  state: z.enum(['sending', 'unknown', 'placed', 'refused']),
  orderId: z.string().optional(),
  refusal: z.object({ category: z.string(), message: z.string() }).optional(),
  status: z.enum(['open', 'partially_filled', 'filled', 'cancelled', 'failed']),
  filled: decimalText,
  reason: z.string().optional(),
  createdAtS: z.number().optional(),
  /** Unix seconds of the last fill, once it is filled. */
  filledAtS: z.number().optional(),
  /** Milliseconds at which it ended. */
  endedAtMs: z.number().optional(),
  /** Fills that have been pushed. */
  fills: z.array(fillRecordSchema).default([]),
  /** Sum of the fills that have been pushed, base. */
  pushedAmount: decimalText,
})

export type OrderRecord = z.infer<typeof orderRecordSchema>

/** Whether nothing more is expected of it. */
export const isEnded = (record: OrderRecord): boolean =>
  record.state === 'refused' ||
  record.status === 'filled' ||
  record.status === 'cancelled' ||
  record.status === 'failed'
