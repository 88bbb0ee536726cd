import * as z from 'zod'
import { wholeNumber } from '../core/fields.js'
import { baseExchangeShape } from './base-exchange-config.js'

export const mexcConfigSchema = z
  .strictObject({
    ...baseExchangeShape,
    orderEntry: z.enum(['rest']).default('rest').describe('How orders are sent; MEXC takes them through REST alone.'),
    streamIntervalMs: z
      .union([z.literal(10), z.literal(100)])
      .default(10)
      .describe('Milliseconds that the exchange collects book changes before it sends them.'),
    recvWindowMs: wholeNumber(100, 60_000, 5000, 'Milliseconds after which the exchange drops a late request.'),
    bookDepth: wholeNumber(1, 1000, 100, 'Levels of each side of a book that must always be known.'),
  })
  .describe('MEXC.')

export type MexcConfig = z.infer<typeof mexcConfigSchema>
