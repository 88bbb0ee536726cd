import {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  asFillId,
  createAssetId,
  Decimal,
  InvariantBrokenException,
  parseSymbol,
  type Fill,
  type Instrument,
  type InstrumentId,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { LegPlan, TradePlan } from '../types/trade-plan.js'
import type { EvidenceRecord, ExecutionRecordOf, FillRecord, PlanRecord } from './execution-record.js'
import type { LegEvidence } from './leg-evidence.js'

/** Finds an instrument by its id; `undefined` when it is no longer configured. */
export type InstrumentLookup = (id: InstrumentId) => Instrument | undefined

export function mapFillToRecord(fill: Fill): FillRecord {
  return {
    fillId: fill.fillId,
    instrumentId: fill.instrumentId,
    exchangeOrderId: fill.exchangeOrderId,
    clientOrderId: fill.clientOrderId ?? null,
    side: fill.side,
    price: fill.price.toString(),
    quantity: fill.quantity.toString(),
    fee: fill.fee.toString(),
    feeAsset: fill.feeAsset,
    role: fill.role,
    exchangeTimeMs: fill.exchangeTimeMs,
  }
}

export function mapRecordToFill(record: FillRecord): Fill {
  return {
    fillId: asFillId(record.fillId),
    instrumentId: record.instrumentId as InstrumentId,
    exchangeOrderId: asExchangeOrderId(record.exchangeOrderId),
    clientOrderId: record.clientOrderId === null ? undefined : asClientOrderId(record.clientOrderId),
    side: record.side,
    price: Decimal.parse(record.price),
    quantity: Decimal.parse(record.quantity),
    fee: Decimal.parse(record.fee),
    feeAsset: createAssetId(record.feeAsset),
    role: record.role,
    exchangeTimeMs: record.exchangeTimeMs,
  }
}

export function mapEvidenceToRecord(evidence: LegEvidence): EvidenceRecord {
  switch (evidence.kind) {
    case 'fill':
      return { kind: 'fill', fill: mapFillToRecord(evidence.fill) }
    case 'update':
      return { kind: 'update', update: mapUpdateToRecord(evidence.update) }
    case 'sent':
    case 'acknowledged':
    case 'refused':
    case 'unanswered':
    case 'cancel_requested':
    case 'absent':
    case 'vanished':
      return evidence
  }
}

export function mapRecordToEvidence(record: EvidenceRecord): LegEvidence {
  switch (record.kind) {
    case 'fill':
      return { kind: 'fill', fill: mapRecordToFill(record.fill) }
    case 'update':
      return { kind: 'update', update: mapRecordToUpdate(record.update) }
    case 'acknowledged':
      return { kind: 'acknowledged', exchangeOrderId: asExchangeOrderId(record.exchangeOrderId) }
    case 'sent':
    case 'refused':
    case 'unanswered':
    case 'cancel_requested':
    case 'absent':
    case 'vanished':
      return record
  }
}

export function mapPlanToRecord(plan: TradePlan): PlanRecord {
  return {
    correlationId: plan.correlationId,
    strategy: plan.strategy,
    symbol: plan.symbol,
    legs: plan.legs.map(mapPlannedToRecord),
    ...(plan.quote !== undefined && { quote: { ...plan.quote, hedge: mapPlannedToRecord(plan.quote.hedge) } }),
    sending: plan.sending,
    ...(plan.holding !== undefined && { holding: plan.holding }),
    expectedProfit: plan.expectedProfit.toString(),
    surplusPrices: [...plan.surplusPrices].map(([asset, price]) => ({ asset, price: price.toString() })),
    profitAsset: plan.profitAsset,
    netEdgeBps: plan.netEdgeBps,
    quoteAgeUs: plan.quoteAgeUs,
    decidedAtUs: plan.decidedAtUs,
  }
}

const mapPlannedToRecord = (leg: LegPlan): PlanRecord['legs'][number] => ({
  instrumentId: leg.instrument.id,
  side: leg.side,
  priceTicks: leg.priceTicks,
  quantityLots: leg.quantityLots,
  expectedNotional: leg.expectedNotional.toString(),
  expectedFee: leg.expectedFee.toString(),
  expectedFeeAsset: leg.expectedFeeAsset,
  ...(leg.reduceOnly && { reduceOnly: true as const }),
})

export function mapOutcomeToRecord(
  outcome: TradeOutcome,
  { refused, handedOver }: { readonly refused: boolean; readonly handedOver: boolean },
  atMs: number,
): ExecutionRecordOf<'trade_end'> {
  const { correlationId, end, profitAsset, attribution, durationUs } = outcome
  return {
    kind: 'trade_end',
    atMs,
    correlationId,
    end,
    expectedProfit: outcome.expectedProfit.toString(),
    realisedProfit: outcome.realisedProfit.toString(),
    profitAsset,
    refused,
    handedOver,
    attribution: {
      latency: attribution.latency.toString(),
      slippage: attribution.slippage.toString(),
      fees: attribution.fees.toString(),
      rounding: attribution.rounding.toString(),
      partialFill: attribution.partialFill.toString(),
      unwind: attribution.unwind.toString(),
    },
    residuals: outcome.residuals.map(({ exchange, asset, amount }) => ({ exchange, asset, amount: amount.toString() })),
    durationUs,
  }
}

/** @throws {@link InvariantBrokenException} An instrument of the plan is no longer configured. */
export function mapRecordToPlan(record: PlanRecord, lookup: InstrumentLookup): TradePlan {
  const mapPlanned = (leg: PlanRecord['legs'][number]): LegPlan => {
    const instrument = lookup(leg.instrumentId as InstrumentId)
    if (instrument === undefined)
      throw new InvariantBrokenException({
        correlationId: asCorrelationId(record.correlationId),
        message: `The journal has an open trade on ${leg.instrumentId}, which is not configured. Configure it, or settle the trade by hand.`,
      })
    return {
      instrument,
      side: leg.side,
      priceTicks: leg.priceTicks,
      quantityLots: leg.quantityLots,
      expectedNotional: Decimal.parse(leg.expectedNotional),
      expectedFee: Decimal.parse(leg.expectedFee),
      expectedFeeAsset: createAssetId(leg.expectedFeeAsset),
      ...(leg.reduceOnly && { reduceOnly: true as const }),
    }
  }
  return {
    correlationId: asCorrelationId(record.correlationId),
    strategy: record.strategy,
    symbol: parseSymbol(record.symbol).symbol,
    legs: record.legs.map(mapPlanned) as [LegPlan, ...LegPlan[]],
    ...(record.quote !== undefined && { quote: { ...record.quote, hedge: mapPlanned(record.quote.hedge) } }),
    sending: record.sending,
    ...(record.holding !== undefined && { holding: record.holding }),
    expectedProfit: Decimal.parse(record.expectedProfit),
    surplusPrices: new Map(
      record.surplusPrices.map(({ asset, price }) => [createAssetId(asset), Decimal.parse(price)]),
    ),
    profitAsset: createAssetId(record.profitAsset),
    netEdgeBps: record.netEdgeBps,
    quoteAgeUs: record.quoteAgeUs,
    decidedAtUs: record.decidedAtUs,
  }
}

type UpdateRecord = Extract<EvidenceRecord, { kind: 'update' }>['update']

function mapUpdateToRecord(update: OrderUpdate): UpdateRecord {
  return {
    instrumentId: update.instrumentId,
    clientOrderId: update.clientOrderId ?? null,
    exchangeOrderId: update.exchangeOrderId,
    side: update.side,
    status: update.status,
    quantity: update.quantity?.toString() ?? null,
    price: update.price?.toString() ?? null,
    filledQuantity: update.filledQuantity.toString(),
    filledNotional: update.filledNotional.toString(),
    exchangeTimeMs: update.exchangeTimeMs,
    reason: update.reason ?? null,
  }
}

function mapRecordToUpdate(record: UpdateRecord): OrderUpdate {
  return {
    instrumentId: record.instrumentId as InstrumentId,
    clientOrderId: record.clientOrderId === null ? undefined : asClientOrderId(record.clientOrderId),
    exchangeOrderId: asExchangeOrderId(record.exchangeOrderId),
    side: record.side,
    status: record.status,
    quantity: record.quantity === null ? undefined : Decimal.parse(record.quantity),
    price: record.price === null ? undefined : Decimal.parse(record.price),
    filledQuantity: Decimal.parse(record.filledQuantity),
    filledNotional: Decimal.parse(record.filledNotional),
    exchangeTimeMs: record.exchangeTimeMs,
    reason: record.reason ?? undefined,
  }
}
