import type { Clock, IdSource, Logger, Random } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import type { FactoryManager } from '@cex-arbitrage/exchanges'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import type {
  ExecutionRecord,
  Journal,
  KillSwitch,
  OpportunityListener,
  Portfolio,
  Strategy,
  TradeExecutor,
  TradingCore,
  TradingEngine,
  TradingVenue,
} from '@cex-arbitrage/trading'
import type { InjectionToken } from 'tsyringe'
import type { LatencyRecorder } from '../live/latency-recorder.js'
import type { LiveSettings } from './live-settings.js'

const token = <T>(name: string): InjectionToken<T> => Symbol.for(`cex-arbitrage/${name}`)

/** What the container holds, by role. */
export const tokens = {
  config: token<EngineConfig>('config'),
  clock: token<Clock>('clock'),
  random: token<Random>('random'),
  ids: token<IdSource>('ids'),
  logger: token<Logger>('logger'),
  exchanges: token<FactoryManager>('exchanges'),
  journal: token<Journal<ExecutionRecord>>('journal'),
  /** Registered when history is kept. */
  history: token<HistoryQueries>('history'),
  opportunityListener: token<OpportunityListener>('opportunity-listener'),
  venues: token<readonly TradingVenue[]>('venues'),
  killSwitch: token<KillSwitch>('kill-switch'),
  portfolio: token<Portfolio>('portfolio'),
  core: token<TradingCore>('trading-core'),
  strategies: token<readonly Strategy[]>('strategies'),
  executor: token<TradeExecutor>('executor'),
  engine: token<TradingEngine>('engine'),
  settings: token<LiveSettings>('settings'),
  latencies: token<LatencyRecorder>('latencies'),
} as const
