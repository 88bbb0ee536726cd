import { toCexArbitrageException, usPerMs, type Clock, type Logger } from '@cex-arbitrage/common'
import type { MarketChangeListener } from '../market-data/market-board.js'
import type { RiskApproval } from '../risk/risk-gate.js'
import { WhyNotCounters } from '../risk/why-not.js'
import type { Strategy } from '../strategies/strategy.js'
import type { RecoveryReport, ShutdownProof, TradeExecutor } from '../types/trade-executor.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { TradingVenue } from '../types/trading-venue.js'
import type { EngineStatus } from './engine-status.js'
import type { OpportunityListener } from './opportunity-listener.js'
import type { TradingCore } from './trading-core.js'
import { TradeStatistics } from './trade-statistics.js'

export interface TradingEngineOptions {
  readonly maxConcurrentTrades: number
  /** Milliseconds that a symbol rests after the risk gate has refused a plan of it. */
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
 * trade per symbol at a time, and no more than the limit in all.
 */
export class TradingEngine implements MarketChangeListener {
  private state: EngineStatus['state'] = 'stopped'
  private readonly whyNot = new WhyNotCounters()
  private readonly statistics = new TradeStatistics()
  private readonly log: Logger
  private readonly strategiesOf: readonly (readonly Strategy[])[]
  /** Number of a slot's symbol. */
  private readonly symbolOf: Int32Array
  private readonly slotsOf: readonly (readonly number[])[]
  private readonly busy: Uint8Array
  private readonly crossing: Uint8Array
  private readonly crossingSinceUs: Float64Array
  private readonly restsUntilUs: Float64Array
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
      strategies.filter((strategy) => strategy.slots.includes(slot)),
    )
    this.busy = new Uint8Array(symbols.length)
    this.crossing = new Uint8Array(symbols.length)
    this.crossingSinceUs = new Float64Array(symbols.length)
    this.restsUntilUs = new Float64Array(symbols.length)
    executor.onOutcome((outcome) => this.onOutcome(outcome))
  }

  /**
   * Subscribes market data, lets the executor settle what an earlier run left, and only then begins to trade.
   *
   * @throws What a feed's `subscribe` or the executor's `recover` throws; the engine is stopped then.
   */
  async start(): Promise<RecoveryReport> {
    const { venues, executor } = this.deps
    const { board, feeds, rules, clockPolling } = this.deps.core
    this.state = 'starting'
    try {
      clockPolling.start()
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
    if (this.busy[symbol] === 1) return this.whyNot.count('symbol_busy')
    if (this.deps.clock.nowUs() < this.restsUntilUs[symbol]!) return this.whyNot.count('cool_down')
    let crosses = false
    for (let i = 0; i < strategies.length; i++) {
      const verdict = strategies[i]!.evaluate(slot)
      if (typeof verdict === 'string') {
        this.whyNot.count(verdict)
        if (verdict !== 'no_edge') crosses = true
        continue
      }
      crosses = true
      this.propose(verdict, symbol)
      break
    }
    if (crosses !== (this.crossing[symbol] === 1)) this.setCrossing(symbol, crosses)
  }

  /** While quotes cross, deeper levels matter too, so every change of these books is let through. */
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
    for (const slot of this.slotsOf[symbol]!) this.deps.core.board.watchClosely(slot, crosses)
  }

  private propose(plan: TradePlan, symbol: number): void {
    this.proposals++
    const { opportunities, options } = this.deps
    if (this.openTrades >= options.maxConcurrentTrades) {
      this.whyNot.count('engine_busy')
      opportunities?.onProposal(plan, 'engine_busy')
      return
    }
    const decision = this.deps.core.gate.approveTrade(plan)
    if ('cause' in decision) {
      this.whyNot.count(decision.cause)
      opportunities?.onProposal(plan, decision.cause)
      this.restsUntilUs[symbol] = this.deps.clock.nowUs() + options.refusalRestMs * usPerMs
      this.log.debug({ correlationId: plan.correlationId, ...decision }, 'plan refused')
      return
    }
    this.approvals++
    opportunities?.onProposal(plan, 'approved')
    void this.execute(decision, symbol)
  }

  private async execute(approval: RiskApproval, symbol: number): Promise<void> {
    const { correlationId } = approval.plan
    this.busy[symbol] = 1
    this.openTrades++
    try {
      await this.deps.executor.execute(approval.plan)
    } catch (error) {
      const exception = toCexArbitrageException(error, { doing: 'executing a trade', correlationId })
      this.log.error({ correlationId, error: exception.toJSON() }, 'trade execution failed')
      this.deps.core.halt.halt({ rule: 'invariant', detail: exception.message, correlationId })
    } finally {
      approval.release()
      this.openTrades--
      this.busy[symbol] = 0
    }
  }

  private onOutcome(outcome: TradeOutcome): void {
    this.statistics.record(outcome)
    this.deps.strategies.find(({ name }) => name === outcome.strategy)?.onOutcome?.(outcome)
    this.deps.core.rules.check()
  }

  private close(): void {
    const { board, rules, clockPolling } = this.deps.core
    this.state = 'stopped'
    board.setListener(undefined)
    board.detach()
    rules.close()
    clockPolling.close()
  }
}
