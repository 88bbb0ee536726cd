import {
  asCorrelationId,
  toCexArbitrageException,
  type Clock,
  type ExchangeId,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import { getEnabledExchanges, type ConfigManager, type EngineConfig } from '@cex-arbitrage/config'
import type { FactoryManager, PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'
import {
  KillSwitch,
  type HaltFile,
  type RecoveryReport,
  type ShutdownProof,
  type TradeOutcome,
  type TradingRehearsal,
  type TradingVenue,
} from '@cex-arbitrage/trading'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import type { DependencyContainer } from 'tsyringe'
import { createFactoryManager } from '../composition/built-in-exchanges.js'
import { connectVenues } from '../composition/connect-venues.js'
import { createEngineContainer } from '../composition/container.js'
import { createAccounts } from '../composition/accounts.js'
import { createExchangeContext } from '../composition/exchange-contexts.js'
import { createHaltFile } from '../composition/halt-file.js'
import { createRehearsal } from '../composition/rehearsal.js'
import { openHistory, type OpenedHistory } from '../composition/open-history.js'
import { openJournal, type OpenedJournal } from '../composition/open-journal.js'
import { SimulatedVenues } from '../composition/simulated-venues.js'
import { Heart } from '../watchdog/heart.js'
import { HeartbeatFile } from '../watchdog/heartbeat-file.js'
import { tokens } from '../composition/tokens.js'
import { EngineControl } from '../control/engine-control.js'
import { EngineOperations } from '../control/engine-operations.js'
import { LiveModelSource } from '../live/live-model-source.js'
import { measureAccount } from '../live/measured-account.js'
import { EngineMetrics } from '../metrics/engine-metrics.js'
import type { LiveView } from '../server/model-routes.js'
import { traceJournal } from '../tracing/trace-journal.js'
import { createStatusSnapshot } from '../status/create-status-snapshot.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { EngineDoor } from './engine-door.js'

export interface EngineHostOptions {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Opens the journal of the mode; the configured one by default. */
  readonly openJournal?: typeof openJournal
  /** What cancels our orders should this process die in live mode. */
  readonly watchdog?: { start(fencingToken: number): void; stop(): Promise<void> }
  /** Where the configuration is read again when asked. */
  readonly configManager?: ConfigManager
  /** Called when a client asks the process to end. */
  readonly requestStop?: () => void
}

/** What a start came to. */
export interface StartedEngine {
  /** Address of the server; `undefined` when it is switched off. */
  readonly address: string | undefined
  /** The token that was made for this run; `undefined` where the configuration has one. */
  readonly madeToken: string | undefined
  readonly recovery: RecoveryReport
}

/** One engine from configuration to proof: starts everything in order, and ends it in the opposite one. */
export class EngineHost {
  /** Halts and resumes, from before the start on. */
  readonly control: EngineControl
  private readonly startedAtMs: number
  private readonly killSwitch: KillSwitch
  private readonly door: EngineDoor
  private readonly operations: EngineOperations
  private live: LiveModelSource | undefined
  private liveView: LiveView | undefined
  private venues: SimulatedVenues | undefined
  private exchanges: FactoryManager | undefined
  private journal: OpenedJournal | undefined
  private historyKeeper: OpenedHistory | undefined
  private container: DependencyContainer | undefined
  private haltFile: HaltFile | undefined
  private heart: Heart | undefined
  private rehearsal: TradingRehearsal | undefined
  private readonly outcomeListeners: ((outcome: TradeOutcome) => void)[] = []

  constructor(private readonly options: EngineHostOptions) {
    const { clock, logger, config } = options
    this.startedAtMs = clock.nowMs()
    this.killSwitch = new KillSwitch(clock, logger)
    this.control = new EngineControl(this.killSwitch)
    this.operations = new EngineOperations({
      killSwitch: this.killSwitch,
      settings: () => this.container?.resolve(tokens.settings),
      configManager: options.configManager,
      requestStop: options.requestStop,
    })
    this.door = new EngineDoor(config.server, {
      snapshot: () => this.status(),
      control: this.control,
      operations: this.operations,
      live: () => this.liveView,
      history: () => this.history,
      clock,
      logger,
    })
  }

  onOutcome(listener: (outcome: TradeOutcome) => void): void {
    this.outcomeListeners.push(listener)
  }

  /**
   * Connects, settles what an earlier run left, and begins to trade.
   *
   * @throws The family of `CexArbitrageException`; whatever was opened is closed again.
   */
  async start(): Promise<StartedEngine> {
    try {
      return await this.startAll()
    } catch (error) {
      await this.release()
      throw toCexArbitrageException(error, { doing: 'starting the engine', correlationId: asCorrelationId('start') })
    }
  }

  /** Opens nothing from now on, also where the start has not come to its end yet; `stop` follows. */
  announceStop(): void {
    this.killSwitch.halt({ rule: 'shutdown', detail: 'The engine is stopping.' })
  }

  /** Opens nothing more, ends what is open, proves that nothing rests, and closes everything. */
  async stop(): Promise<ShutdownProof> {
    this.haltFile?.close()
    try {
      const container = this.container!
      const { shutdownTimeoutMs } = container.resolve(tokens.settings).config.execution
      const proof = await container.resolve(tokens.engine).stop(shutdownTimeoutMs)
      if (proof.exchanges.every(({ openOrders }) => openOrders === 0)) await this.dismissWatchdog()
      return proof
    } finally {
      await this.release()
    }
  }

  /** What was stored; `undefined` until it is open, and when `database.enabled` is false. */
  get history(): HistoryQueries | undefined {
    return this.historyKeeper?.queries
  }

  status(): StatusSnapshot {
    const { rss, heapUsed } = process.memoryUsage()
    return createStatusSnapshot({
      mode: this.options.config.mode,
      startedAtMs: this.startedAtMs,
      nowMs: this.options.clock.nowMs(),
      memory: { rssBytes: rss, heapUsedBytes: heapUsed },
      container: this.container,
    })
  }

  private async startAll(): Promise<StartedEngine> {
    const { config, clock, random, logger } = this.options
    const enabled = getEnabledExchanges(config.exchanges)
    this.venues =
      config.mode === 'simulated' ? await SimulatedVenues.start(config, [...enabled.keys()], clock) : undefined
    this.exchanges = createFactoryManager((exchange: ExchangeId) =>
      createExchangeContext(
        exchange,
        enabled.get(exchange)!,
        { clock, random, logger, network: config.network },
        this.venues?.address(exchange),
      ),
    )
    for (const plugin of config.plugins) await this.exchanges.loadPlugin(plugin)
    this.journal = await (this.options.openJournal ?? openJournal)(config, clock)
    this.journal = await traceJournal(this.journal, config.tracing, { clock, logger })
    await this.startHeart(this.journal.fencingToken)
    this.container = createEngineContainer({
      config,
      clock,
      random,
      logger,
      exchanges: this.exchanges,
      killSwitch: this.killSwitch,
      journal: this.journal,
    })
    const { container, exchanges, killSwitch } = this
    const address = await this.door.open()
    this.haltFile = createHaltFile(config, killSwitch, clock)
    this.haltFile.start()
    const latencies = container.resolve(tokens.latencies)
    const ownAccounts = createAccounts(config, exchanges, clock)
    const accounts = (exchange: PublicExchange): PrivateExchange =>
      measureAccount(ownAccounts(exchange), latencies, clock)
    const venues = await connectVenues(config, enabled, { exchanges, accounts }, logger)
    container.register(tokens.venues, { useValue: venues })
    this.historyKeeper = await openHistory({
      config,
      clock,
      logger,
      container,
      journal: this.journal,
      startedAtMs: this.startedAtMs,
      snapshot: () => this.status(),
    })
    container.resolve(tokens.executor).onOutcome((outcome) => this.outcomeListeners.forEach((tell) => tell(outcome)))
    const [recovery] = await Promise.all([container.resolve(tokens.engine).start(), this.rehearse(container, venues)])
    this.showLive(container)
    return { address, madeToken: this.door.madeToken, recovery }
  }

  /** While connections open; then, while nothing is traded, for as long as the engine runs. */
  private async rehearse(container: DependencyContainer, venues: readonly TradingVenue[]): Promise<void> {
    const { config, clock, random, logger } = this.options
    const { startMs, intervalMs } = config.execution.rehearsal
    this.rehearsal = await createRehearsal({ config, clock, random, logger, exchanges: this.exchanges!, venues })
    await this.rehearsal?.warmUp(startMs)
    const portfolio = container.resolve(tokens.portfolio)
    this.rehearsal?.keepWarm(intervalMs, () => portfolio.openTrades() === 0)
  }

  private async startHeart(fencingToken: number): Promise<void> {
    const { config, clock, logger, watchdog } = this.options
    const { enabled, timeoutMs, heartbeatFile } = config.execution.watchdog
    if (config.mode !== 'live' || !enabled || watchdog === undefined) return
    const file = new HeartbeatFile(heartbeatFile)
    this.heart = new Heart({ file, timeoutMs, fencingToken, pid: process.pid, clock, logger })
    await this.heart.start()
    watchdog.start(fencingToken)
  }

  /** Only where nothing rests: otherwise the watchdog has to act once this process is gone. */
  private async dismissWatchdog(): Promise<void> {
    await Promise.all([this.options.watchdog?.stop(), this.heart?.stop()])
  }

  private showLive(container: DependencyContainer): void {
    const live = new LiveModelSource(container, () => this.status())
    live.start()
    this.live = live
    this.liveView = {
      model: () => live.model(),
      equitySeries: () => live.equitySeries(),
      metrics: new EngineMetrics(() => live.model(), container.resolve(tokens.latencies)),
    }
  }

  private async release(): Promise<void> {
    this.haltFile?.close()
    this.live?.close()
    this.operations.close()
    const steps = [
      () => this.rehearsal?.close(),
      () => this.heart?.silence(),
      () => this.door.takeDown(),
      () => this.door.close(),
      () => this.historyKeeper?.close(),
      () => this.exchanges?.close(),
      () => this.journal?.close(),
      () => this.venues?.close(),
    ]
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        const exception = toCexArbitrageException(error, { doing: 'closing the engine' })
        this.options.logger.warn({ error: exception.toJSON() }, 'a part did not close cleanly')
      }
    }
  }
}
