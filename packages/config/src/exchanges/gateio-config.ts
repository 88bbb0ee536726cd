import * as z from 'zod'
import { flag } from '../core/fields.js'
import { baseExchangeShape } from './base-exchange-config.js'

export const gateioConfigSchema = z
  .strictObject({
    ...baseExchangeShape,
    orderEntry: z
      .enum(['rest', 'websocket'])
      .default('websocket')
      .describe('How orders are sent; the WebSocket API saves a round trip.'),
    streamIntervalMs: z
      .union([z.literal(20), z.literal(100)])
      .default(20)
      .describe('Milliseconds that the exchange collects book changes before it sends them.'),
    settle: z.enum(['usdt', 'btc']).default('usdt').describe('Currency in which perpetual futures are settled.'),
    useTestnet: flag(false, "Use the exchange's test network instead of the real one."),
    payFeesInGt: flag(false, 'The account pays fees in GT; the ledger then expects them in that asset.'),
  })
  .describe('Gate.io.')

export type GateioConfig = z.infer<typeof gateioConfigSchema>
