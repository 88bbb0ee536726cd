import { Decimal, errorCodes } from '@cex-arbitrage/common'
import { z } from 'zod'

const text = z.string().min(1)
const decimal = z.string().refine((value) => Decimal.tryParse(value) !== undefined, 'is no decimal number')
const count = z.number().int().nonnegative()
const side = z.enum(['buy', 'sell'])
const errorCode = z.enum(errorCodes)

const updateSchema = z.strictObject({
  instrumentId: text,
  clientOrderId: text.nullable(),
  exchangeOrderId: text,
  side,
  status: z.enum(['open', 'partially_filled', 'filled', 'cancelled', 'rejected']),
  quantity: decimal.nullable(),
  price: decimal.nullable(),
  filledQuantity: decimal,
  filledNotional: decimal,
  exchangeTimeMs: z.number(),
  reason: z.string().nullable(),
})

const fillSchema = z.strictObject({
  fillId: text,
  instrumentId: text,
  exchangeOrderId: text,
  clientOrderId: text.nullable(),
  side,
  price: decimal,
  quantity: decimal,
  fee: decimal,
  feeAsset: text,
  role: z.enum(['maker', 'taker']),
  exchangeTimeMs: z.number(),
})

const evidenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sent'), attempt: count, atMs: count }),
  z.strictObject({ kind: z.literal('acknowledged'), exchangeOrderId: text }),
  z.strictObject({ kind: z.literal('refused'), code: errorCode, message: z.string() }),
  z.strictObject({ kind: z.literal('unanswered'), code: errorCode }),
  z.strictObject({ kind: z.literal('cancel_requested') }),
  z.strictObject({ kind: z.literal('update'), update: updateSchema }),
  z.strictObject({ kind: z.literal('fill'), fill: fillSchema }),
  z.strictObject({ kind: z.literal('absent') }),
  z.strictObject({ kind: z.literal('vanished') }),
])

const planLegSchema = z.strictObject({
  instrumentId: text,
  side,
  priceTicks: count,
  quantityLots: count,
  expectedNotional: decimal,
  expectedFee: decimal,
  expectedFeeAsset: text,
  /** Makes a position no larger; absent of any other order. */
  reduceOnly: z.literal(true).optional(),
})

const planSchema = z.strictObject({
  correlationId: text,
  strategy: text,
  symbol: text,
  legs: z.array(planLegSchema).min(1),
  sending: z.enum(['concurrent', 'sequential']),
  /** Of a trade that leaves a position behind, or takes one back. */
  holding: z.enum(['opens', 'closes']).optional(),
  /** Of a quote, which has one leg: it rests, and its fills are hedged there. */
  quote: z
    .strictObject({ hedge: planLegSchema, toleranceBps: z.number(), minRestMs: count, maxRestMs: count })
    .optional(),
  expectedProfit: decimal,
  surplusPrices: z.array(z.strictObject({ asset: text, price: decimal })).min(1),
  profitAsset: text,
  netEdgeBps: z.number(),
  quoteAgeUs: z.number(),
  decidedAtUs: z.number(),
})

const attributionSchema = z.strictObject({
  latency: decimal,
  slippage: decimal,
  fees: decimal,
  rounding: decimal,
  partialFill: decimal,
  unwind: decimal,
})

const tradeEnd = z.enum(['completed', 'unwound', 'hedged', 'pulled', 'aborted', 'halted'])

const recordAt = { atMs: count }

/** Everything that must survive a crash, one record each. Amounts are decimal texts; `atMs` is Unix milliseconds. */
export const executionRecordSchema = z.discriminatedUnion('kind', [
  /** A session begins; `fencingToken` is the journal lock's. */
  z.strictObject({ kind: z.literal('session_start'), ...recordAt, fencingToken: count }),
  z.strictObject({ kind: z.literal('session_stop'), ...recordAt, openOrders: count }),
  /** A trade is decided; its orders follow as intents. `legIds` are client order ids in the order of the plan. */
  z.strictObject({ kind: z.literal('trade_start'), ...recordAt, plan: planSchema, legIds: z.array(text).min(1) }),
  /** Written before the order may leave. */
  z.strictObject({
    kind: z.literal('intent'),
    ...recordAt,
    correlationId: text,
    clientOrderId: text,
    role: z.enum(['leg', 'complete', 'unwind', 'hedge']),
    instrumentId: text,
    side,
    priceTicks: count,
    quantityLots: count,
    /** Rests and takes nothing; absent of an order that ends at once. */
    postOnly: z.literal(true).optional(),
    reduceOnly: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('leg'), ...recordAt, clientOrderId: text, evidence: evidenceSchema }),
  /** What the book showed when a leg left, for the attribution of profit. */
  z.strictObject({ kind: z.literal('send_quote'), ...recordAt, clientOrderId: text, notional: decimal.nullable() }),
  /** A fill of no order that the journal knows, on an account of ours; `orphan` when the order carries our prefix. */
  z.strictObject({
    kind: z.literal('foreign_fill'),
    ...recordAt,
    exchange: text,
    fill: fillSchema,
    orphan: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('posting'),
    ...recordAt,
    reason: z.enum(['opening', 'transfer', 'funding', 'adjustment', 'settlement']),
    /** Of funding: which payment, so that it is posted once. */
    payment: z.strictObject({ instrumentId: text, id: text }).optional(),
    entries: z.array(z.strictObject({ account: text, asset: text, amount: decimal })).min(2),
  }),
  z.strictObject({
    kind: z.literal('balance_check'),
    ...recordAt,
    exchange: text,
    differences: z.array(z.strictObject({ asset: text, ledger: decimal, exchange: decimal })),
  }),
  z.strictObject({
    kind: z.literal('trade_end'),
    ...recordAt,
    correlationId: text,
    end: tradeEnd,
    expectedProfit: decimal,
    realisedProfit: decimal,
    profitAsset: text,
    refused: z.boolean(),
    /** What is left is the operator's to close by hand; it is not repaired until that is accepted. */
    handedOver: z.boolean(),
    attribution: attributionSchema,
    residuals: z.array(z.strictObject({ exchange: text, asset: text, amount: decimal })),
    durationUs: z.number(),
  }),
  /** An operator has resumed: what the trade left over, named amount by amount, is no more the trade's affair. */
  z.strictObject({
    kind: z.literal('residual_accepted'),
    ...recordAt,
    correlationId: text,
    amounts: z.array(z.strictObject({ asset: text, amount: decimal })),
  }),
  /** No late fill of these trades is waited for any more. */
  z.strictObject({ kind: z.literal('trades_forgotten'), ...recordAt, correlationIds: z.array(text) }),
  /** What all records before have come to; stands in checkpoints alone, behind the records of trades still remembered. */
  z.strictObject({
    kind: z.literal('state'),
    ...recordAt,
    ledger: z.array(z.strictObject({ account: text, asset: text, amount: decimal })),
    opened: z.array(z.strictObject({ exchange: text, ...recordAt })),
    /** Realised on that day (days since 1970 UTC), by profit asset. */
    day: count,
    realised: z.array(z.strictObject({ asset: text, amount: decimal })),
    /** Of the trades still remembered. */
    results: z.array(
      z.strictObject({
        correlationId: text,
        end: tradeEnd,
        realisedProfit: decimal,
        profitAsset: text,
        refused: z.boolean(),
        endedAtMs: count,
      }),
    ),
    failures: count,
    seenFills: z.array(text),
    orphans: z.array(
      z.strictObject({
        exchange: text,
        orders: z.array(text),
        amounts: z.array(z.strictObject({ asset: text, amount: decimal })),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('halt'),
    ...recordAt,
    rule: text,
    detail: z.string(),
    asset: text.nullable(),
    correlationId: text.nullable(),
  }),
])

export type ExecutionRecord = z.infer<typeof executionRecordSchema>
export type ExecutionRecordOf<Kind extends ExecutionRecord['kind']> = Extract<ExecutionRecord, { kind: Kind }>
export type EvidenceRecord = z.infer<typeof evidenceSchema>
export type FillRecord = z.infer<typeof fillSchema>
export type PlanRecord = z.infer<typeof planSchema>
