import { randomBytes } from 'node:crypto'
import {
  asCorrelationId,
  toCexArbitrageException,
  type Clock,
  type ExchangeId,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import { getEnabledExchanges, type EngineConfig } from '@cex-arbitrage/config'
import type { FactoryManager } from '@cex-arbitrage/exchanges'
import {
  KillSwitch,
  type HaltFile,
  type RecoveryReport,
  type ShutdownProof,
  type TradeOutcome,
} from '@cex-arbitrage/trading'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import type { DependencyContainer } from 'tsyringe'
import { createFactoryManager } from '../composition/built-in-exchanges.js'
import { connectVenues } from '../composition/connect-venues.js'
import { createEngineContainer } from '../composition/container.js'
import { createAccounts } from '../composition/accounts.js'
import { createExchangeContext } from '../composition/exchange-contexts.js'
import { createHaltFile } from '../composition/halt-file.js'
import { openHistory, type OpenedHistory } from '../composition/open-history.js'
import { openJournal, type OpenedJournal } from '../composition/open-journal.js'
import { SimulatedVenues } from '../composition/simulated-venues.js'
import { tokens } from '../composition/tokens.js'
import { ControlFile } from '../control/control-file.js'
import { EngineControl } from '../control/engine-control.js'
import { EngineServer } from '../server/engine-server.js'
import { createStatusSnapshot } from '../status/create-status-snapshot.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'

export interface EngineHostOptions {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

const tokenBytes = 32

/** What a start came to. */
export interface StartedEngine {
  /** Address of the server; `undefined` when it is switched off. */
  readonly address: string | undefined
  readonly recovery: RecoveryReport
}

/** One engine from configuration to proof: starts everything in order, and ends it in the opposite one. */
export class EngineHost {
  /** Halts and resumes, from before the start on. */
  readonly control: EngineControl
  private readonly startedAtMs: number
  private readonly killSwitch: KillSwitch
  private readonly controlFile: ControlFile
  private venues: SimulatedVenues | undefined
  private exchanges: FactoryManager | undefined
  private journal: OpenedJournal | undefined
  private historyKeeper: OpenedHistory | undefined
  private container: DependencyContainer | undefined
  private server: EngineServer | undefined
  private haltFile: HaltFile | undefined
  private readonly outcomeListeners: ((outcome: TradeOutcome) => void)[] = []

  constructor(private readonly options: EngineHostOptions) {
    const { clock, logger, config } = options
    this.startedAtMs = clock.nowMs()
    this.killSwitch = new KillSwitch(clock, logger)
    this.control = new EngineControl(this.killSwitch)
    this.controlFile = new ControlFile(config.server.controlFile)
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

  /** Opens nothing more, ends what is open, proves that nothing rests, and closes everything. */
  async stop(): Promise<ShutdownProof> {
    const { config } = this.options
    this.haltFile?.close()
    try {
      return await this.container!.resolve(tokens.engine).stop(config.execution.shutdownTimeoutMs)
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
        { clock, random, logger },
        this.venues?.address(exchange),
      ),
    )
    for (const plugin of config.plugins) await this.exchanges.loadPlugin(plugin)
    this.journal = await openJournal(config, clock)
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
    const address = await this.startServer()
    this.haltFile = createHaltFile(config, killSwitch, clock)
    this.haltFile.start()
    const accounts = createAccounts(config, exchanges, clock)
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
    return { address, recovery: await container.resolve(tokens.engine).start() }
  }

  private async startServer(): Promise<string | undefined> {
    const { config, logger } = this.options
    if (!config.server.enabled) return undefined
    const { host, port } = config.server
    const made = config.server.token === undefined ? randomBytes(tokenBytes).toString('base64url') : undefined
    const token = made ?? config.server.token!.reveal()
    this.server = new EngineServer({
      host,
      port,
      token,
      snapshot: () => this.status(),
      control: this.control,
      logger,
    })
    const address = await this.server.start()
    try {
      await this.controlFile.write({ address, pid: process.pid, ...(made !== undefined && { token: made }) })
    } catch (error) {
      const { message } = toCexArbitrageException(error, { doing: 'writing server.controlFile' })
      logger.warn({ path: config.server.controlFile, message }, 'arb halt, resume and status will not find this engine')
    }
    return address
  }

  private async release(): Promise<void> {
    this.haltFile?.close()
    const steps = [
      () => this.controlFile.remove(),
      () => this.server?.close(),
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
