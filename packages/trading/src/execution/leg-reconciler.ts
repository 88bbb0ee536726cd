import {
  backoffDelayMs,
  isFinalOrderStatus,
  OrderNotFoundException,
  toCexArbitrageException,
  usPerMs,
  type Clock,
  type Logger,
  type OrderUpdate,
  type Random,
} from '@cex-arbitrage/common'
import type { OrderGateway } from '@cex-arbitrage/exchanges'
import { isFinalLegState } from '../types/leg-state.js'
import type { ExecutionSettings } from './execution-settings.js'
import type { Leg } from './leg.js'
import type { OrderDesk } from './order-desk.js'
import { clockMarginMs, wideClockMarginMs } from './clock-margin.js'
import { withTimeout } from './timeout.js'
import type { TrackedLeg } from './tracked-leg.js'
import type { VenueDirectory } from './venue-directory.js'

export interface LegReconcilerDeps {
  readonly venues: VenueDirectory
  readonly desk: OrderDesk
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly settings: ExecutionSettings
}

/** An unknown order holds up everything on its exchange, so it is asked for often to the end. */
const unknownDoublings = 2
const mostDoublings = 16

/**
 * Asks the exchange about an order until its end is proven and its fills are known: the backstop of the streams, and the
 * only way out of `unknown` (invariant S2).
 */
export class LegReconciler {
  private stopped = false

  constructor(private readonly deps: LegReconcilerDeps) {}

  /** It asks no more, and nothing is to be repaired by orders that nobody would follow. */
  get isStopped(): boolean {
    return this.stopped
  }

  /** Ends every loop at its next turn; what is not settled stays so. */
  stop(): void {
    this.stopped = true
    for (const tracked of this.deps.desk.unsettled()) tracked.wake()
  }

  /** Resolves when the order is settled, however long that takes, or when the reconciler is stopped. */
  async settle(tracked: TrackedLeg): Promise<void> {
    const { clock } = this.deps
    let asked = 0
    let askAtUs = clock.nowUs() + this.delayMs(tracked, asked) * usPerMs
    let wasUnknown = tracked.leg.state === 'unknown'
    let rested = tracked.mayRest
    while (!tracked.leg.settled && !this.stopped) {
      const waitMs = (askAtUs - clock.nowUs()) / usPerMs
      if (waitMs > 0) {
        await tracked.woken(clock, waitMs)
        const unknown = tracked.leg.state === 'unknown'
        // No answer, or an end without its fills: no use in waiting out the silence of an acknowledged order.
        if ((unknown && !wasUnknown) || isFinalLegState(tracked.leg.state))
          askAtUs = Math.min(askAtUs, clock.nowUs() + this.delayMs(tracked, asked) * usPerMs)
        if (rested && !tracked.mayRest) {
          rested = false
          asked = 0
          askAtUs = clock.nowUs() + this.delayMs(tracked, asked) * usPerMs
        }
        if (tracked.urgent) askAtUs = clock.nowUs()
        tracked.urgent = false
        wasUnknown = unknown
        continue
      }
      if (!tracked.calling) await this.ask(tracked)
      askAtUs = clock.nowUs() + this.delayMs(tracked, ++asked) * usPerMs
    }
  }

  /** Half of the ceiling is fixed, so that chance never makes a busy loop. */
  private delayMs(tracked: TrackedLeg, asked: number): number {
    const { statusAfterMs, queryInitialMs, queryMaxMs } = this.deps.settings
    const { state } = tracked.leg
    if (asked === 0 && state !== 'unknown' && !isFinalLegState(state)) return statusAfterMs
    const doublings = Math.min(asked, state === 'unknown' ? unknownDoublings : mostDoublings)
    const ceilingMs = Math.min(queryMaxMs, queryInitialMs * 2 ** doublings)
    return ceilingMs / 2 + backoffDelayMs(0, { initialMs: ceilingMs / 2, maxMs: ceilingMs / 2 }, this.deps.random)
  }

  private async ask(tracked: TrackedLeg): Promise<void> {
    const { clientOrderId, instrument } = tracked.leg.request
    try {
      if (!isFinalLegState(tracked.leg.state) || tracked.leg.contradicted) await this.askState(tracked)
      if (isFinalLegState(tracked.leg.state) && !tracked.leg.settled) await this.askFills(tracked)
    } catch (error) {
      const doing = `asking for order ${clientOrderId}`
      const failure = toCexArbitrageException(error, { doing, exchange: instrument.exchange })
      this.deps.logger.debug({ clientOrderId, code: failure.code, message: failure.message }, 'order query failed')
    }
  }

  private async askState(tracked: TrackedLeg): Promise<void> {
    const { leg } = tracked
    const orders = this.gateway(tracked)
    const update = this.canQuery(tracked)
      ? await this.timed(orders.fetchOrder(leg.reference), tracked)
      : await this.findOpen(tracked)
    if (update === undefined) {
      tracked.notFoundAnswers++
      await this.considerAbsence(tracked)
      return
    }
    if (!isAbout(leg, update)) {
      const { clientOrderId } = leg.request
      this.deps.logger.warn({ clientOrderId, answered: update.clientOrderId }, 'the answer is about another order')
      return
    }
    tracked.notFoundAnswers = 0
    this.deps.desk.learn(tracked, { kind: 'update', update })
    if (!isFinalOrderStatus(update.status) && this.isOverdue(tracked)) await this.cancel(tracked)
  }

  /** An order that was to end at once has had its time; one that rested until it was pulled has none left. */
  private isOverdue(tracked: TrackedLeg): boolean {
    const { leg, mayRest } = tracked
    if (mayRest) return false
    return leg.rests || this.sinceMs(tracked) >= this.deps.settings.cancelAfterMs
  }

  /**
   * Takes an order off the book that was allowed to rest until now. The cancel waits for a call under way that may still
   * bring the order there; what does not come through is tried again by whoever settles it.
   */
  async pull(tracked: TrackedLeg): Promise<void> {
    tracked.mayRest = false
    tracked.wake()
    while (tracked.calling && tracked.leg.exchangeOrderId === undefined)
      await tracked.woken(this.deps.clock, this.deps.settings.ackTimeoutMs)
    if (isFinalLegState(tracked.leg.state)) return
    try {
      await this.cancel(tracked)
    } catch (error) {
      const { clientOrderId, instrument } = tracked.leg.request
      const doing = `pulling order ${clientOrderId}`
      const { code, message } = toCexArbitrageException(error, { doing, exchange: instrument.exchange })
      this.deps.logger.warn({ clientOrderId, exchange: instrument.exchange, code, message }, 'pull failed, again')
      tracked.askNow()
    }
  }

  /** Asks for a cancel; the order may still fill, its end comes by stream or query (invariant S3). */
  async cancel(tracked: TrackedLeg): Promise<void> {
    this.deps.desk.learn(tracked, { kind: 'cancel_requested' })
    try {
      await this.timed(this.gateway(tracked).cancelOrder(tracked.leg.reference), tracked)
    } catch (error) {
      if (!(error instanceof OrderNotFoundException)) throw error
    }
  }

  /** By the order's own id: the bound only keeps old orders within the reach of a question, whatever our clock said then. */
  private async askFills(tracked: TrackedLeg): Promise<void> {
    const { leg } = tracked
    const { exchangeOrderId } = leg
    const fills = await this.timed(
      this.gateway(tracked).fetchFills({
        instrument: leg.request.instrument,
        fromMs: Math.min(leg.intendedAtMs, this.deps.clock.nowMs()) - wideClockMarginMs,
        known: leg.fills,
        ...(exchangeOrderId !== undefined && { exchangeOrderId }),
      }),
      tracked,
    )
    for (const fill of fills)
      if (fill.exchangeOrderId === exchangeOrderId) this.deps.desk.learn(tracked, { kind: 'fill', fill })
  }

  /**
   * "Not found" is evidence only often enough, late enough, and if neither the open orders nor the fills show the order:
   * requests arrive late, exchanges answer from replicas, and ended orders drop out of the lookup.
   */
  private async considerAbsence(tracked: TrackedLeg): Promise<void> {
    const { leg } = tracked
    const { absentAfterMs, absentAnswers } = this.deps.settings
    if (tracked.notFoundAnswers < absentAnswers || this.sinceMs(tracked) < absentAfterMs) return
    const open = await this.findOpen(tracked)
    if (open !== undefined) {
      this.deps.desk.learn(tracked, { kind: 'update', update: open })
      return
    }
    await this.searchFills(tracked)
    this.deps.desk.learn(tracked, { kind: leg.exists ? 'vanished' : 'absent' })
  }

  private async findOpen(tracked: TrackedLeg): Promise<OrderUpdate | undefined> {
    const { leg } = tracked
    const open = await this.timed(this.gateway(tracked).fetchOpenOrders(leg.request.instrument), tracked)
    return open.find(
      (update) =>
        update.clientOrderId === leg.request.clientOrderId ||
        (leg.exchangeOrderId !== undefined && update.exchangeOrderId === leg.exchangeOrderId),
    )
  }

  /** Looks for the order's fills; where fills carry no client order id, their orders are asked for it. */
  private async searchFills(tracked: TrackedLeg): Promise<void> {
    const { leg } = tracked
    const { instrument, clientOrderId } = leg.request
    const orders = this.gateway(tracked)
    const fills = await this.timed(orders.fetchFills({ instrument, fromMs: leg.intendedAtMs - clockMarginMs }), tracked)
    const strangers = new Set<OrderUpdate['exchangeOrderId']>()
    for (const fill of fills) {
      const ours = fill.clientOrderId === clientOrderId || fill.exchangeOrderId === leg.exchangeOrderId
      if (ours) this.deps.desk.learn(tracked, { kind: 'fill', fill })
      else if (fill.clientOrderId === undefined && !this.deps.desk.knows(instrument.id, fill.exchangeOrderId))
        strangers.add(fill.exchangeOrderId)
    }
    for (const exchangeOrderId of strangers) {
      const update = await this.timed(orders.fetchOrder({ instrument, exchangeOrderId }), tracked)
      if (update?.clientOrderId !== clientOrderId) continue
      this.deps.desk.learn(tracked, { kind: 'update', update })
      for (const fill of fills)
        if (fill.exchangeOrderId === exchangeOrderId) this.deps.desk.learn(tracked, { kind: 'fill', fill })
    }
  }

  /** Whether the exchange can be asked for the order itself, by the id that we have, and would still know it. */
  private canQuery(tracked: TrackedLeg): boolean {
    const { leg } = tracked
    if (leg.exchangeOrderId !== undefined) return true
    const { queryByClientOrderId, clientOrderIdLookupMs } = this.deps.venues.capabilities(leg.request.instrument)
    const ageMs = Math.max(this.deps.clock.nowMs() - leg.intendedAtMs, this.sinceMs(tracked))
    return queryByClientOrderId && (clientOrderIdLookupMs === undefined || ageMs < clientOrderIdLookupMs)
  }

  /** Milliseconds since this process sent it, or took it over; the wall clock may jump meanwhile. */
  private sinceMs(tracked: TrackedLeg): number {
    return (this.deps.clock.nowUs() - tracked.liveSinceUs) / usPerMs
  }

  private gateway(tracked: TrackedLeg): OrderGateway {
    return this.deps.venues.venueOf(tracked.leg.request.instrument).privateExchange.orders
  }

  private timed<T>(call: Promise<T>, tracked: TrackedLeg): Promise<T> {
    const { settings, clock } = this.deps
    return withTimeout(call, settings.queryTimeoutMs, clock, `asking for order ${tracked.leg.request.clientOrderId}`)
  }
}

/** An answer about another order, whatever the reason, is none. */
const isAbout = ({ request, exchangeOrderId }: Leg, update: OrderUpdate): boolean =>
  update.instrumentId === request.instrument.id &&
  (update.clientOrderId === undefined || update.clientOrderId === request.clientOrderId) &&
  (exchangeOrderId === undefined || update.exchangeOrderId === exchangeOrderId)
