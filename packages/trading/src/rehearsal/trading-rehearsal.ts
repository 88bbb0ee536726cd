import {
  Decimal,
  UniqueIdSource,
  silentLogger,
  usPerMs,
  type Clock,
  type Instrument,
  type Random,
  type Timer,
} from '@cex-arbitrage/common'
import type { RehearsalOrders } from '@cex-arbitrage/exchanges'
import { createTradingCore } from '../engine/trading-core.js'
import { TradingEngine } from '../engine/trading-engine.js'
import { createTradeExecutor } from '../execution/create-trade-executor.js'
import { Portfolio } from '../portfolio/portfolio.js'
import { KillSwitch } from '../risk/kill-switch.js'
import { SpotSpotStrategy } from '../strategies/spot-spot.js'
import type { RehearsalJournal } from './rehearsal-journal.js'
import {
  createRehearsalStrategyOptions,
  createRehearsalTerms,
  rehearsalExecution,
  rehearsalLimits,
  type RehearsalTerms,
} from './rehearsal-terms.js'
import { RehearsalVenue } from './rehearsal-venue.js'

export interface TradingRehearsalOptions {
  /** One symbol on two exchanges, and the way of an order on each. */
  readonly legs: readonly [RehearsalLeg, RehearsalLeg]
  readonly journal: RehearsalJournal
  readonly clock: Clock
  readonly random: Random
}

export interface RehearsalLeg {
  readonly instrument: Instrument
  readonly orders: RehearsalOrders
}

const idPrefix = 'warm-'
/** How far one book is put below the other. */
const cheaper = Decimal.of(99, 2)

/**
 * Trades that end within the process: books, strategy, sizing, risk gate, executor, journal encoding, order mapping,
 * signing and the lane, all of the classes that trade for real and none of their objects. A path that was walked a moment
 * ago is several times quicker than one that the machine has forgotten.
 */
export class TradingRehearsal {
  /** Trades that came to their end. */
  rounds = 0
  private isUnderWay = false
  private isApproved = false
  private isOver = false
  private timer: Timer | undefined
  private onEnd: (() => void) | undefined

  private engine: TradingEngine | undefined

  private constructor(
    private readonly clock: Clock,
    private readonly terms: RehearsalTerms,
    private readonly venues: readonly [RehearsalVenue, RehearsalVenue],
  ) {}

  static async create({ legs, journal, clock, random }: TradingRehearsalOptions): Promise<TradingRehearsal> {
    const venues = legs.map(({ instrument, orders }) => new RehearsalVenue(instrument, orders, clock)) as [
      RehearsalVenue,
      RehearsalVenue,
    ]
    const terms = createRehearsalTerms([legs[0].instrument, legs[1].instrument])
    const log = silentLogger
    const portfolio = new Portfolio(clock)
    const halt = new KillSwitch(clock, log)
    const ids = new UniqueIdSource(idPrefix, clock, random)
    const core = createTradingCore({
      venues,
      account: portfolio,
      halt,
      clock,
      log,
      limits: rehearsalLimits,
      reportingAsset: legs[0].instrument.quote,
      serverTimeIntervalMs: 3_600_000,
    })
    const strategy = new SpotSpotStrategy({
      board: core.board,
      account: portfolio,
      clock,
      ids,
      options: createRehearsalStrategyOptions(terms),
    })
    const executor = createTradeExecutor({
      venues,
      portfolio,
      journal,
      approver: core.gate,
      quotes: core.quotes,
      halt,
      clock,
      random,
      ids,
      idPrefix,
      settings: rehearsalExecution,
    })
    const rehearsal = new TradingRehearsal(clock, terms, venues)
    executor.onOutcome(({ end }) => rehearsal.onOutcome(end === 'completed'))
    rehearsal.engine = new TradingEngine({
      venues,
      core,
      strategies: [strategy],
      executor,
      clock,
      log,
      opportunities: {
        onProposal: (_, verdict) => (rehearsal.isApproved = verdict === 'approved'),
        onCrossingEnd: () => undefined,
      },
      options: { maxConcurrentTrades: 1, refusalRestMs: 0 },
    })
    await rehearsal.engine.start()
    return rehearsal
  }

  /** Whether it goes on: a trade that does not come to its end as planned is the last one. */
  get isSound(): boolean {
    return !this.isOver
  }

  /** One trade from a frame to its end. Resolves without one when another is under way or one has failed. */
  async rehearse(): Promise<void> {
    if (this.isUnderWay || this.isOver) return
    this.isUnderWay = true
    const ended = new Promise<void>((resolve) => (this.onEnd = resolve))
    const [cheap, dear] = this.rounds % 2 === 0 ? this.venues : [this.venues[1], this.venues[0]]
    const { price, quantity } = this.terms
    this.isApproved = false
    dear.feed.quote(price, quantity)
    cheap.feed.quote(price.times(cheaper), quantity)
    if (!this.isApproved) return this.end()
    await ended
    cheap.feed.quote(price, quantity)
    this.isUnderWay = false
  }

  /** Rehearses for so long, letting the process do other things between any two. */
  async warmUp(budgetMs: number): Promise<void> {
    const untilUs = this.clock.nowUs() + budgetMs * usPerMs
    while (!this.isOver && this.clock.nowUs() < untilUs) await this.rehearse()
  }

  /** Rehearses at an interval from now on, where `isIdle` says that nothing better is to be done. */
  keepWarm(intervalMs: number, isIdle: () => boolean): void {
    this.timer = this.clock.setTimer(() => {
      this.keepWarm(intervalMs, isIdle)
      if (isIdle()) void this.rehearse()
    }, intervalMs)
  }

  async close(): Promise<void> {
    this.end()
    await this.engine?.stop(0).catch(() => undefined)
    await Promise.all(this.venues.map((venue) => venue.close()))
  }

  private onOutcome(isCompleted: boolean): void {
    if (isCompleted) this.rounds++
    else this.end()
    // The engine takes the symbol's next trade once it has done with this one.
    setImmediate(() => this.onEnd?.())
  }

  private end(): void {
    this.isOver = true
    this.timer?.cancel()
  }
}
