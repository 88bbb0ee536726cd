import * as z from 'zod'
import { exchangesConfigSchema } from '../exchanges/exchanges-config.js'
import { databaseConfigSchema } from '../infrastructure/database-config.js'
import { journalConfigSchema } from '../infrastructure/journal-config.js'
import { loggingConfigSchema } from '../infrastructure/logging-config.js'
import { networkConfigSchema } from '../infrastructure/network-config.js'
import { tracingConfigSchema } from '../infrastructure/tracing-config.js'
import { flag } from './fields.js'
import { riskConfigSchema } from './risk-config.js'
import { killSwitchConfigSchema, serverConfigSchema } from './server-config.js'
import { paperConfigSchema, simulationConfigSchema } from './simulation-config.js'
import { strategiesConfigSchema } from './strategy-config.js'
import { executionConfigSchema, instrumentsConfigSchema } from './trading-config.js'

export const engineModes = ['simulated', 'paper', 'live'] as const
export type EngineMode = (typeof engineModes)[number]

const liveSchema = z
  .strictObject({
    armed: flag(false, 'Says in the file that real orders are meant; the command line must say --arm as well.'),
  })
  .prefault({})
  .describe('Live mode.')

const npmName = z
  .string()
  .regex(/^(@[a-z0-9-][a-z0-9-._]*\/)?[a-z0-9-][a-z0-9-._]*$/, 'write the name of an npm package')

/**
 * The whole configuration. Every section has defaults, so that an empty file runs the simulated mode; the JSON Schema for
 * editors is made from this.
 */
export const engineConfigSchema = z
  .strictObject({
    mode: z
      .enum(engineModes)
      .default('simulated')
      .describe('simulated: local venues; paper: live prices, simulated fills; live: real orders.'),
    live: liveSchema,
    exchanges: exchangesConfigSchema.prefault({ mexc: {}, gateio: {} }),
    plugins: z.array(npmName).default([]).describe('npm packages that bring further exchanges.'),
    instruments: instrumentsConfigSchema,
    strategies: strategiesConfigSchema,
    risk: riskConfigSchema,
    execution: executionConfigSchema,
    simulation: simulationConfigSchema,
    paper: paperConfigSchema,
    network: networkConfigSchema,
    logging: loggingConfigSchema,
    tracing: tracingConfigSchema,
    database: databaseConfigSchema,
    journal: journalConfigSchema,
    server: serverConfigSchema,
    killSwitch: killSwitchConfigSchema,
  })
  .describe('Configuration of the cross-exchange arbitrage engine.')

/** The configuration as the engine reads it: complete, exact, frozen. */
export type EngineConfig = z.infer<typeof engineConfigSchema>
/** What a file, the environment or the command line may say. */
export type EngineConfigInput = z.input<typeof engineConfigSchema>
