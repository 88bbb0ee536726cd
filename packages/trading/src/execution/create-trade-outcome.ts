import { Decimal } from '@cex-arbitrage/common'
import { attributeProfit, type AssetValuation, type ExecutedOrder } from '../portfolio/attribute-profit.js'
import type { LegOutcome, TradeEnd, TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { Leg } from './leg.js'
import { computeResiduals, type AcceptedAmounts } from './trade-exposure.js'
import type { TrackedLeg } from './tracked-leg.js'

export interface TradeFacts {
  readonly plan: TradePlan
  /** One per leg of the plan, in its order. */
  readonly legs: readonly TrackedLeg[]
  readonly repairs: readonly Leg[]
  /** All orders are settled and nothing is open beyond the bound. */
  readonly closed: boolean
  readonly accepted: AcceptedAmounts
  readonly valuation: AssetValuation
  readonly startedAtMs: number
  readonly durationUs: number
}

/** What came of a trade, from the facts of its orders. */
export function createTradeOutcome(facts: TradeFacts): TradeOutcome {
  const { plan, legs, repairs } = facts
  const all = [...legs.map(({ leg }) => leg), ...repairs]
  const executed = legs.map(({ leg, sendNotional }, index) => ({
    ...executedOrder(leg),
    // A leg that was cut down before it left was quoted for less than the plan has.
    sendNotional: leg.request.quantityLots === plan.legs[index]?.quantityLots ? sendNotional : undefined,
  }))
  return {
    correlationId: plan.correlationId,
    strategy: plan.strategy,
    symbol: plan.symbol,
    end: facts.closed ? closedEnd(all) : 'halted',
    legs: all.map(legOutcome),
    expectedProfit: plan.expectedProfit,
    ...attributeProfit(plan, executed, repairs.map(executedOrder), facts.valuation),
    profitAsset: plan.profitAsset,
    residuals: computeResiduals(plan, all, facts.accepted),
    startedAtMs: facts.startedAtMs,
    durationUs: facts.durationUs,
  }
}

/** Who closes what an open trade has left: the operator, the engine, or its next start. */
export type OpenTradeAdvice = 'close_by_hand' | 'wait' | 'start_again'

/** Names every amount left over and every order that may still move, for the operator. */
export function describeOpenTrade(
  outcome: TradeOutcome,
  orders: readonly TrackedLeg[],
  advice: OpenTradeAdvice,
): string {
  const left = outcome.residuals.map(({ exchange, asset, amount }) => `${amount.toString()} ${asset} on ${exchange}`)
  const open = orders
    .filter(({ leg }) => !leg.settled)
    .map(({ leg }) => {
      const { side, clientOrderId, instrument } = leg.request
      if (leg.contradicted)
        return `${side} order ${clientOrderId} on ${instrument.id} has fills of ${leg.filledQuantity.toString()} in all, more than it can have had`
      return `${side} order ${clientOrderId} on ${instrument.id} is ${leg.state}, up to ${leg.outstandingQuantity.toString()} may still move`
    })
  return `Trade ${outcome.correlationId} ended open: ${[...left, ...open].join('; ')}. ${advices[advice]}`
}

const advices: Readonly<Record<OpenTradeAdvice, string>> = {
  close_by_hand: 'Close it by hand, then resume.',
  wait: 'The engine goes on asking and repairs what the answer leaves. Wait for that; or resume, and what is left over now is yours to close.',
  start_again: 'An exchange cannot be reached, so nobody works on it. Start again; do not close it by hand before.',
}

/** A trade that was halted upon has ended within the bound after all. */
export function describeLateEnd({ correlationId, end, residuals }: TradeOutcome): string {
  const left = residuals.map(({ exchange, asset, amount }) => `${amount.toString()} ${asset} on ${exchange}`)
  return `Trade ${correlationId}, left open before, has ended ${end} by late answers; ${left.join('; ') || 'nothing'} is left. Close nothing by hand any more; resume.`
}

function closedEnd(all: readonly Leg[]): TradeEnd {
  const filled = all.filter(({ filledQuantity }) => !filledQuantity.isZero)
  if (filled.length === 0) return all.every(wasQuoted) ? 'pulled' : 'aborted'
  if (filled.some(({ role }) => role === 'hedge')) return 'hedged'
  return filled.some(({ role }) => role === 'unwind') ? 'unwound' : 'completed'
}

/** It was to rest and has left, and nothing but a price that it would have taken was held against it. */
const wasQuoted = (leg: Leg): boolean => leg.rests && !leg.refused && (leg.exists || leg.sentAtMs !== undefined)

function executedOrder(leg: Leg): ExecutedOrder {
  const { side, instrument } = leg.request
  const filled = leg.fills.reduce((sum, fill) => sum.plus(fill.quantity), Decimal.zero)
  return {
    side,
    base: instrument.base,
    quote: instrument.quote,
    filledBase: filled.times(instrument.contractSize),
    filledNotional: leg.filledNotional,
    fees: leg.fees,
  }
}

const legOutcome = (leg: Leg): LegOutcome => ({
  role: leg.role,
  instrument: leg.request.instrument,
  side: leg.request.side,
  clientOrderId: leg.request.clientOrderId,
  state: leg.state,
  ...(leg.refused && { refused: true as const }),
  filledQuantity: leg.filledQuantity,
  filledNotional: leg.filledNotional,
  fees: leg.fees,
})
