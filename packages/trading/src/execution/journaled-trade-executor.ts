import {
  InvariantBrokenException,
  ShuttingDownException,
  toCexArbitrageException,
  usPerMs,
  type CexArbitrageException,
  type ClientOrderId,
  type InstrumentId,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { exchangeOf, type AccountId } from '../types/account-id.js'
import type { RecoveryReport, ShutdownProof, TradeExecutor } from '../types/trade-executor.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import { ordersOf, type TradePlan } from '../types/trade-plan.js'
import { AccountAudit, mapDifferenceToText } from './account-audit.js'
import { AccountHub } from './account-hub.js'
import { DeadManSwitch } from './dead-man-switch.js'
import { EndedTrades } from './ended-trades.js'
import type { ExecutionContext } from './execution-context.js'
import type { ExecutionSettings } from './execution-settings.js'
import type { HashingJournal } from './hashing-journal.js'
import { JournalReplay } from './journal-replay.js'
import { LedgerPostings } from './ledger-postings.js'
import { orphansCorrelationId } from './orphan-fills.js'
import { OrderSweeper } from './order-sweeper.js'
import { retryWithin } from './retry-within.js'
import { TradeRun } from './trade-run.js'
import { withTimeout } from './timeout.js'

type Phase = 'new' | 'recovering' | 'ready' | 'closing' | 'closed'

/** Executes trades with a journal under it: see `TradeExecutor` for what it promises. */
export class JournaledTradeExecutor implements TradeExecutor {
  /** Postings that are no fills: transfers, funding, settlements. */
  readonly postings: LedgerPostings
  private phase: Phase = 'new'
  private readonly hub: AccountHub
  private readonly sweeper: OrderSweeper
  private readonly audit: AccountAudit
  private readonly deadManSwitch: DeadManSwitch
  private readonly running = new Set<Promise<TradeOutcome>>()
  /** Quotes under way, with the instruments whose books they depend on. */
  private readonly quotes = new Map<TradeRun, ReadonlySet<InstrumentId>>()
  private readonly ended: EndedTrades
  private readonly listeners: ((outcome: TradeOutcome) => void)[] = []

  constructor(
    private readonly context: ExecutionContext & { readonly journal: HashingJournal },
    private readonly fencingToken: number,
  ) {
    const { venues, portfolio, journal, halt, clock, logger, settings } = context
    this.postings = new LedgerPostings(portfolio, journal, clock)
    this.hub = new AccountHub(context)
    this.sweeper = new OrderSweeper(context)
    this.ended = new EndedTrades(context)
    this.deadManSwitch = new DeadManSwitch(venues.venues, settings.deadManSwitchMs, clock, logger)
    this.audit = new AccountAudit(context, this.hub, this.postings)
    halt.onResume((rule) => {
      if (rule === 'residual') this.acceptResiduals()
    })
    halt.onHalt(({ rule, detail, asset, correlationId }) =>
      journal.enqueue({
        kind: 'halt',
        atMs: clock.nowMs(),
        rule,
        detail,
        asset: asset ?? null,
        correlationId: correlationId ?? null,
      }),
    )
    halt.onHalt(() => {
      for (const run of this.quotes.keys()) run.review()
    })
  }

  /** SHA-256 over the records of this session: equal for equal inputs on equal clocks. */
  get journalHash(): string {
    return this.context.journal.hash
  }

  /**
   * Takes other settings while running. A trade keeps its own leg order, bounds and repair budget to its end; waits and
   * questions follow the new ones at once. The countdown of the dead-man switch and what happens at start stay.
   */
  applySettings(settings: ExecutionSettings): void {
    Object.assign(this.context.settings, settings)
  }

  /**
   * @throws {@link InvariantBrokenException} `recover` has not been awaited.
   * @throws {@link ShuttingDownException} `shutdown` has been called.
   */
  async execute(plan: RiskApproved<TradePlan>): Promise<TradeOutcome> {
    const { correlationId } = plan
    if (this.phase === 'closing' || this.phase === 'closed')
      throw new ShuttingDownException({ correlationId, message: 'The executor is shutting down. Nothing was sent.' })
    if (this.phase !== 'ready')
      throw new InvariantBrokenException({
        correlationId,
        message: 'A trade before recover() has ended. Nothing was sent; await it first.',
      })
    const run = this.createRun(plan)
    if (plan.quote !== undefined) this.quotes.set(run, new Set(ordersOf(plan).map(({ instrument }) => instrument.id)))
    try {
      return await this.see(run, run.run(plan))
    } finally {
      this.quotes.delete(run)
    }
  }

  pullQuotes(instrumentId: InstrumentId): void {
    for (const [run, watched] of this.quotes) if (watched.has(instrumentId)) run.giveWay()
  }

  reviewQuotes(instrumentId: InstrumentId): void {
    for (const [run, watched] of this.quotes) if (watched.has(instrumentId)) run.review()
  }

  /**
   * Reads the journal, cancels what rests, sees open trades through and compares ledger and balances.
   *
   * @throws {@link CexArbitrageException} The journal cannot be read, or an exchange cannot be reached: do not trade.
   */
  async recover(): Promise<RecoveryReport> {
    const { journal, desk, clock, portfolio, venues } = this.context
    if (this.phase !== 'new') throw new InvariantBrokenException({ message: 'recover() is to be called once, first.' })
    this.phase = 'recovering'
    const replay = new JournalReplay(desk, portfolio, venues)
    for await (const record of journal.replay()) replay.take(record)
    desk.orphans.tell()
    // All are made before the streams open, so that nothing late is missed.
    const remembered = replay.remembered().map(({ plan, earlier }) => ({ run: this.createRun(plan, earlier), earlier }))
    const adopted = desk.unsettled().length
    await journal.append({ kind: 'session_start', atMs: clock.nowMs(), fencingToken: this.fencingToken })
    const cancelled = await this.reachExchanges(replay).catch((error: unknown) => {
      // Nobody works on them until a start succeeds.
      for (const { run, earlier } of remembered) if (!earlier.ended) run.nameOpen()
      throw error
    })
    const hedged: ClientOrderId[] = []
    for (const { run, earlier } of remembered) {
      const before = new Set(earlier.repairs)
      if (earlier.ended) this.ended.watch(run)
      else await this.see(run, run.resume())
      for (const tracked of run.tracked)
        if (tracked.leg.role !== 'leg' && !before.has(tracked)) hedged.push(tracked.leg.request.clientOrderId)
    }
    const unresolved = desk.unsettled().map(({ leg }) => leg.request.clientOrderId)
    await this.audit.compareAtStart(replay)
    this.audit.start()
    this.deadManSwitch.start()
    await journal.flush()
    this.phase = 'ready'
    return { adopted, cancelled, hedged, unresolved }
  }

  /** Opens the streams, cancels what rests and opens the ledgers; answers what was cancelled. */
  private async reachExchanges(replay: JournalReplay): Promise<readonly ClientOrderId[]> {
    await this.hub.open()
    const cancelled = await this.sweeper.sweep(this.context.settings.reconcileDeadlineMs)
    await this.hub.setLeverages(this.context.settings.reconcileDeadlineMs)
    await this.audit.open(replay)
    return cancelled
  }

  /** @throws {@link CexArbitrageException} An exchange could not be asked; everything is closed, nothing is proven there. */
  async shutdown(deadlineMs: number): Promise<ShutdownProof> {
    const { clock, reconciler, logger, settings } = this.context
    const untilUs = clock.nowUs() + deadlineMs * usPerMs
    const leftMs = (): number => Math.max(0, (untilUs - clock.nowUs()) / usPerMs)
    this.phase = 'closing'
    this.audit.stop()
    await this.settled(leftMs())
    try {
      await withTimeout(this.sweeper.sweep(leftMs()), leftMs() + 1, clock, 'cancelling what rests')
    } catch (error) {
      const { message } = toCexArbitrageException(error, { doing: 'cancelling what rests' })
      logger.error({ message }, 'sweep at shutdown did not end')
    }
    await this.settled(leftMs())
    reconciler.stop()
    // From here on nothing is sent any more; what is on the wire comes back first.
    await this.settled(settings.ackTimeoutMs)
    const exchanges: ShutdownProof['exchanges'][number][] = []
    let unproven: CexArbitrageException | undefined
    for (const account of this.hub.accounts) {
      try {
        exchanges.push(await retryWithin(() => this.prove(account), leftMs, clock))
      } catch (error) {
        unproven = toCexArbitrageException(error, {
          doing: `proving the end on ${account}`,
          exchange: exchangeOf(account),
        })
      }
    }
    await this.deadManSwitch.stop()
    await this.hub.close()
    const openOrders = exchanges.reduce((sum, proof) => sum + proof.openOrders, 0)
    await this.journalStop(openOrders)
    this.phase = 'closed'
    if (unproven !== undefined) throw unproven
    return { exchanges }
  }

  /** Told of every end; again, with the same correlation id, when late evidence changes one. */
  onOutcome(listener: (outcome: TradeOutcome) => void): void {
    this.listeners.push(listener)
  }

  /** On the operator's word: what halted trades have left is closed by hand, or is to stay. */
  private acceptResiduals(): void {
    for (const run of this.ended.awaitingOperator) this.postings.accept(run.correlationId, run.accept())
    const orphans = this.context.desk.orphans.accept()
    if (orphans.length > 0) this.postings.accept(orphansCorrelationId, orphans)
  }

  private createRun(
    plan: RiskApproved<TradePlan> | TradePlan,
    earlier?: ConstructorParameters<typeof TradeRun>[3],
  ): TradeRun {
    const context = { ...this.context, settings: { ...this.context.settings } }
    const watcher = {
      onEnd: (outcome: TradeOutcome) => this.tell(outcome),
      onReopened: (outcome: Promise<TradeOutcome>) =>
        void this.track(outcome).catch((error: unknown) => this.breakDown(error, plan)),
    }
    return new TradeRun(plan, context, watcher, earlier)
  }

  private async see(run: TradeRun, outcome: Promise<TradeOutcome>): Promise<TradeOutcome> {
    try {
      return await this.track(outcome)
    } finally {
      this.ended.watch(run)
    }
  }

  /** A stop waits for what is tracked. */
  private async track(outcome: Promise<TradeOutcome>): Promise<TradeOutcome> {
    this.running.add(outcome)
    try {
      return await outcome
    } finally {
      this.running.delete(outcome)
    }
  }

  /** Only a broken rule of our own comes here; what an exchange does is evidence. */
  private breakDown(error: unknown, { correlationId }: TradePlan): void {
    const { message } = toCexArbitrageException(error, { doing: 'concluding a trade again', correlationId })
    this.context.halt.halt({ rule: 'invariant', detail: message, correlationId })
  }

  private tell(outcome: TradeOutcome): void {
    const { logger } = this.context
    const { correlationId, end, symbol } = outcome
    const profit = { expected: outcome.expectedProfit.toString(), realised: outcome.realisedProfit.toString() }
    logger.info({ correlationId, symbol, end, ...profit }, 'trade ended')
    for (const listener of this.listeners) {
      try {
        listener(outcome)
      } catch (error) {
        logger.error({ correlationId, error }, 'a listener of outcomes failed')
      }
    }
  }

  /** Resolves when no trade runs, or at the deadline. */
  private async settled(deadlineMs: number): Promise<void> {
    if (this.running.size === 0) return
    const all = Promise.allSettled(this.running)
    await withTimeout(all, deadlineMs, this.context.clock, 'waiting for open trades').catch(() => undefined)
  }

  /** What the exchanges have proven stands without the record too. */
  private async journalStop(openOrders: number): Promise<void> {
    const { journal, clock, halt } = this.context
    try {
      await journal.append({ kind: 'session_stop', atMs: clock.nowMs(), openOrders })
      await journal.flush()
    } catch (error) {
      const { message } = toCexArbitrageException(error, { doing: 'journaling the stop' })
      halt.halt({ rule: 'journal', detail: message })
    }
  }

  private async prove(account: AccountId): Promise<ShutdownProof['exchanges'][number]> {
    const instruments = this.context.venues.instrumentsOf(account)
    let openOrders = 0
    for (const instrument of instruments) openOrders += (await this.sweeper.fetchOurs(instrument)).length
    const mismatches = (await this.audit.settledDifferences(account)).map(mapDifferenceToText)
    const positions = this.context.portfolio.positions.held(instruments)
    return { exchange: account, openOrders, mismatches, positions }
  }
}
