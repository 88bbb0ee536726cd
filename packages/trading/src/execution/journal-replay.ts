import {
  asClientOrderId,
  asCorrelationId,
  createAssetId,
  Decimal,
  InvariantBrokenException,
  type AssetId,
  type CorrelationId,
  type Instrument,
  type InstrumentId,
} from '@cex-arbitrage/common'
import { acceptanceEntries } from '../portfolio/fill-entries.js'
import type { LedgerAccount } from '../portfolio/ledger.js'
import type { Portfolio } from '../portfolio/portfolio.js'
import type { AccountId } from '../types/account-id.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { ExecutionRecord, ExecutionRecordOf } from './execution-record.js'
import { restoreExecutionState } from './execution-state.js'
import { Leg } from './leg.js'
import { orphansCorrelationId } from './orphan-fills.js'
import type { OrderDesk } from './order-desk.js'
import { mapRecordToEvidence, mapRecordToFill, mapRecordToPlan } from './record-mapping.js'
import { TrackedLeg } from './tracked-leg.js'
import { executionOf } from './trade-orders.js'
import type { EarlierTrade } from './trade-run.js'
import type { VenueDirectory } from './venue-directory.js'

interface ReplayedTrade {
  readonly start: ExecutionRecordOf<'trade_start'>
  readonly orders: TrackedLeg[]
  end: ExecutionRecordOf<'trade_end'>['end'] | 'accepted' | undefined
  handedOver: boolean
  readonly accepted: Map<AssetId, Decimal>
}

/** A trade of an earlier session. */
export interface RememberedTrade {
  readonly plan: TradePlan
  readonly earlier: EarlierTrade
}

/**
 * Rebuilds ledger, orders and results from the journal, by the same steps that wrote it, and finds the trades that an
 * earlier session left open: those without an end after their last evidence, and those that ended halted.
 */
export class JournalReplay {
  /** Of the newest record; 0 for an empty journal. */
  lastAtMs = 0
  private readonly trades = new Map<CorrelationId, ReplayedTrade>()

  constructor(
    private readonly desk: OrderDesk,
    private readonly portfolio: Portfolio,
    private readonly venues: VenueDirectory,
  ) {}

  /** Accounts whose ledger has been opened. */
  get opened(): ReadonlySet<AccountId> {
    return new Set(this.desk.openings.keys())
  }

  take(record: ExecutionRecord): void {
    this.lastAtMs = Math.max(this.lastAtMs, record.atMs)
    switch (record.kind) {
      case 'trade_start':
        this.trades.set(asCorrelationId(record.plan.correlationId), {
          start: record,
          orders: [],
          end: undefined,
          handedOver: false,
          accepted: new Map(),
        })
        return
      case 'intent':
        return this.takeIntent(record)
      case 'leg':
        return this.takeEvidence(record)
      case 'send_quote': {
        const tracked = this.desk.find(asClientOrderId(record.clientOrderId))
        if (tracked !== undefined && record.notional !== null) tracked.sendNotional = Decimal.parse(record.notional)
        return
      }
      case 'foreign_fill':
        return this.desk.relearnForeign(
          mapRecordToFill(record.fill),
          this.instrument(record.fill.instrumentId),
          record.orphan,
        )
      case 'posting':
        return this.takePosting(record)
      case 'trade_end':
        return this.takeEnd(record)
      case 'residual_accepted':
        return this.takeAcceptance(record)
      case 'trades_forgotten':
        return this.forget(record)
      case 'state':
        return restoreExecutionState(record, this.portfolio, this.desk)
      case 'session_start':
      case 'session_stop':
      case 'balance_check':
      case 'halt':
        return
    }
  }

  /** Trades still remembered, oldest first: those to be seen through, and those that a late fill may open again. */
  remembered(): readonly RememberedTrade[] {
    return [...this.trades.values()].map((trade) => {
      const plan = mapRecordToPlan(trade.start.plan, (id) => this.venues.instrument(id))
      return {
        plan,
        earlier: {
          legs: this.assignLegs(plan, trade),
          repairs: trade.orders.filter(({ leg }) => leg.role !== 'leg'),
          startedAtMs: trade.start.atMs,
          ended: trade.end !== undefined && trade.end !== 'halted',
          handedOver: trade.handedOver,
          accepted: trade.accepted,
        },
      }
    })
  }

  private takeIntent(record: ExecutionRecordOf<'intent'>): void {
    const tracked = this.desk.open(
      {
        instrument: this.instrument(record.instrumentId),
        clientOrderId: asClientOrderId(record.clientOrderId),
        correlationId: asCorrelationId(record.correlationId),
        type: 'limit',
        side: record.side,
        priceTicks: record.priceTicks,
        quantityLots: record.quantityLots,
        execution: executionOf(record.postOnly === true),
        ...(record.reduceOnly && { reduceOnly: true }),
      },
      record.role,
      record.atMs,
    )
    tracked.leg.markJournaled()
    const trade = this.trades.get(tracked.correlationId)
    if (trade === undefined) return
    trade.orders.push(tracked)
    trade.end = undefined
  }

  private takeEvidence(record: ExecutionRecordOf<'leg'>): void {
    const tracked = this.desk.find(asClientOrderId(record.clientOrderId))
    if (tracked === undefined)
      throw new InvariantBrokenException({
        message: `The journal has evidence of order ${record.clientOrderId} but no intent of it. It is not whole; restore it.`,
      })
    this.desk.relearn(tracked, mapRecordToEvidence(record.evidence))
    // Evidence after an end had opened the trade again.
    const trade = this.trades.get(tracked.correlationId)
    if (trade !== undefined) trade.end = undefined
  }

  private takePosting(record: ExecutionRecordOf<'posting'>): void {
    this.portfolio.post(
      record.entries.map(({ account, asset, amount }) => ({
        account: account as LedgerAccount,
        asset: createAssetId(asset),
        amount: Decimal.parse(amount),
      })),
    )
    const { payment } = record
    if (payment !== undefined) this.desk.seenFills.addPayment(payment.instrumentId as InstrumentId, payment.id)
    if (record.reason !== 'opening') return
    for (const { account } of record.entries)
      if (account.startsWith('venue:')) this.desk.setOpened(account.slice('venue:'.length) as AccountId, record.atMs)
  }

  private takeEnd(record: ExecutionRecordOf<'trade_end'>): void {
    const correlationId = asCorrelationId(record.correlationId)
    this.portfolio.results.record({
      correlationId,
      end: record.end,
      realisedProfit: Decimal.parse(record.realisedProfit),
      profitAsset: createAssetId(record.profitAsset),
      refused: record.refused,
      endedAtMs: record.atMs,
    })
    const trade = this.trades.get(correlationId)
    if (trade !== undefined) {
      trade.end = record.end
      trade.handedOver = record.handedOver
      // An end while the order had not left proves that it never will.
      for (const tracked of trade.orders) if (tracked.leg.sentAtMs === undefined) this.desk.discard(tracked)
    }
  }

  private takeAcceptance(record: ExecutionRecordOf<'residual_accepted'>): void {
    const amounts = record.amounts.map(({ asset, amount }) => ({
      asset: createAssetId(asset),
      amount: Decimal.parse(amount),
    }))
    this.portfolio.post(acceptanceEntries(amounts))
    const correlationId = asCorrelationId(record.correlationId)
    if (correlationId === orphansCorrelationId) this.desk.orphans.accept()
    const trade = this.trades.get(correlationId)
    if (trade === undefined) return
    for (const { asset, amount } of amounts)
      trade.accepted.set(asset, (trade.accepted.get(asset) ?? Decimal.zero).plus(amount))
    trade.handedOver = false
    trade.end = 'accepted'
  }

  private forget({ correlationIds }: ExecutionRecordOf<'trades_forgotten'>): void {
    for (const id of correlationIds.map(asCorrelationId)) {
      this.desk.prune(this.trades.get(id)?.orders ?? [])
      this.trades.delete(id)
    }
  }

  /** One order per leg of the plan; a leg without an intent was never sent and counts as refused. */
  private assignLegs(plan: TradePlan, { start, orders }: ReplayedTrade): readonly TrackedLeg[] {
    const left = orders.filter(({ leg }) => leg.role === 'leg')
    return plan.legs.map((planned, index) => {
      const at = left.findIndex(
        ({ leg }) => leg.request.instrument.id === planned.instrument.id && leg.request.side === planned.side,
      )
      const [found] = at < 0 ? [] : left.splice(at, 1)
      if (found !== undefined) return found
      const clientOrderId = asClientOrderId(start.legIds[index] ?? '')
      const { instrument, side, priceTicks, quantityLots, reduceOnly } = planned
      const { correlationId } = plan
      const never = new Leg(
        {
          instrument,
          side,
          priceTicks,
          quantityLots,
          clientOrderId,
          correlationId,
          type: 'limit',
          execution: executionOf(plan.quote !== undefined),
          ...(reduceOnly && { reduceOnly }),
        },
        'leg',
        start.atMs,
      )
      never.apply({ kind: 'absent' })
      return new TrackedLeg(never, correlationId, 0)
    })
  }

  private instrument(id: string): Instrument {
    const instrument = this.venues.instrument(id as InstrumentId)
    if (instrument === undefined)
      throw new InvariantBrokenException({
        message: `The journal speaks of ${id}, which is not configured. Configure it, or begin a new journal.`,
      })
    return instrument
  }
}
