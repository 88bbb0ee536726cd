import {
  toCexArbitrageException,
  type CorrelationId,
  type LimitOrderRequest,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { OrderPurpose } from '@cex-arbitrage/exchanges'
import type { ExecutionContext } from './execution-context.js'
import type { ExecutionRecord, ExecutionRecordOf } from './execution-record.js'
import type { LegRole } from '../types/leg-role.js'
import type { TrackedLeg } from './tracked-leg.js'

/** What makes an order of a trade, besides its ids. */
export type OrderDraft = Pick<LimitOrderRequest, 'instrument' | 'side' | 'priceTicks' | 'quantityLots' | 'reduceOnly'>

/** An order that may be sent. */
export interface PermittedOrder {
  readonly tracked: TrackedLeg
  readonly permit: RiskApproved<LimitOrderRequest>
}

/** An order that rests takes nothing; any other ends at once. */
export const executionOf = (postOnly: boolean): LimitOrderRequest['execution'] =>
  postOnly ? { timeInForce: 'gtc', postOnly } : { timeInForce: 'ioc' }

/** The orders of one trade: planned, journaled, sent, waited for. */
export class TradeOrders {
  private readonly settling = new Map<TrackedLeg, Promise<unknown>>()
  private readonly followed = new Set<TrackedLeg>()

  constructor(
    private readonly context: ExecutionContext,
    private readonly correlationId: CorrelationId,
  ) {}

  /** Plans an order and reserves its funds: an immediate one unless it is to rest as a quote. */
  plan(draft: OrderDraft, role: LegRole, postOnly = false): TrackedLeg {
    const { desk, ids } = this.context
    const { instrument, side, priceTicks, quantityLots, reduceOnly } = draft
    return desk.open(
      {
        instrument,
        side,
        priceTicks,
        quantityLots,
        type: 'limit',
        clientOrderId: ids.nextClientOrderId(),
        correlationId: this.correlationId,
        execution: executionOf(postOnly),
        ...(reduceOnly && { reduceOnly }),
      },
      role,
    )
  }

  /**
   * Makes the intents durable, after the `first` record, in one go; answers at once where the journal does. `false` when
   * it does not take them: then the engine is halted and nothing may be sent.
   */
  journal(orders: readonly TrackedLeg[], first?: ExecutionRecord): Promise<boolean> | boolean {
    const { journal } = this.context
    try {
      if (first !== undefined) journal.enqueue(first)
      const intents = orders.map((order) => this.intentRecord(order))
      for (let i = 0; i < intents.length - 1; i++) journal.enqueue(intents[i]!)
      const durable = journal.append(intents.at(-1)!)
      if (durable !== undefined)
        return durable.then(
          () => markJournaled(orders),
          (error: unknown) => this.haltUnjournaled(error),
        )
    } catch (error) {
      return this.haltUnjournaled(error)
    }
    return markJournaled(orders)
  }

  private haltUnjournaled(error: unknown): false {
    const { correlationId } = this
    const doing = `journaling the orders of trade ${correlationId}`
    const { message } = toCexArbitrageException(error, { doing, correlationId })
    this.context.halt.halt({ rule: 'journal', detail: `Nothing was sent: ${message}`, correlationId })
    return false
  }

  /** Makes the end of the trade durable; a journal that does not take it halts the engine. */
  async journalEnd(record: ExecutionRecordOf<'trade_end'>): Promise<void> {
    const { journal, halt } = this.context
    const { correlationId } = this
    try {
      await journal.append(record)
    } catch (error) {
      const { message } = toCexArbitrageException(error, { doing: 'journaling the end of a trade', correlationId })
      halt.halt({ rule: 'journal', detail: message, correlationId })
    }
  }

  /** Notes what the book shows for a leg that has left in this turn. */
  noteBook(tracked: TrackedLeg): void {
    const { instrument, side, quantityLots, clientOrderId } = tracked.leg.request
    const quote = this.context.quotes.quote(instrument, side, quantityLots)
    if (quote?.quantityLots === quantityLots) tracked.sendNotional = quote.notional
    this.context.journal.enqueue({
      kind: 'send_quote',
      atMs: this.context.clock.nowMs(),
      clientOrderId,
      notional: tracked.sendNotional?.toString() ?? null,
    })
  }

  /** Sends journaled orders, all of them before anything else is done, and follows them to their ends; does not wait. */
  send(orders: readonly PermittedOrder[], purpose: OrderPurpose): void {
    const { submitter } = this.context
    const submissions = orders.map(({ tracked, permit }) => submitter.submit(tracked, permit, purpose))
    orders.forEach(({ tracked }, index) => this.follow(tracked, submissions[index]))
  }

  /** Follows an order of an earlier session to its end; does not wait. */
  follow(tracked: TrackedLeg, submission: Promise<void> = Promise.resolve()): void {
    this.followed.add(tracked)
    this.settling.set(
      tracked,
      Promise.all([submission, this.context.reconciler.settle(tracked)])
        .catch((error: unknown) => this.breakDown(error, tracked))
        .finally(() => this.followed.delete(tracked)),
    )
  }

  /** Follows those again that had been settled and are so no more: a fill has shown that an order lives after all. */
  followAgain(): void {
    for (const tracked of this.settling.keys())
      if (!tracked.leg.settled && !this.followed.has(tracked)) this.follow(tracked)
  }

  /** The order has left, or may have. */
  follows(tracked: TrackedLeg): boolean {
    return this.settling.has(tracked)
  }

  /** Resolves with `true` when these orders, all that are followed by default, are settled, with `false` at the deadline. */
  settled(orders: Iterable<TrackedLeg> = this.settling.keys()): Promise<boolean> {
    const { clock, settings } = this.context
    const awaited = [...orders]
    return new Promise((resolve) => {
      const timer = clock.setTimer(() => resolve(false), settings.reconcileDeadlineMs)
      void Promise.all(awaited.map((tracked) => this.settling.get(tracked) ?? Promise.resolve())).then(() => {
        timer.cancel()
        resolve(awaited.every(({ leg }) => leg.settled))
      })
    })
  }

  private intentRecord({ leg }: TrackedLeg): ExecutionRecord {
    const { clientOrderId, instrument, side, priceTicks, quantityLots, reduceOnly } = leg.request
    return {
      kind: 'intent',
      atMs: leg.intendedAtMs,
      correlationId: this.correlationId,
      clientOrderId,
      role: leg.role,
      instrumentId: instrument.id,
      side,
      priceTicks,
      quantityLots,
      ...(leg.rests && { postOnly: true as const }),
      ...(reduceOnly && { reduceOnly: true as const }),
    }
  }

  /** Only a broken rule of our own comes here; what an exchange does is evidence. */
  private breakDown(error: unknown, tracked: TrackedLeg): void {
    const doing = `following order ${tracked.leg.request.clientOrderId}`
    const { message } = toCexArbitrageException(error, { doing, correlationId: this.correlationId })
    this.context.halt.halt({ rule: 'invariant', detail: message, correlationId: this.correlationId })
  }
}

function markJournaled(orders: readonly TrackedLeg[]): true {
  for (const { leg } of orders) leg.markJournaled()
  return true
}
