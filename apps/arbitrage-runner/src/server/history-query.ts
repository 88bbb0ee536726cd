import { z } from 'zod'

const maxRows = 1_000
const time = z.coerce.number().int().nonnegative()

/** What may stand behind the `?` of a path under `/history`. */
export const historyQuerySchema = z.strictObject({
  journal: z.string().min(1).optional().describe('Another run than this one; `/history/journals` lists them.'),
  mode: z.enum(['simulated', 'paper', 'live']).optional().describe('Every run of a mode together.'),
  fromMs: time.optional().describe('Unix milliseconds, inclusive.'),
  toMs: time.optional().describe('Unix milliseconds, exclusive.'),
  limit: z.coerce.number().int().min(1).max(maxRows).optional().describe('At most so many rows.'),
  maxPoints: z.coerce.number().int().min(2).max(maxRows).optional().describe('A series is thinned to so many points.'),
  strategy: z.string().optional(),
  symbol: z.string().optional(),
  outcome: z.string().optional(),
  before: z.string().optional().describe('Only trades older than the one with this correlation id: the next page.'),
  exchange: z.string().optional().describe('The series of one exchange.'),
})

type Parsed = z.infer<typeof historyQuerySchema>

/** What was left out is absent, not `undefined`. */
export type HistoryQuery = { readonly [K in keyof Parsed]?: NonNullable<Parsed[K]> }
