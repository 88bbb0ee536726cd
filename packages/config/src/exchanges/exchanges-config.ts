import type { ExchangeId } from '@cex-arbitrage/common'
import * as z from 'zod'
import { pluginExchangeSchema, type BaseExchangeConfig } from './base-exchange-config.js'
import { gateioConfigSchema } from './gateio-config.js'
import { mexcConfigSchema } from './mexc-config.js'

/** Every exchange by name. Built-in names have a schema of their own, others come from plug-ins. */
export const exchangesConfigSchema = z
  .object({
    mexc: mexcConfigSchema.optional(),
    gateio: gateioConfigSchema.optional(),
  })
  .catchall(pluginExchangeSchema)
  .describe('Exchanges by name: mexc, gateio, or the name that a plug-in registers.')

export type ExchangesConfig = z.infer<typeof exchangesConfigSchema>

/** The exchanges that are switched on, by name, as every layer above sees them. */
export function getEnabledExchanges(exchanges: ExchangesConfig): ReadonlyMap<ExchangeId, BaseExchangeConfig> {
  const enabled = new Map<ExchangeId, BaseExchangeConfig>()
  for (const [name, config] of Object.entries(exchanges))
    if (config?.enabled === true) enabled.set(name as ExchangeId, config)
  return enabled
}
