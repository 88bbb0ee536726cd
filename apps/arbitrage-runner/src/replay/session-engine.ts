import { createHash } from 'node:crypto'
import { SeededRandom, type Clock, type Logger } from '@cex-arbitrage/common'
import { getEnabledExchanges, type EngineConfig } from '@cex-arbitrage/config'
import type { ExchangeNetwork, FactoryManager } from '@cex-arbitrage/exchanges'
import {
  HashingJournal,
  KillSwitch,
  MemoryJournal,
  type EngineStatus,
  type ExecutionRecord,
  type ShutdownProof,
  type TradeOutcome,
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
  readonly network: ExchangeNetwork
  readonly logger: Logger
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

  constructor(private readonly options: SessionEngineOptions) {
    const { config, clock, seed, network, logger } = options
    const random = new SeededRandom(seed)
    const enabled = getEnabledExchanges(config.exchanges)
    this.exchanges = createFactoryManager((exchange) => ({
      ...createExchangeContext(exchange, enabled.get(exchange)!, { clock, random, logger }, undefined),
      network,
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
    const venues = await connectVenues(config, getEnabledExchanges(config.exchanges), { exchanges, accounts }, logger)
    container.register(tokens.venues, { useValue: venues })
    // A later outcome of the same trade replaces the earlier one.
    container.resolve(tokens.executor).onOutcome((outcome) => void this.outcomes.set(outcome.correlationId, outcome))
    await container.resolve(tokens.engine).start()
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

  close(): Promise<void> {
    return this.exchanges.close()
  }
}
