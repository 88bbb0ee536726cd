import {
  isFinalOrderStatus,
  toCexArbitrageException,
  type ClientOrderId,
  type Clock,
  type ExchangeOrderId,
  type Fill,
  type Instrument,
  type InstrumentId,
  type LimitOrderRequest,
  type Logger,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type { PrivateExchange } from '@cex-arbitrage/exchanges'
import { strangerOrigin, type FillOrigin } from '../portfolio/fill-entries.js'
import { accountOf, type AccountId } from '../types/account-id.js'
import type { Portfolio } from '../portfolio/portfolio.js'
import type { TradingHalt } from '../types/halt.js'
import type { Journal } from '../types/journal.js'
import type { ExecutionRecord } from './execution-record.js'
import type { LegEvidence } from './leg-evidence.js'
import type { LegRole } from '../types/leg-role.js'
import { Leg } from './leg.js'
import { mapEvidenceToRecord, mapFillToRecord } from './record-mapping.js'
import { OrphanFills } from './orphan-fills.js'
import { SeenFills } from './seen-fills.js'
import { TrackedLeg } from './tracked-leg.js'
import type { VenueDirectory } from './venue-directory.js'

/** Events without a known order that are kept until an acknowledgement names their order. */
const maxParked = 1_000

type OrderEvent = Extract<LegEvidence, { kind: 'update' | 'fill' }>

export interface OrderDeskDeps {
  readonly venues: VenueDirectory
  readonly portfolio: Portfolio
  readonly halt: TradingHalt
  readonly journal: Journal<ExecutionRecord>
  readonly clock: Clock
  readonly logger: Logger
  /** Begins every client order id of ours. */
  readonly idPrefix: string
}

/**
 * Every order of ours and the one way by which evidence reaches it: whatever is learnt is journaled, booked and told on,
 * once. Events of streams and answers to questions come in through the same door.
 */
export class OrderDesk {
  private readonly byClientId = new Map<ClientOrderId, TrackedLeg>()
  private readonly byExchangeId = new Map<string, TrackedLeg>()
  readonly seenFills = new SeenFills()
  readonly orphans: OrphanFills
  private parked: OrderEvent[] = []
  /** Per account, when its ledger was opened; older fills are part of the opening balance. */
  private readonly openedAtMs = new Map<AccountId, number>()

  constructor(private readonly deps: OrderDeskDeps) {
    this.orphans = new OrphanFills(deps.halt)
  }

  /** Takes in a planned order and reserves its funds, before anything is awaited. */
  open(request: LimitOrderRequest, role: LegRole, intendedAtMs = this.deps.clock.nowMs()): TrackedLeg {
    const tracked = new TrackedLeg(new Leg(request, role, intendedAtMs), request.correlationId, this.deps.clock.nowUs())
    this.byClientId.set(request.clientOrderId, tracked)
    this.deps.portfolio.track(tracked.leg)
    return tracked
  }

  /** Lets go of an order that was planned and never sent. */
  discard(tracked: TrackedLeg): void {
    this.deps.portfolio.forget(tracked.leg)
    this.byClientId.delete(tracked.leg.request.clientOrderId)
  }

  /** Forgets orders that ended long ago. */
  prune(legs: readonly TrackedLeg[]): void {
    for (const { leg } of legs) {
      this.byClientId.delete(leg.request.clientOrderId)
      if (leg.exchangeOrderId !== undefined)
        this.byExchangeId.delete(orderKey(leg.request.instrument.id, leg.exchangeOrderId))
    }
  }

  find(clientOrderId: ClientOrderId): TrackedLeg | undefined {
    return this.byClientId.get(clientOrderId)
  }

  /** An order of ours is known under this id of its exchange. */
  knows(instrumentId: InstrumentId, exchangeOrderId: ExchangeOrderId): boolean {
    return this.byExchangeId.has(orderKey(instrumentId, exchangeOrderId))
  }

  isOurs(clientOrderId: ClientOrderId | undefined): boolean {
    return clientOrderId !== undefined && clientOrderId.startsWith(this.deps.idPrefix)
  }

  /** Orders not settled, oldest first; of one account where given. */
  unsettled(account?: AccountId): readonly TrackedLeg[] {
    return [...this.byClientId.values()].filter(
      ({ leg }) => !leg.settled && (account === undefined || accountOf(leg.request.instrument) === account),
    )
  }

  /** When the ledger of each account was opened, Unix milliseconds. */
  get openings(): ReadonlyMap<AccountId, number> {
    return this.openedAtMs
  }

  /** Fills of this account from before `atMs` are part of what it held at the opening. */
  setOpened(account: AccountId, atMs: number): void {
    this.openedAtMs.set(account, atMs)
  }

  onOrder(update: OrderUpdate): void {
    this.route({ kind: 'update', update }, update.clientOrderId)
  }

  onFill(fill: Fill): void {
    this.route({ kind: 'fill', fill }, fill.clientOrderId)
  }

  /** Takes evidence of one order: journals, books and tells what is new. */
  learn(tracked: TrackedLeg, evidence: LegEvidence): void {
    const { leg } = tracked
    if (!leg.apply(evidence)) return
    const { clientOrderId } = leg.request
    this.deps.journal.enqueue({
      kind: 'leg',
      atMs: this.deps.clock.nowMs(),
      clientOrderId,
      evidence: mapEvidenceToRecord(evidence),
    })
    this.book(leg, evidence)
    this.afterLearning(tracked)
  }

  /** As `learn`, from the journal: nothing is written. */
  relearn(tracked: TrackedLeg, evidence: LegEvidence): void {
    if (!tracked.leg.apply(evidence)) return
    this.book(tracked.leg, evidence)
    this.afterLearning(tracked)
  }

  /** Books a fill that the journal has as of none of its orders. */
  relearnForeign(fill: Fill, instrument: Instrument, orphan: boolean): void {
    if (this.seenFills.add(fill)) this.bookStranger(fill, instrument, orphan)
  }

  private bookStranger(fill: Fill, instrument: Instrument, orphan: boolean): void {
    if (orphan) this.orphans.note(fill, instrument)
    this.deps.portfolio.bookFill(fill, instrument, strangerOrigin(orphan))
  }

  private book(leg: Leg, evidence: LegEvidence): void {
    if (evidence.kind === 'fill' && this.seenFills.add(evidence.fill))
      this.deps.portfolio.bookFill(evidence.fill, leg.request.instrument, originOf(leg.role))
  }

  private afterLearning(tracked: TrackedLeg): void {
    const { leg } = tracked
    if (leg.exchangeOrderId !== undefined)
      this.byExchangeId.set(orderKey(leg.request.instrument.id, leg.exchangeOrderId), tracked)
    this.deps.portfolio.track(leg)
    this.routeParked(leg.request.instrument.id)
    tracked.wake()
    tracked.onLearnt?.()
  }

  private route(event: OrderEvent, clientOrderId: ClientOrderId | undefined): void {
    const { instrumentId, exchangeOrderId } = event.kind === 'fill' ? event.fill : event.update
    const tracked =
      (clientOrderId !== undefined ? this.byClientId.get(clientOrderId) : undefined) ??
      this.byExchangeId.get(orderKey(instrumentId, exchangeOrderId))
    if (tracked !== undefined) return this.learn(tracked, event)
    if (clientOrderId === undefined && this.awaitsOrderId(instrumentId)) {
      this.parked.push(event)
      if (this.parked.length > maxParked) this.takeAsForeign(this.parked.shift()!)
      return
    }
    this.takeAsForeign(event)
  }

  /** An order on the instrument is under way whose exchange order id is not known yet. */
  private awaitsOrderId(instrumentId: InstrumentId): boolean {
    for (const { leg } of this.byClientId.values())
      if (leg.request.instrument.id === instrumentId && leg.exchangeOrderId === undefined && !leg.settled) return true
    return false
  }

  private routeParked(instrumentId: InstrumentId): void {
    if (this.parked.length === 0) return
    const events = this.parked
    this.parked = []
    for (const event of events) {
      const concerned = (event.kind === 'fill' ? event.fill : event.update).instrumentId === instrumentId
      if (concerned) this.route(event, undefined)
      else this.parked.push(event)
    }
  }

  private takeAsForeign(event: OrderEvent): void {
    if (event.kind === 'fill') return this.bookForeign(event.fill)
    const { update } = event
    if (this.isOurs(update.clientOrderId) && !isFinalOrderStatus(update.status)) this.cancelStranger(update)
  }

  private bookForeign(fill: Fill): void {
    const instrument = this.deps.venues.instrument(fill.instrumentId)
    if (instrument === undefined) return
    const openedAtMs = this.openedAtMs.get(accountOf(instrument))
    if (openedAtMs === undefined || fill.exchangeTimeMs < openedAtMs || !this.seenFills.add(fill)) return
    const orphan = this.isOurs(fill.clientOrderId)
    this.deps.journal.enqueue({
      kind: 'foreign_fill',
      atMs: this.deps.clock.nowMs(),
      exchange: instrument.exchange,
      fill: mapFillToRecord(fill),
      orphan,
    })
    this.bookStranger(fill, instrument, orphan)
    if (orphan) this.orphans.tell()
  }

  /** An order with our prefix that this session knows nothing of rests: it must not. */
  private cancelStranger(update: OrderUpdate): void {
    const instrument = this.deps.venues.instrument(update.instrumentId)
    const orders: PrivateExchange['orders'] | undefined = this.deps.venues.gateway(update.instrumentId)
    if (instrument === undefined || orders === undefined) return
    const { clientOrderId, exchangeOrderId } = update
    this.deps.logger.warn({ clientOrderId, exchangeOrderId }, 'an unknown order with our prefix rests; cancelling it')
    orders.cancelOrder({ instrument, exchangeOrderId }).catch((error: unknown) => {
      const doing = `cancelling the unknown order ${clientOrderId}`
      this.deps.logger.warn({ error: toCexArbitrageException(error, { doing }) }, 'cancel of an unknown order failed')
    })
  }
}

const originOf = (role: LegRole): FillOrigin => (role === 'leg' ? 'trading' : 'legging')

const orderKey = (instrumentId: InstrumentId, exchangeOrderId: string): string => `${instrumentId} ${exchangeOrderId}`
