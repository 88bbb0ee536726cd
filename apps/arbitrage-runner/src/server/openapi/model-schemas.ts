import { z } from 'zod'

const amount = z.string().describe('Exact decimal number.')
const count = z.number().int().nonnegative()
const ms = z.number().describe('Unix milliseconds.')

export const haltSchema = z
  .object({ rule: z.string(), detail: z.string() })
  .describe('A cause that forbids opening; what it says names the way back.')

const orderSchema = z.object({
  exchange: z.string(),
  marketType: z.string(),
  symbol: z.string(),
  side: z.string(),
  role: z.string().describe('leg, or how it repairs the trade: complete, unwind, hedge.'),
  state: z.string(),
  filledQuantity: amount,
  averagePrice: amount.optional(),
})

export const tradeSchema = z.object({
  correlationId: z.string(),
  atMs: ms,
  strategy: z.string(),
  symbol: z.string(),
  route: z.string().describe('Where it led, in a few words.'),
  quantity: amount.describe('Of the first order that was filled.'),
  orders: z.array(orderSchema).describe('Legs of the plan first, then what repaired the trade.'),
  end: z.string().describe('completed, unwound, hedged, pulled, aborted or halted.'),
  expectedProfit: amount,
  realisedProfit: amount,
  profitAsset: z.string(),
  difference: amount.describe('Realised less expected profit.'),
  attribution: z.record(z.string(), amount).describe('The difference, split; the parts sum exactly to it.'),
  durationMs: z.number(),
})

export const exchangeSchema = z.object({
  exchange: z.string(),
  marketDataConnected: z.boolean(),
  accountConnected: z.boolean(),
  booksTrusted: count,
  booksTotal: count,
  frames: count,
  gaps: count,
  resyncs: count,
  reconnects: count,
  clockOffsetMs: z.number().optional(),
  openOrders: count,
})

const profitSchema = z.object({ asset: z.string(), expected: amount, realised: amount })
const balanceSchema = z.object({ exchange: z.string(), asset: z.string(), free: amount, total: amount })

const positionSchema = z.object({
  instrument: z.string(),
  base: amount.describe('Held, negative when short.'),
  contracts: amount,
  entryPrice: amount,
  basisBps: z.number().optional().describe('Of the contract over spot now.'),
  funding: amount.describe('Received or paid since the ledger was opened, in quote.'),
  marginLeft: amount.optional().describe('Share of the margin.'),
})

export const statusSchema = z.object({
  mode: z.string(),
  state: z.enum(['starting', 'trading', 'halted', 'stopping', 'stopped']),
  startedAtMs: ms,
  uptimeMs: z.number(),
  exchanges: z.array(exchangeSchema),
  opportunities: z.object({ evaluations: count, found: count, refusals: z.record(z.string(), count) }),
  trades: z.object({ byEnd: z.record(z.string(), count), profit: z.array(profitSchema) }),
  recentTrades: z.array(tradeSchema).describe('The newest first.'),
  balances: z.array(balanceSchema),
  positions: z.array(positionSchema).describe('In perpetual contracts, each hedged by spot.'),
  halts: z.array(haltSchema),
  memory: z.object({ rssBytes: count, heapUsedBytes: count }),
})

const level = z.tuple([amount, amount]).describe('Price and quantity.')

export const bookSchema = z.object({
  instrumentId: z.string(),
  exchange: z.string(),
  marketType: z.string(),
  symbol: z.string(),
  distrust: z.string().optional().describe('Why it quotes nothing.'),
  ageMs: z.number().optional(),
  bids: z.array(level),
  asks: z.array(level),
})

export const edgeSchema = z.object({
  symbol: z.string(),
  buyAt: z.string(),
  sellAt: z.string(),
  netEdgeBps: z.number().describe('At the best quotes, after taker fees.'),
})

export const equityPointSchema = z.object({
  atMs: ms,
  worth: z.number().describe('Of everything held, at the prices of the moment.'),
  traded: z.number().describe('Worth at start plus what trading has realised since.'),
  realised: z.number(),
})

export const limitSchema = z.object({
  name: z.string(),
  value: z.string(),
  changed: z.boolean().describe('Changed while running, until the next start.'),
})

const latencySchema = z.object({
  kind: z.enum(['decision', 'acknowledgement', 'trade']),
  exchange: z.string().optional(),
  count,
  p50Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
  maxUs: z.number(),
  buckets: z
    .array(z.array(z.number().nullable()))
    .describe('Upper bound in microseconds, and how many were within it.'),
})

export const modelSchema = statusSchema.extend({
  reportingAsset: z.string(),
  strategies: z.array(z.string()),
  counters: z.object({
    bookUpdates: count,
    topChanges: count,
    crossings: count,
    proposals: count,
    approvals: count,
    openTrades: count,
  }),
  books: z.array(bookSchema),
  edges: z.array(edgeSchema),
  exposure: z.object({
    total: amount,
    openTrades: count,
    openOrders: count,
    unknownOrders: count,
    realisedToday: amount,
    consecutiveFailures: count,
    byAsset: z.array(z.object({ asset: z.string(), total: amount, net: amount, value: amount.optional() })),
  }),
  equity: equityPointSchema.optional(),
  latency: z.array(latencySchema),
  limits: z.array(limitSchema),
})
