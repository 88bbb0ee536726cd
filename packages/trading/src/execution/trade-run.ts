import { toCexArbitrageException, type LimitOrderRequest, type RiskApproved } from '@cex-arbitrage/common'
import { haltCauseOf } from '../types/halt.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import { createTradeOutcome, describeLateEnd, describeOpenTrade, type OpenTradeAdvice } from './create-trade-outcome.js'
import type { ExecutionContext } from './execution-context.js'
import type { ExecutionRecordOf } from './execution-record.js'
import { QuoteKeeper } from './quote-keeper.js'
import { isQuotePlan } from './quote-watch.js'
import { mapOutcomeToRecord, mapPlanToRecord } from './record-mapping.js'
import { TradeOrders, type OrderDraft, type PermittedOrder } from './trade-orders.js'
import { TradeRepair } from './trade-repair.js'
import type { AcceptedAmounts, AssetExposure } from './trade-exposure.js'
import type { TrackedLeg } from './tracked-leg.js'

/** What an earlier session left of a trade. */
export interface EarlierTrade {
  /** It has ended, within the bound or accepted by an operator; it is only watched for what comes late. */
  readonly ended: boolean
  /** What it left is the operator's to close by hand. */
  readonly handedOver: boolean
  readonly accepted: AcceptedAmounts
  readonly legs: readonly TrackedLeg[]
  readonly repairs: readonly TrackedLeg[]
  readonly startedAtMs: number
}

/** Who is told of what becomes of a trade. */
export interface TradeWatcher {
  onEnd(outcome: TradeOutcome): void
  /** Late evidence has opened it again; resolves with its new end. */
  onReopened(outcome: Promise<TradeOutcome>): void
}

/**
 * One trade from its plan to its end: legs sent, followed until each is settled, what is left over repaired, the end
 * journaled. Evidence that comes after the end opens it again, and it ends anew.
 */
export class TradeRun {
  private readonly orders: TradeOrders
  private readonly repair: TradeRepair
  private legs: TrackedLeg[]
  private readonly startedAtMs: number
  private readonly startedAtUs: number
  /** An order of the plan was refused, by the risk gate or by its exchange. */
  private refused = false
  private allSettled = true
  /** Of a quote. */
  private readonly keeper: QuoteKeeper | undefined
  /** What the last end was computed from; `undefined` while the trade is open. */
  private endedWith: string | undefined
  private lastEnd: TradeOutcome['end'] | undefined

  /** Reserves the funds of all legs at once, before anything is awaited. */
  constructor(
    private readonly plan: RiskApproved<TradePlan> | TradePlan,
    private readonly context: ExecutionContext,
    private readonly watcher: TradeWatcher,
    earlier?: EarlierTrade,
  ) {
    this.orders = new TradeOrders(context, plan.correlationId)
    this.repair = new TradeRepair(context, plan, this.orders, earlier?.accepted ?? new Map())
    this.repair.handedOver = earlier?.handedOver ?? false
    if (isQuotePlan(plan)) this.keeper = new QuoteKeeper(context, plan, this.orders, this.repair)
    this.startedAtMs = earlier?.startedAtMs ?? context.clock.nowMs()
    this.startedAtUs = context.clock.nowUs()
    this.legs = [...(earlier?.legs ?? plan.legs.map((leg) => this.orders.plan(leg, 'leg', this.keeper !== undefined)))]
    this.repair.orders.push(...(earlier?.repairs ?? []))
    for (const tracked of this.tracked) tracked.onLearnt = () => this.reopenIfChanged()
    if (earlier?.ended) this.endedWith = this.fingerprint()
    else context.portfolio.tradeOpened()
  }

  get correlationId(): TradePlan['correlationId'] {
    return this.plan.correlationId
  }

  /** Every order of the trade, those of the plan first. */
  get tracked(): readonly TrackedLeg[] {
    return [...this.legs, ...this.repair.orders]
  }

  get ended(): boolean {
    return this.endedWith !== undefined
  }

  /** A quote of which nothing was filled. */
  get isUnfilledQuote(): boolean {
    return this.keeper !== undefined && this.legs.every(({ leg }) => leg.filledQuantity.isZero)
  }

  /** It ended open, and no operator has resumed since. */
  get awaitsOperator(): boolean {
    return this.lastEnd === 'halted'
  }

  /** The operator takes over what the trade has left; answers what that is. */
  accept(): readonly AssetExposure[] {
    this.lastEnd = undefined
    return this.repair.accept(this.legs.map(({ leg }) => leg))
  }

  /** Sends the legs and sees the trade through. */
  async run(plan: RiskApproved<TradePlan>): Promise<TradeOutcome> {
    if (this.keeper !== undefined) await this.sendQuote(plan)
    else if (plan.sending === 'sequential') await this.sendInOrder(plan)
    else await this.sendTogether(plan)
    return this.conclude()
  }

  /** Sees a trade of an earlier session through: nothing of the plan is sent any more. */
  resume(): Promise<TradeOutcome> {
    for (const tracked of this.tracked) if (!tracked.leg.settled) this.orders.follow(tracked)
    return this.conclude()
  }

  /** Something has happened that may be a reason to pull a quote. */
  review(): void {
    this.keeper?.review()
  }

  /** A quote is to rest no longer: another trade wants its symbol. */
  giveWay(): void {
    this.keeper?.giveWay()
  }

  private async sendQuote(plan: RiskApproved<TradePlan>): Promise<void> {
    const [tracked] = this.legs as [TrackedLeg]
    tracked.mayRest = true
    await this.sendTogether(plan)
    await this.keeper?.rest(tracked)
  }

  /** Halts and names what the journal has of it, where it cannot be seen through now. */
  nameOpen(): void {
    this.allSettled = false
    this.tellHalt(this.createOutcome(), this.repair.handedOver ? 'close_by_hand' : 'start_again')
  }

  private async sendTogether(plan: RiskApproved<TradePlan>): Promise<void> {
    const permits = this.legs.map((tracked) => this.approve(plan, tracked))
    const allowed = permits.every((permit) => permit !== undefined)
    const journaled = allowed && this.orders.journal(this.legs, this.startRecord())
    // Nothing is awaited that is there: both legs leave in the turn of the decision where the disk is not waited for.
    if (!(typeof journaled === 'boolean' ? journaled : await journaled) || this.isHalted()) {
      for (const tracked of this.legs) this.context.desk.discard(tracked)
      return
    }
    this.send(this.legs.map((tracked, index) => ({ tracked, permit: permits[index]! })))
  }

  /** Each leg waits for the end of the one before and is no larger than that was filled. */
  private async sendInOrder(plan: RiskApproved<TradePlan>): Promise<void> {
    this.context.journal.enqueue(this.startRecord())
    for (let index = 0; index < this.legs.length; index++) {
      const sent = (index === 0 || this.follow(index)) && (await this.sendNext(plan, this.legs[index]!, index === 0))
      if (sent && (await this.orders.settled()) && !this.legs[index]!.leg.filledQuantity.isZero) continue
      for (const tracked of this.legs.slice(sent ? index + 1 : index)) this.context.desk.discard(tracked)
      return
    }
  }

  private async sendNext(plan: RiskApproved<TradePlan>, tracked: TrackedLeg, opens: boolean): Promise<boolean> {
    const permit = this.approve(plan, tracked)
    if (permit === undefined || !(await this.orders.journal([tracked])) || (opens && this.isHalted())) return false
    this.send([{ tracked, permit }])
    return true
  }

  /** Cuts the leg down to the share of its planned predecessor that was filled; `false` when nothing legal is left. */
  private follow(index: number): boolean {
    const before = this.plan.legs[index - 1]!
    const planned = this.plan.legs[index]!
    const { instrument, side, priceTicks, reduceOnly } = planned
    const share = instrument
      .lotsToQuantity(planned.quantityLots)
      .times(this.legs[index - 1]!.leg.filledQuantity)
      .dividedBy(before.instrument.lotsToQuantity(before.quantityLots), instrument.quantityDecimals, 'down')
    const quantityLots = instrument.quantityToLots(share, 'down')
    if (quantityLots === planned.quantityLots) return true
    const legal =
      quantityLots > 0 &&
      !share.lessThan(instrument.minQuantity) &&
      !instrument.notional(priceTicks, quantityLots).lessThan(instrument.minNotional)
    if (!legal) return false
    this.context.desk.discard(this.legs[index]!)
    const draft: OrderDraft = { instrument, side, priceTicks, quantityLots, ...(reduceOnly && { reduceOnly }) }
    const smaller = this.orders.plan(draft, 'leg')
    smaller.onLearnt = () => this.reopenIfChanged()
    this.legs[index] = smaller
    return true
  }

  private approve(plan: RiskApproved<TradePlan>, { leg }: TrackedLeg): RiskApproved<LimitOrderRequest> | undefined {
    try {
      return this.context.approver.approveLeg(plan, leg.request)
    } catch (error) {
      const doing = `approving leg ${leg.request.clientOrderId}`
      const { code, message } = toCexArbitrageException(error, { doing, correlationId: plan.correlationId })
      this.context.logger.warn({ correlationId: plan.correlationId, code, message }, 'leg refused')
      this.refused = true
      return undefined
    }
  }

  private send(orders: readonly PermittedOrder[]): void {
    this.orders.send(orders, 'open')
    // An order that takes nothing does not depend on what there would be to take.
    for (const { tracked } of orders) if (!tracked.leg.rests) this.orders.noteBook(tracked)
  }

  /** Between the decision and the wire lies the journal: a halt in that time still stops the trade (S10). */
  private isHalted(): boolean {
    return haltCauseOf(this.context.halt, this.plan) !== undefined
  }

  private async conclude(): Promise<TradeOutcome> {
    this.orders.followAgain()
    await this.keeper?.hedge(this.legs[0]!)
    this.allSettled = await this.orders.settled()
    const legs = this.legs.map(({ leg }) => leg)
    if (this.allSettled) this.allSettled = await this.repair.run(legs)
    if (this.allSettled && this.keeper !== undefined) this.allSettled = await this.repair.tidy(legs)
    for (const tracked of this.repair.orders) tracked.onLearnt = () => this.reopenIfChanged()
    const outcome = this.createOutcome()
    const basis = this.fingerprint()
    this.lastEnd = outcome.end
    // One that the stop of the engine cut short is seen through by the next start.
    this.repair.handedOver = outcome.end === 'halted' && this.allSettled && !this.context.reconciler.isStopped
    this.tellHalt(outcome, this.repair.handedOver ? 'close_by_hand' : 'wait')
    const facts = { refused: this.wasRefused, handedOver: this.repair.handedOver }
    const { portfolio, clock } = this.context
    const { correlationId, end, realisedProfit, profitAsset } = outcome
    const endedAtMs = clock.nowMs()
    const written = this.orders.journalEnd(mapOutcomeToRecord(outcome, facts, endedAtMs))
    // In the turn of the record, so that journal and results never differ.
    portfolio.results.record({ correlationId, end, realisedProfit, profitAsset, refused: facts.refused, endedAtMs })
    await written
    // What came while the end was being written is not in it.
    if (basis !== this.fingerprint()) return this.conclude()
    portfolio.tradeClosed()
    this.endedWith = basis
    this.watcher.onEnd(outcome)
    return outcome
  }

  /** A late fill, or the answer that an unknown order was missing, changes what the trade left: it is worked on again. */
  private reopenIfChanged(): void {
    if (this.endedWith === undefined || this.endedWith === this.fingerprint()) return
    this.endedWith = undefined
    this.context.portfolio.tradeOpened()
    const { correlationId } = this.plan
    this.context.logger.warn({ correlationId }, 'late evidence reopens an ended trade')
    this.watcher.onReopened(this.conclude())
  }

  private fingerprint(): string {
    return this.tracked.map(({ leg }) => `${leg.settled} ${leg.fills.length} ${leg.filledQuantity.toString()}`).join()
  }

  private get wasRefused(): boolean {
    return this.refused || this.legs.some(({ leg }) => leg.refused)
  }

  private startRecord(): ExecutionRecordOf<'trade_start'> {
    return {
      kind: 'trade_start',
      atMs: this.startedAtMs,
      plan: mapPlanToRecord(this.plan),
      legIds: this.legs.map(({ leg }) => leg.request.clientOrderId),
    }
  }

  private createOutcome(): TradeOutcome {
    const { clock, valuation } = this.context
    const repairs = this.repair.orders.map(({ leg }) => leg)
    const closed = this.allSettled && this.repair.excess(this.legs.map(({ leg }) => leg)).length === 0
    return createTradeOutcome({
      plan: this.plan,
      legs: this.legs,
      repairs,
      closed,
      accepted: this.repair.accepted,
      valuation: valuation(this.plan.profitAsset),
      startedAtMs: this.startedAtMs,
      durationUs: clock.nowUs() - this.startedAtUs,
    })
  }

  /** An open end halts; a later one brings the halt up to date, also where nothing is open any more. */
  private tellHalt(outcome: TradeOutcome, advice: OpenTradeAdvice): void {
    const { correlationId, end } = outcome
    const { halt } = this.context
    const isOpen = end === 'halted'
    if (!isOpen && !halt.causes.some((cause) => cause.rule === 'residual' && cause.correlationId === correlationId))
      return
    const detail = isOpen ? describeOpenTrade(outcome, this.tracked, advice) : describeLateEnd(outcome)
    halt.halt({ rule: 'residual', detail, correlationId })
  }
}
