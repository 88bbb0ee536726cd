import * as z from 'zod'
import { address, flag, origin, ratio, secret } from '../core/fields.js'

const spotUrls = {
  rest: origin(['https:', 'http:'], 'Address of the REST API, without a path.').optional(),
  websocket: address(['wss:', 'ws:'], 'Address of the WebSocket API.').optional(),
}
const futuresUrls = {
  futuresRest: origin(['https:', 'http:'], 'Address of the futures REST API, without a path.').optional(),
  futuresWebsocket: address(['wss:', 'ws:'], 'Address of the futures WebSocket API.').optional(),
}
const urlsDescription = "Other addresses than the exchange's own, for a proxy or a simulator."

/** The addresses of one exchange; whatever is left out is the connector's own. */
export const exchangeUrlsSchema = z
  .strictObject({ ...spotUrls, ...futuresUrls })
  .prefault({})
  .describe(urlsDescription)

/** Fees that replace what the exchange states, in basis points of the notional; negative is a rebate. */
export const feeOverrideSchema = z
  .strictObject({
    makerBps: z.number().min(-50).max(500).describe('Fee of a maker fill, basis points; negative is a rebate.'),
    takerBps: z.number().min(-50).max(500).describe('Fee of a taker fill, basis points; negative is a rebate.'),
  })
  .describe("The account's own rates, where the exchange's answer must not be used.")

/** What every exchange takes, built in or plugged in. */
export const baseExchangeShape = {
  enabled: flag(true, 'Whether the engine connects to this exchange at all.'),
  marketTypes: z
    .array(z.enum(['spot', 'futures', 'margin']))
    .min(1)
    .default(['spot'])
    .describe('Markets of the exchange that are used.'),
  urls: exchangeUrlsSchema,
  apiKey: secret('API key; needed in live mode.').optional(),
  secret: secret('Secret of the API key; needed in live mode.').optional(),
  watchdogApiKey: secret(
    'API key of the watchdog, so that it has a rate budget of its own; the first key without it.',
  ).optional(),
  watchdogSecret: secret('Secret of the API key of the watchdog.').optional(),
  allowWithdrawPermission: flag(
    false,
    'Accept a key that may withdraw; without it such a key is refused where the exchange tells, and warned of where it does not.',
  ),
  fees: feeOverrideSchema.optional(),
  rateLimitShare: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.8)
    .describe("Share of the exchange's rate limit that the engine may use."),
  cancelReserveShare: ratio(0.2, 'Share of that budget kept for cancels, hedges and unwinds; polling cannot use it.'),
  orderEntry: z.enum(['rest', 'websocket']).default('rest').describe('How orders are sent.'),
}

/** An exchange that a plug-in brings: the common settings and whatever the plug-in defines under `options`. */
export const pluginExchangeSchema = z
  .strictObject({
    ...baseExchangeShape,
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        "The plug-in's own settings, validated by the plug-in; names that end in key, secret, token or password are secrets.",
      ),
  })
  .describe('An exchange that a package under plugins brings.')

/** The common settings alone, for code that builds one. */
export const baseExchangeSchema = z.strictObject(baseExchangeShape)

/** What every exchange has. */
export type BaseExchangeConfig = z.infer<typeof baseExchangeSchema>
export type PluginExchangeConfig = z.infer<typeof pluginExchangeSchema>
export type FeeOverride = z.infer<typeof feeOverrideSchema>
