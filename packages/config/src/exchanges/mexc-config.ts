import * as z from 'zod'
import { baseExchangeShape } from './base-exchange-config.js'

export const mexcConfigSchema = z
  .strictObject({
    ...baseExchangeShape,
    orderEntry: z.enum(['rest']).default('rest').describe('How orders are sent; MEXC takes them through REST alone.'),
    streamIntervalMs: z
      .union([z.literal(10), z.literal(100)])
      .default(10)
      .describe('Milliseconds that the exchange collects book changes before it sends them.'),
  })
  .describe('MEXC.')

export type MexcConfig = z.infer<typeof mexcConfigSchema>
