import type { Decimal, LimitOrderRequest } from '@cex-arbitrage/common'
import { Leg, type LegRole } from '@cex-arbitrage/trading'
import type { OrderTable } from '../schema.js'

/** One order as the journal has it so far: the same state machine that the executor runs, and what it does not keep. */
export class ProjectedOrder {
  readonly leg: Leg
  attempts = 0
  sendNotional: string | null = null
  refusal: { readonly code: string; readonly message: string } | undefined

  constructor(request: LimitOrderRequest, role: LegRole, intendedAtMs: number) {
    this.leg = new Leg(request, role, intendedAtMs)
    this.leg.markJournaled()
  }

  toRow(journal: string, updatedAtMs: number): OrderTable {
    const { leg } = this
    const { instrument, clientOrderId, correlationId, side, priceTicks, quantityLots } = leg.request
    return {
      journal,
      clientOrderId,
      correlationId,
      role: leg.role,
      instrumentId: instrument.id,
      exchange: instrument.exchange,
      side,
      priceTicks,
      quantityLots,
      price: text(instrument.ticksToPrice(priceTicks)),
      quantity: text(leg.quantity),
      exchangeOrderId: leg.exchangeOrderId ?? null,
      state: leg.state,
      attempts: this.attempts,
      filledQuantity: text(leg.filledQuantity),
      filledNotional: text(leg.filledNotional),
      sendNotional: this.sendNotional,
      refusalCode: this.refusal?.code ?? null,
      refusalMessage: this.refusal?.message ?? null,
      intendedAtMs: leg.intendedAtMs,
      sentAtMs: leg.sentAtMs ?? null,
      updatedAtMs,
    }
  }
}

const text = (value: Decimal): string => value.toString()
