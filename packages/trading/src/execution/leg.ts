import {
  Decimal,
  isFinalOrderStatus,
  type AssetId,
  type ExchangeOrderId,
  type ErrorCode,
  type Fill,
  type FillId,
  type LimitOrderRequest,
  type OrderReference,
  type OrderStatus,
} from '@cex-arbitrage/common'
import type { LegRole } from '../types/leg-role.js'
import { isFinalLegState, type LegState } from '../types/leg-state.js'
import type { LegEvidence } from './leg-evidence.js'

type FinalStatus = Exclude<OrderStatus, 'open' | 'partially_filled'>

/** Which of two contradicting ends is believed: the one that admits more fills. */
const finalRank: Record<FinalStatus, number> = { rejected: 1, cancelled: 2, filled: 3 }

/**
 * One order of ours as a set of facts. Every fact only grows (seen or not, the highest cumulative fill, the union of the
 * fills), and `state` is computed from the facts, so evidence converges in any order, duplicated or late.
 */
export class Leg {
  private journaled = false
  private lastSentAtMs: number | undefined
  private attempts = 0
  private orderId: ExchangeOrderId | undefined
  private refusal: { readonly code: ErrorCode; readonly message: string } | undefined
  private unanswered = false
  private cancelRequested = false
  private absent = false
  private vanished = false
  private existed = false
  private finalStatus: FinalStatus | undefined
  /** Highest cumulative quantity that the exchange has told of. */
  private toldQuantity = Decimal.zero
  private readonly fillsById = new Map<FillId, Fill>()
  private fillSum = Decimal.zero
  private notionalSum = Decimal.zero

  constructor(
    readonly request: LimitOrderRequest,
    readonly role: LegRole,
    /** Unix milliseconds at which it was intended; fills are asked for from here. */
    readonly intendedAtMs: number,
  ) {}

  /** The intent is in the journal: sending is allowed. */
  markJournaled(): void {
    this.journaled = true
  }

  get isJournaled(): boolean {
    return this.journaled
  }

  get state(): LegState {
    if (!this.fillSum.lessThan(this.quantity)) return 'filled'
    if (this.finalStatus === 'filled') return 'filled'
    if (this.finalStatus === 'cancelled' || this.vanished) return 'cancelled'
    if (this.finalStatus === 'rejected') return this.filledQuantity.isZero ? 'rejected' : 'cancelled'
    if (!this.existed && (this.refusal !== undefined || this.absent)) return 'rejected'
    if (!this.existed && this.unanswered) return 'unknown'
    if (this.cancelRequested) return 'cancel_requested'
    if (!this.filledQuantity.isZero) return 'partially_filled'
    if (this.existed) return 'acknowledged'
    if (this.lastSentAtMs !== undefined) return 'sent'
    return this.journaled ? 'journaled' : 'planned'
  }

  /** The order can change no more, and every fill that it had is known. */
  get settled(): boolean {
    return isFinalLegState(this.state) && !this.fillSum.lessThan(this.toldQuantity) && !this.contradicted
  }

  /**
   * Its fills add up to more than it can have had: more than was ordered, or than the exchange tells at its end. One of
   * them has come under two ids, or the exchange does not know its own state yet; what is owned is not known then.
   */
  get contradicted(): boolean {
    if (this.fillSum.greaterThan(this.quantity)) return true
    return this.finalStatus !== undefined && this.fillSum.greaterThan(this.toldQuantity)
  }

  get quantity(): Decimal {
    return this.request.instrument.lotsToQuantity(this.request.quantityLots)
  }

  /** By fills or by what the exchange tells, whichever is more. */
  get filledQuantity(): Decimal {
    return Decimal.max(this.fillSum, this.toldQuantity)
  }

  /** Of the fills known. */
  get filledNotional(): Decimal {
    return this.notionalSum
  }

  /** Quantity that may still move balances: unfilled while it can fill, and filled as long as the fill is not booked. */
  get outstandingQuantity(): Decimal {
    const limit = isFinalLegState(this.state) ? this.toldQuantity : this.quantity
    return Decimal.max(limit.minus(this.fillSum), Decimal.zero)
  }

  get fills(): readonly Fill[] {
    return [...this.fillsById.values()]
  }

  get fees(): readonly { readonly asset: AssetId; readonly amount: Decimal }[] {
    const byAsset = new Map<AssetId, Decimal>()
    for (const fill of this.fillsById.values())
      byAsset.set(fill.feeAsset, (byAsset.get(fill.feeAsset) ?? Decimal.zero).plus(fill.fee))
    return [...byAsset].map(([asset, amount]) => ({ asset, amount }))
  }

  /** It waits on the book for others instead of ending at once. */
  get rests(): boolean {
    return this.request.execution.timeInForce === 'gtc'
  }

  /** The exchange has shown that it has, or had, this order. */
  get exists(): boolean {
    return this.existed
  }

  get exchangeOrderId(): ExchangeOrderId | undefined {
    return this.orderId
  }

  get sentAtMs(): number | undefined {
    return this.lastSentAtMs
  }

  get refusalCode(): ErrorCode | undefined {
    return this.refusal?.code
  }

  /** Refused for another reason than that it would have taken, which is an ordinary end of a quote. */
  get refused(): boolean {
    return this.state === 'rejected' && this.refusal !== undefined && this.refusal.code !== 'ORDER_WOULD_TAKE'
  }

  /** How the exchange is asked for it. */
  get reference(): OrderReference {
    const { instrument, clientOrderId, correlationId } = this.request
    return this.orderId === undefined
      ? { instrument, clientOrderId, correlationId }
      : { instrument, clientOrderId, correlationId, exchangeOrderId: this.orderId }
  }

  /** Takes one piece of evidence; answers whether anything was learnt from it. */
  apply(evidence: LegEvidence): boolean {
    switch (evidence.kind) {
      case 'sent': {
        if (evidence.attempt <= this.attempts) return false
        this.attempts = evidence.attempt
        this.lastSentAtMs = evidence.atMs
        return true
      }
      case 'acknowledged':
        return this.learnOrderId(evidence.exchangeOrderId)
      case 'refused': {
        if (this.refusal !== undefined) return false
        this.refusal = { code: evidence.code, message: evidence.message }
        return true
      }
      case 'unanswered':
        return this.learn('unanswered')
      case 'cancel_requested':
        return this.learn('cancelRequested')
      case 'absent':
        return this.learn('absent')
      case 'vanished':
        return this.learn('vanished')
      case 'update':
        return this.applyUpdate(evidence)
      case 'fill':
        return this.applyFill(evidence.fill)
    }
  }

  private learn(fact: 'unanswered' | 'cancelRequested' | 'absent' | 'vanished'): boolean {
    if (this[fact]) return false
    this[fact] = true
    return true
  }

  private learnOrderId(id: ExchangeOrderId): boolean {
    if (this.existed && this.orderId !== undefined) return false
    this.existed = true
    this.orderId = id
    return true
  }

  private applyUpdate({ update }: Extract<LegEvidence, { kind: 'update' }>): boolean {
    let learnt = this.learnOrderId(update.exchangeOrderId)
    if (isFinalOrderStatus(update.status)) {
      const status = update.status as FinalStatus
      if (this.finalStatus === undefined || finalRank[status] > finalRank[this.finalStatus]) {
        this.finalStatus = status
        learnt = true
      }
    }
    if (update.filledQuantity.greaterThan(this.toldQuantity)) {
      this.toldQuantity = update.filledQuantity
      learnt = true
    }
    return learnt
  }

  private applyFill(fill: Fill): boolean {
    if (this.fillsById.has(fill.fillId)) return false
    this.learnOrderId(fill.exchangeOrderId)
    this.fillsById.set(fill.fillId, fill)
    this.fillSum = this.fillSum.plus(fill.quantity)
    this.notionalSum = this.notionalSum.plus(
      fill.quantity.times(fill.price).times(this.request.instrument.contractSize),
    )
    return true
  }
}
