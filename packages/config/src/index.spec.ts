import { describe, expect, it } from 'vitest'
import * as config from './index.js'

describe('the public API of config', () => {
  it('is this list', () => {
    expect(Object.keys(config).toSorted()).toEqual([
      'ConfigManager',
      'Secret',
      'baseExchangeSchema',
      'checkConfig',
      'createJsonSchema',
      'databaseConfigSchema',
      'engineConfigSchema',
      'engineModes',
      'environmentPrefix',
      'exchangesConfigSchema',
      'executionConfigSchema',
      'formatProblems',
      'gateioConfigSchema',
      'getEnabledExchanges',
      'getStrategyName',
      'instrumentsConfigSchema',
      'isReloadable',
      'journalConfigSchema',
      'killSwitchConfigSchema',
      'loadConfig',
      'logLevels',
      'loggingConfigSchema',
      'mexcConfigSchema',
      'networkConfigSchema',
      'paperConfigSchema',
      'parseOverrides',
      'pluginExchangeSchema',
      'processEnvironment',
      'riskConfigSchema',
      'serverConfigSchema',
      'simulationConfigSchema',
      'strategyConfigSchema',
      'toPrintable',
      'tracingConfigSchema',
    ])
  })
})
