export {
  engineConfigSchema,
  engineModes,
  type EngineConfig,
  type EngineConfigInput,
  type EngineMode,
} from './core/base-config.js'
export { riskConfigSchema, type RiskConfig } from './core/risk-config.js'
export { Secret } from './core/secret.js'
export {
  killSwitchConfigSchema,
  serverConfigSchema,
  type KillSwitchConfig,
  type ServerConfig,
} from './core/server-config.js'
export {
  paperConfigSchema,
  simulationConfigSchema,
  type PaperConfig,
  type SimulationConfig,
} from './core/simulation-config.js'
export {
  getStrategyName,
  strategyConfigSchema,
  type CrossExchangeMarketMakingConfig,
  type SpotFuturesConfig,
  type SpotSpotConfig,
  type StrategyConfig,
  type StrategyType,
  type TriangularConfig,
} from './core/strategy-config.js'
export {
  executionConfigSchema,
  instrumentsConfigSchema,
  type ExecutionConfig,
  type WatchedInstrumentConfig,
} from './core/trading-config.js'
export {
  baseExchangeSchema,
  pluginExchangeSchema,
  type BaseExchangeConfig,
  type FeeOverride,
  type PluginExchangeConfig,
} from './exchanges/base-exchange-config.js'
export { exchangesConfigSchema, getEnabledExchanges, type ExchangesConfig } from './exchanges/exchanges-config.js'
export { gateioConfigSchema, type GateioConfig } from './exchanges/gateio-config.js'
export { mexcConfigSchema, type MexcConfig } from './exchanges/mexc-config.js'
export { databaseConfigSchema, type DatabaseConfig } from './infrastructure/database-config.js'
export { journalConfigSchema, type JournalConfig } from './infrastructure/journal-config.js'
export { loggingConfigSchema, logLevels, type LoggingConfig } from './infrastructure/logging-config.js'
export { networkConfigSchema, type NetworkConfig } from './infrastructure/network-config.js'
export { tracingConfigSchema, type TracingConfig } from './infrastructure/tracing-config.js'
export { environmentPrefix, processEnvironment, type Environment } from './core/environment.js'
export { createJsonSchema, type JsonSchemaNode } from './core/json-schema.js'
export { parseOverrides } from './core/overrides.js'
export { checkConfig, formatProblems, loadConfig, type ConfigCheck, type LoadConfigOptions } from './load-config.js'
export { toPrintable } from './printable.js'
export { ConfigManager, type ConfigListener, type ConfigManagerOptions, type ConfigReload } from './config-manager.js'
export { isReloadable, type ConfigDifference } from './core/reload-policy.js'
