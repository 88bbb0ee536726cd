import { createHash } from 'node:crypto'
import { SeededRandom, type Clock, type Logger } from '@cex-arbitrage/common'
import { getEnabledExchanges, type EngineConfig } from '@cex-arbitrage/config'
import type {
  ExchangeNetwork,
  FactoryManager,
  FeedHealth,
  PrivateExchange,
  PublicExchange,
} from '@cex-arbitrage/exchanges'
import {
  HashingJournal,
  KillSwitch,
  MemoryJournal,
  OpportunityMeter,
  type EngineStatus,
  type ExecutionRecord,
  type OpportunitySpell,
  type ShutdownProof,
  type TradeOutcome,
  type TradingVenue,
} from '@cex-arbitrage/trading'
import type { DependencyContainer } from 'tsyringe'
import { createAccounts } from '../composition/accounts.js'
import { createFactoryManager } from '../composition/built-in-exchanges.js'
import { connectVenues } from '../composition/connect-venues.js'
import { createEngineContainer } from '../composition/container.js'
import { createExchangeContext } from '../composition/exchange-contexts.js'
import { tokens } from '../composition/tokens.js'

export interface SessionEngineOptions {
  /** With accounts on paper. */
  readonly config: EngineConfig
  readonly clock: Clock
  /** Of everything that the engine draws. */
  readonly seed: number
  readonly network?: ExchangeNetwork
  readonly logger: Logger
  /** Makes the venues itself; without it the configured exchanges are asked over the network. */
  readonly createVenues?: (accounts: (exchange: PublicExchange) => PrivateExchange) => readonly TradingVenue[]
}

/** What a run has decided. */
export interface Decisions {
  /**
   * SHA-256 over every record of the journal (plans, intents, evidence, fills, postings, ends, halts) and every counter of
   * the engine (book events, changes of a best quote, first causes of every refusal). Equal runs have equal ones.
   */
  readonly decisionHash: string
  readonly status: EngineStatus
  readonly records: readonly ExecutionRecord[]
  readonly outcomes: readonly TradeOutcome[]
}

/** What was seen of the market besides. */
export interface Observations {
  readonly spells: readonly OpportunitySpell[]
  /** Whole basis points of net edge, and how often the best direction showed them. */
  readonly histogram: readonly (readonly [bps: number, count: number])[]
  readonly venues: readonly { readonly exchange: string; readonly health: FeedHealth }[]
}

/**
 * The engine as `arb run` composes it, on a given clock and network, with accounts on paper and a journal in memory:
 * nothing but events of the network and timers of the clock moves it.
 */
export class SessionEngine {
  private readonly exchanges: FactoryManager
  private readonly memory = new MemoryJournal()
  private readonly journal = new HashingJournal(this.memory)
  private readonly container: DependencyContainer
  private readonly outcomes = new Map<string, TradeOutcome>()
  private meter: OpportunityMeter | undefined
  private seenRecords = 0

  constructor(private readonly options: SessionEngineOptions) {
    const { config, clock, seed, network, logger } = options
    const random = new SeededRandom(seed)
    // Of its own, so that what trading draws does not change what connections do.
    const connectionRandom = random.fork('connections')
    const enabled = getEnabledExchanges(config.exchanges)
    this.exchanges = createFactoryManager((exchange) => ({
      ...createExchangeContext(
        exchange,
        enabled.get(exchange)!,
        { clock, random: connectionRandom, logger, network: config.network },
        undefined,
      ),
      ...(network && { network }),
    }))
    this.container = createEngineContainer({
      config,
      clock,
      random,
      logger,
      exchanges: this.exchanges,
      killSwitch: new KillSwitch(clock, logger),
      journal: { journal: this.journal, fencingToken: 0 },
    })
  }

  /** Loads the plug-ins, before anything is to be repeatable. */
  async loadPlugins(): Promise<void> {
    for (const plugin of this.options.config.plugins) await this.exchanges.loadPlugin(plugin)
  }

  /** Connects and begins to trade. @throws What connecting throws. */
  async start(): Promise<void> {
    const { config, clock, logger } = this.options
    const { exchanges, container } = this
    const accounts = createAccounts(config, exchanges, clock)
    const venues =
      this.options.createVenues?.(accounts) ??
      (await connectVenues(config, getEnabledExchanges(config.exchanges), { exchanges, accounts }, logger))
    container.register(tokens.venues, { useValue: venues })
    // A later outcome of the same trade replaces the earlier one.
    container.resolve(tokens.executor).onOutcome((outcome) => void this.outcomes.set(outcome.correlationId, outcome))
    await container.resolve(tokens.engine).start()
    this.meter = new OpportunityMeter(container.resolve(tokens.core).board, clock)
    for (const { publicExchange } of venues) publicExchange.marketData.addListener(this.meter)
  }

  /** Whether a trade is under way, so that promises wait to go on. */
  get isBusy(): boolean {
    const { length } = this.memory.records
    const isBusy = length !== this.seenRecords || this.container.resolve(tokens.portfolio).openTrades() > 0
    this.seenRecords = length
    return isBusy
  }

  /** Ends open trades; decisions are complete then. */
  stop(): Promise<ShutdownProof> {
    return this.container.resolve(tokens.engine).stop(this.options.config.execution.shutdownTimeoutMs)
  }

  status(): EngineStatus | undefined {
    return this.container.isRegistered(tokens.venues) ? this.container.resolve(tokens.engine).status() : undefined
  }

  decisions(): Decisions {
    const status = this.container.resolve(tokens.engine).status()
    const { bookUpdates, topChanges, opportunities, proposals, approvals, whyNot, trades } = status
    const counters = JSON.stringify({ bookUpdates, topChanges, opportunities, proposals, approvals, whyNot, trades })
    const decisionHash = createHash('sha256').update(this.journal.hash).update(counters).digest('hex')
    return { decisionHash, status, records: this.memory.records, outcomes: [...this.outcomes.values()] }
  }

  /** How large edges were and how long they lasted, and how the feeds fared. */
  observations(): Observations {
    this.meter?.finish()
    return {
      spells: this.meter?.spells ?? [],
      histogram: [...(this.meter?.histogram ?? [])].toSorted(([a], [b]) => a - b),
      venues: this.container.resolve(tokens.venues).map(({ exchange, publicExchange }) => ({
        exchange,
        health: publicExchange.marketData.health,
      })),
    }
  }

  close(): Promise<void> {
    return this.exchanges.close()
  }
}
