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
    bookFeed: z
      .enum(['update', 'obu'])
      .default('update')
      .describe('Book channel: update joins a queried snapshot; obu brings its own.'),
    account: z
      .enum(['spot', 'unified'])
      .default('spot')
      .describe('Account that orders use and balances are read from.'),
    useTestnet: flag(false, "Use the exchange's test network instead of the real one."),
  })
  .describe('Gate.io.')

export type GateioConfig = z.infer<typeof gateioConfigSchema>
