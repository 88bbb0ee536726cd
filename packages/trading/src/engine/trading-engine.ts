import { toCexArbitrageException, usPerMs, type Clock, type Logger } from '@cex-arbitrage/common'
import type { MarketChangeListener } from '../market-data/market-board.js'
import type { RiskApproval } from '../risk/risk-gate.js'
import { refuse, type RiskRefusal } from '../risk/risk-refusal.js'
import { WhyNotCounters } from '../risk/why-not.js'
import type { Strategy } from '../strategies/strategy.js'
import type { RecoveryReport, ShutdownProof, TradeExecutor } from '../types/trade-executor.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { TradingVenue } from '../types/trading-venue.js'
import type { EngineStatus } from './engine-status.js'
import type { OpportunityListener } from './opportunity-listener.js'
import { QuoteYielding } from './quote-yielding.js'
import { SymbolClaims } from './symbol-claims.js'
import type { TradingCore } from './trading-core.js'
import { TradeStatistics } from './trade-statistics.js'

export interface TradingEngineOptions {
  readonly maxConcurrentTrades: number
  /** Milliseconds that a strategy lets a symbol rest after the risk gate has refused a plan that a change of it made. */
  readonly refusalRestMs: number
}

export interface TradingEngineDependencies {
  readonly venues: readonly TradingVenue[]
  readonly core: TradingCore
  readonly strategies: readonly Strategy[]
  readonly executor: TradeExecutor
  readonly clock: Clock
  readonly log: Logger
  readonly options: TradingEngineOptions
  readonly opportunities?: OpportunityListener | undefined
}

/** Ended trades that a status shows. */
const shownOutcomes = 20

/**
 * Leads a change of the market through strategy, sizing and risk gate to the executor, in one go and without an await: one
 * trade per symbol at a time, or one strategy's quotes of both sides, and no more than the limit in all. A trade keeps
 * every symbol of its legs busy.
 */
export class TradingEngine implements MarketChangeListener {
  private state: EngineStatus['state'] = 'stopped'
  private readonly whyNot = new WhyNotCounters()
  private readonly statistics = new TradeStatistics()
  private readonly log: Logger
  /** Numbers of the strategies that want to see a slot. */
  private readonly strategiesOf: readonly Int32Array[]
  /** Number of a slot's symbol. */
  private readonly symbolOf: Int32Array
  private readonly slotsOf: readonly (readonly number[])[]
  private readonly claims: SymbolClaims
  private readonly yielding: QuoteYielding
  private readonly crossing: Uint8Array
  private readonly crossingSinceUs: Float64Array
  /** By strategy and symbol. */
  private readonly restsUntilUs: readonly Float64Array[]
  private openTrades = 0
  private opportunities = 0
  private proposals = 0
  private approvals = 0

  constructor(private readonly deps: TradingEngineDependencies) {
    const { strategies, executor } = deps
    const { board } = deps.core
    this.log = deps.log.child({ component: 'trading-engine' })
    const { symbols } = board
    this.slotsOf = symbols.map((symbol) => board.slotsOf(symbol))
    this.symbolOf = new Int32Array(board.instruments.length)
    this.slotsOf.forEach((slots, symbol) => slots.forEach((slot) => (this.symbolOf[slot] = symbol)))
    this.strategiesOf = board.instruments.map((_, slot) =>
      Int32Array.from(strategies.flatMap((strategy, index) => (strategy.slots.includes(slot) ? [index] : []))),
    )
    this.claims = new SymbolClaims(symbols.length)
    this.yielding = new QuoteYielding(symbols.length)
    this.crossing = new Uint8Array(symbols.length)
    this.crossingSinceUs = new Float64Array(symbols.length)
    this.restsUntilUs = strategies.map(() => new Float64Array(symbols.length))
    executor.onOutcome((outcome) => this.onOutcome(outcome))
  }

  /**
   * Subscribes market data, lets the executor settle what an earlier run left, and only then begins to trade.
   *
   * @throws What a feed's `subscribe` or the executor's `recover` throws; the engine is stopped then.
   */
  async start(): Promise<RecoveryReport> {
    const { venues, executor } = this.deps
    const { board, feeds, rules, clockPolling, fundingPolling } = this.deps.core
    this.state = 'starting'
    try {
      clockPolling.start()
      fundingPolling.start()
      await Promise.all(
        venues.map(async ({ exchange, publicExchange, instruments }) => {
          const ids = instruments.map(({ id }) => id)
          feeds.add(exchange, publicExchange.marketData, ids)
          await board.attach(publicExchange.marketData, instruments)
        }),
      )
      const report = await executor.recover()
      rules.start()
      board.setListener(this)
      board.symbols.forEach((_, symbol) => this.watchClosely(symbol))
      this.state = 'running'
      this.log.info({ venues: venues.length, symbols: board.symbols.length }, 'trading engine started')
      return report
    } catch (error) {
      this.close()
      throw error
    }
  }

  /**
   * Opens nothing more from this moment, lets open trades end, cancels what rests, and proves it.
   *
   * @param deadlineMs - Milliseconds for all of it.
   */
  async stop(deadlineMs: number): Promise<ShutdownProof> {
    this.state = 'stopping'
    this.deps.core.halt.halt({ rule: 'shutdown', detail: 'The engine is stopping.' })
    try {
      return await this.deps.executor.shutdown(deadlineMs)
    } finally {
      this.close()
    }
  }

  status(): EngineStatus {
    const { board, halt } = this.deps.core
    return {
      state: this.state,
      halts: halt.causes,
      bookUpdates: board.updates,
      topChanges: board.topChanges,
      opportunities: this.opportunities,
      proposals: this.proposals,
      approvals: this.approvals,
      openTrades: this.openTrades,
      whyNot: this.whyNot.snapshot(),
      trades: this.statistics.countsByEnd(),
      profits: this.statistics.profits(),
      recent: this.statistics.recent(shownOutcomes),
    }
  }

  onMarketChange(slot: number): void {
    if (this.state !== 'running') return
    const strategies = this.strategiesOf[slot]!
    if (strategies.length === 0) return
    const symbol = this.symbolOf[slot]!
    if (this.claims.isQuoted(symbol)) this.deps.executor.reviewQuotes(this.deps.core.board.instruments[slot]!.id)
    const nowUs = this.deps.clock.nowUs()
    let crosses = false
    let isResting = false
    for (let i = 0; i < strategies.length; i++) {
      const strategy = strategies[i]!
      const { quotes } = this.deps.strategies[strategy]!
      if (!this.claims.admits(symbol, strategy) || (quotes === true && this.yielding.isYielding(symbol, nowUs))) {
        isResting = true
        this.whyNot.count('symbol_busy')
        if (quotes !== true) this.askForQuoted(symbol, slot, strategy, nowUs)
        continue
      }
      if (nowUs < this.restsUntilUs[strategy]![symbol]!) {
        isResting = true
        this.whyNot.count('cool_down')
        continue
      }
      const verdict = this.deps.strategies[strategy]!.evaluate(slot)
      if (typeof verdict === 'string') {
        this.whyNot.count(verdict)
        if (verdict !== 'no_edge' && quotes !== true) crosses = true
        continue
      }
      if (quotes !== true) crosses = true
      if (this.propose(verdict, strategy)) break
      this.restsUntilUs[strategy]![symbol] = nowUs + this.deps.options.refusalRestMs * usPerMs
    }
    // What a resting strategy would have seen is not known.
    if (isResting && !crosses) return
    if (crosses !== (this.crossing[symbol] === 1)) this.setCrossing(symbol, crosses)
  }

  /** Has quotes pulled from a symbol where this strategy would trade now; it does so once they are gone. */
  private askForQuoted(symbol: number, slot: number, strategy: number, nowUs: number): void {
    if (!this.claims.isQuoted(symbol) || !this.yielding.mayAsk(symbol, nowUs)) return
    if (nowUs < this.restsUntilUs[strategy]![symbol]!) return
    if (typeof this.deps.strategies[strategy]!.evaluate(slot) === 'string') return
    this.yielding.ask(symbol, nowUs)
    for (const quoted of this.slotsOf[symbol]!)
      this.deps.executor.pullQuotes(this.deps.core.board.instruments[quoted]!.id)
  }

  private setCrossing(symbol: number, crosses: boolean): void {
    this.crossing[symbol] = crosses ? 1 : 0
    const nowUs = this.deps.clock.nowUs()
    if (crosses) {
      this.opportunities++
      this.crossingSinceUs[symbol] = nowUs
    } else {
      const name = this.deps.core.board.symbols[symbol]!
      this.deps.opportunities?.onCrossingEnd(name, nowUs - this.crossingSinceUs[symbol]!)
    }
    this.watchClosely(symbol)
  }

  /** Deeper levels matter while quotes cross, and always to what it would cost to hedge a quote of ours. */
  private watchClosely(symbol: number): void {
    const { core, strategies } = this.deps
    for (const slot of this.slotsOf[symbol]!) {
      const isQuoted = this.strategiesOf[slot]!.some((strategy) => strategies[strategy]!.quotes === true)
      core.board.watchClosely(slot, isQuoted || this.crossing[symbol] === 1)
    }
  }

  /** @returns whether the plan is being executed. */
  private propose(plan: TradePlan, strategy: number): boolean {
    this.proposals++
    const decision = this.decide(plan, strategy)
    if ('cause' in decision) {
      this.whyNot.count(decision.cause)
      this.deps.opportunities?.onProposal(plan, decision.cause)
      this.log.debug({ correlationId: plan.correlationId, ...decision }, 'plan refused')
      return false
    }
    this.approvals++
    void this.execute(decision, strategy)
    this.deps.opportunities?.onProposal(plan, 'approved')
    return true
  }

  private decide(plan: TradePlan, strategy: number): RiskApproval | RiskRefusal {
    for (const symbol of this.symbolsOf(plan))
      if (!this.claims.admits(symbol, strategy))
        return refuse('symbol_busy', `Another trade moves ${this.deps.core.board.symbols[symbol]}.`)
    if (this.openTrades >= this.deps.options.maxConcurrentTrades)
      return refuse('engine_busy', `${this.openTrades} trades are under way.`)
    return this.deps.core.gate.approveTrade(plan)
  }

  private symbolsOf({ legs }: TradePlan): readonly number[] {
    return legs.map(({ instrument }) => this.symbolOf[this.deps.core.board.slotOf(instrument.id)!]!)
  }

  private async execute(approval: RiskApproval, strategy: number): Promise<void> {
    const { plan } = approval
    const { correlationId } = plan
    const symbols = this.symbolsOf(plan)
    this.claims.take(symbols, strategy, plan.quote !== undefined)
    this.openTrades++
    this.deps.strategies[strategy]!.onStarted?.(plan)
    try {
      await this.deps.executor.execute(plan)
    } catch (error) {
      const exception = toCexArbitrageException(error, { doing: 'executing a trade', correlationId })
      this.log.error({ correlationId, error: exception.toJSON() }, 'trade execution failed')
      this.deps.core.halt.halt({ rule: 'invariant', detail: exception.message, correlationId })
    } finally {
      approval.release()
      this.openTrades--
      this.claims.release(symbols)
      this.deps.strategies[strategy]!.onEnded?.(plan)
    }
  }

  private onOutcome(outcome: TradeOutcome): void {
    this.statistics.record(outcome)
    this.deps.strategies.find(({ name }) => name === outcome.strategy)?.onOutcome?.(outcome)
    this.deps.core.rules.check()
  }

  private close(): void {
    const { board, rules, clockPolling, fundingPolling } = this.deps.core
    this.state = 'stopped'
    board.setListener(undefined)
    board.detach()
    rules.close()
    clockPolling.close()
    fundingPolling.close()
  }
}
