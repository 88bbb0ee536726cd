import { UniqueIdSource, createAssetId, type Clock, type Logger, type Random } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import type { FactoryManager } from '@cex-arbitrage/exchanges'
import {
  Portfolio,
  TradingEngine,
  createTradeExecutor,
  createTradingCore,
  type ExecutionRecord,
  type Journal,
  type KillSwitch,
} from '@cex-arbitrage/trading'
import {
  container as rootContainer,
  instanceCachingFactory,
  type DependencyContainer,
  type InjectionToken,
} from 'tsyringe'
import { LatencyRecorder } from '../live/latency-recorder.js'
import { LiveSettings } from './live-settings.js'
import { leveragesOf } from './leverages.js'
import { createStrategies } from './strategies.js'
import { tokens } from './tokens.js'

/** What only the start knows. */
export interface ContainerInputs {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly exchanges: FactoryManager
  readonly killSwitch: KillSwitch
  readonly journal: { readonly journal: Journal<ExecutionRecord>; readonly fencingToken: number }
}

/**
 * A container of one engine. Everything is made once, when it is first asked for; `tokens.venues` must be registered
 * (after connecting) before anything that trades is.
 */
export function createEngineContainer(inputs: ContainerInputs): DependencyContainer {
  const container = rootContainer.createChildContainer()
  container.register(tokens.config, { useValue: inputs.config })
  container.register(tokens.clock, { useValue: inputs.clock })
  container.register(tokens.random, { useValue: inputs.random })
  container.register(tokens.logger, { useValue: inputs.logger })
  container.register(tokens.exchanges, { useValue: inputs.exchanges })
  container.register(tokens.killSwitch, { useValue: inputs.killSwitch })
  container.register(tokens.journal, { useValue: inputs.journal.journal })
  const once = <T>(key: InjectionToken<T>, create: () => T): void =>
    void container.register(key, { useFactory: instanceCachingFactory(create) })
  const get = <T>(key: InjectionToken<T>): T => container.resolve(key)

  once(tokens.settings, () => new LiveSettings(inputs.config))
  once(tokens.latencies, () => new LatencyRecorder())
  once(tokens.ids, () => new UniqueIdSource(inputs.config.execution.clientOrderIdPrefix, inputs.clock, inputs.random))
  once(tokens.portfolio, () => new Portfolio(inputs.clock))
  once(tokens.core, () =>
    createTradingCore({
      venues: get(tokens.venues),
      account: get(tokens.portfolio),
      halt: get(tokens.killSwitch),
      clock: inputs.clock,
      log: inputs.logger,
      limits: get(tokens.settings).limits,
      reportingAsset: createAssetId(inputs.config.risk.reportingAsset),
      serverTimeIntervalMs: inputs.config.network.clockSyncIntervalMs,
    }),
  )
  once(tokens.strategies, () =>
    createStrategies(inputs.config, {
      board: get(tokens.core).board,
      account: get(tokens.portfolio),
      clock: inputs.clock,
      ids: get(tokens.ids),
      venues: get(tokens.venues),
      settings: get(tokens.settings),
      latencies: get(tokens.latencies),
      funding: get(tokens.core).funding,
      margins: get(tokens.core).margins,
    }),
  )
  once(tokens.executor, () => {
    const executor = createTradeExecutor({
      venues: get(tokens.venues),
      portfolio: get(tokens.portfolio),
      journal: get(tokens.journal),
      fencingToken: inputs.journal.fencingToken,
      approver: get(tokens.core).gate,
      quotes: get(tokens.core).quotes,
      halt: get(tokens.killSwitch),
      clock: inputs.clock,
      random: inputs.random,
      ids: get(tokens.ids),
      idPrefix: inputs.config.execution.clientOrderIdPrefix,
      logger: inputs.logger,
      settings: get(tokens.settings).execution,
      leverages: leveragesOf(inputs.config, get(tokens.venues)),
      checkpointAfterRecords: inputs.config.journal.checkpointAfterRecords,
    })
    get(tokens.settings).onExecutionChange((settings) => executor.applySettings(settings))
    return executor
  })
  once(
    tokens.engine,
    () =>
      new TradingEngine({
        venues: get(tokens.venues),
        core: get(tokens.core),
        strategies: get(tokens.strategies),
        executor: get(tokens.executor),
        clock: inputs.clock,
        log: inputs.logger,
        opportunities: container.isRegistered(tokens.opportunityListener) ? get(tokens.opportunityListener) : undefined,
        options: get(tokens.settings).engine,
      }),
  )
  return container
}
