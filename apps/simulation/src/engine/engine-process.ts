import {
  SeededRandom,
  UniqueIdSource,
  createAssetId,
  silentLogger,
  type Clock,
  type Logger,
} from '@cex-arbitrage/common'
import type { FactoryManager } from '@cex-arbitrage/exchanges'
import {
  KillSwitch,
  MemoryJournal,
  Portfolio,
  TradingEngine,
  createTradeExecutor,
  createTradingCore,
  quoteDistrust,
  type HaltCause,
  type JournaledTradeExecutor,
  type MarketBoard,
  type RecoveryReport,
  type ShutdownProof,
  type TradeOutcome,
} from '@cex-arbitrage/trading'
import type { Top } from '../oracle/recent-tops.js'
import { VirtualNetwork } from '../virtual/virtual-network.js'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { connectVenues, createExchanges } from './connect-venues.js'
import { createStrategies, type SimulatedStrategy } from './create-strategy.js'
import { checkpointAfterRecords, executionSettings, riskLimits } from './engine-settings.js'

export const idPrefix = 'arb-'

export interface ProcessOptions {
  readonly world: SimulatedWorld
  readonly clock: Clock
  readonly seed: number
  readonly strategy: SimulatedStrategy
  /** Counts the processes of a run from 0. */
  readonly session: number
  readonly oneWayMs: number
  /** What earlier processes have journaled. */
  readonly earlier: Pick<MemoryJournal, 'records' | 'lastCheckpoint'> | undefined
  /** It dies at the journal write after so many; never when absent. */
  readonly killAfter?: number | undefined
  /** Its disk is full after so many journal writes. */
  readonly failAfter?: number | undefined
  /** By how much the wall clock of its machine is ahead of the world's now. */
  readonly wallOffsetMs: () => number
  readonly logger?: Logger
}

/** One process of the engine: the real one from connectors to journal, which can die at any journal write. */
export class EngineProcess {
  readonly journal: MemoryJournal
  readonly portfolio: Portfolio
  readonly outcomes: TradeOutcome[] = []
  private readonly killSwitch: KillSwitch
  private readonly clock: Clock
  private readonly network: VirtualNetwork
  private readonly exchanges: FactoryManager
  private readonly random: SeededRandom
  private readonly logger: Logger
  private executor: JournaledTradeExecutor | undefined
  private engine: TradingEngine | undefined
  private board: MarketBoard | undefined

  constructor(private readonly options: ProcessOptions) {
    const { world, clock, seed, session, earlier, killAfter, oneWayMs } = options
    this.logger = options.logger ?? silentLogger
    this.journal = new MemoryJournal({
      records: earlier?.records ?? [],
      checkpoint: earlier?.lastCheckpoint,
      ...(killAfter !== undefined && { killAfter }),
      ...(options.failAfter !== undefined && { failAfter: options.failAfter }),
    })
    this.clock = {
      nowMs: () => clock.nowMs() + options.wallOffsetMs(),
      nowUs: () => clock.nowUs(),
      setTimer: (callback, delayMs) =>
        this.isDead
          ? { cancel: () => undefined }
          : clock.setTimer(() => (this.isDead ? undefined : callback()), delayMs),
    }
    this.random = new SeededRandom(seed).fork(`process ${session}`)
    this.network = new VirtualNetwork({ clock, venues: world.hosts, oneWayMs, isDead: () => this.isDead })
    this.exchanges = createExchanges({
      clock: this.clock,
      random: this.random,
      logger: this.logger,
      network: this.network,
      addresses: world.addresses,
    })
    this.portfolio = new Portfolio(this.clock)
    this.killSwitch = new KillSwitch(this.clock, this.logger)
  }

  get isDead(): boolean {
    return this.journal.killed
  }

  get halts(): readonly HaltCause[] {
    return this.killSwitch.causes
  }

  /** SHA-256 over the records of this process. */
  get journalHash(): string {
    return this.executor?.journalHash ?? ''
  }

  /** Connects, settles what is left from before, and begins to trade. Never resolves when it dies meanwhile. */
  async start(): Promise<RecoveryReport> {
    const { clock, random, logger, portfolio, killSwitch } = this
    const venues = await connectVenues(this.exchanges)
    const core = createTradingCore({
      venues,
      account: portfolio,
      halt: killSwitch,
      clock,
      log: logger,
      limits: riskLimits,
      reportingAsset: createAssetId('USDT'),
      serverTimeIntervalMs: 5_000,
    })
    this.board = core.board
    const ids = new UniqueIdSource(idPrefix, clock, random)
    this.executor = createTradeExecutor({
      venues,
      portfolio,
      journal: this.journal,
      fencingToken: this.options.session,
      approver: core.gate,
      quotes: core.quotes,
      halt: killSwitch,
      clock,
      random,
      ids,
      idPrefix,
      logger,
      settings: executionSettings,
      checkpointAfterRecords,
    })
    this.executor.onOutcome((outcome) => void this.outcomes.push(outcome))
    this.engine = new TradingEngine({
      venues,
      core,
      strategies: createStrategies(this.options.strategy, { board: core.board, account: portfolio, clock, ids }),
      executor: this.executor,
      clock,
      log: logger,
      options: { maxConcurrentTrades: riskLimits.maxOpenTrades, refusalRestMs: 20 },
    })
    return this.engine.start()
  }

  /** Best prices of every book that the engine would quote from now, by exchange and symbol. */
  quotedTops(): ReadonlyMap<string, Top> {
    const tops = new Map<string, Top>()
    this.board?.instruments.forEach(({ exchange, symbol, tickSize }, slot) => {
      const book = this.board!.bookAt(slot)
      if (book === undefined) return
      if (quoteDistrust(book, this.clock.nowUs(), riskLimits.maxQuoteAgeUs) !== undefined) return
      const tick = tickSize.toNumber()
      const top = { bid: book.bids.priceTicksAt(0) * tick, ask: book.asks.priceTicksAt(0) * tick }
      tops.set(`${exchange} ${symbol}`, top)
    })
    return tops
  }

  async stop(deadlineMs: number): Promise<ShutdownProof> {
    const proof = await this.engine!.stop(deadlineMs)
    await this.exchanges.close()
    return proof
  }

  /** Dies now, or does what is left to do after it died at a journal write. */
  kill(): void {
    this.journal.kill()
    this.network.cut()
  }
}
