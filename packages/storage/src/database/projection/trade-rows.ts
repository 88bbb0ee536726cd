import type { Instrument } from '@cex-arbitrage/common'
import type { ExecutionRecordOf } from '@cex-arbitrage/trading'
import type { LegTable, ResidualTable, TradeTable } from '../schema.js'

type TradeStart = ExecutionRecordOf<'trade_start'>
type TradeEnd = ExecutionRecordOf<'trade_end'>

/** A trade that has begun. */
export function openTradeRow(journal: string, { atMs, plan }: TradeStart): TradeTable {
  return {
    journal,
    correlationId: plan.correlationId,
    strategy: plan.strategy,
    symbol: plan.symbol,
    startedAtMs: atMs,
    endedAtMs: null,
    outcome: null,
    expectedProfit: plan.expectedProfit,
    realisedProfit: null,
    profitAsset: plan.profitAsset,
    surplusPrices: JSON.stringify(Object.fromEntries(plan.surplusPrices.map(({ asset, price }) => [asset, price]))),
    netEdgeBps: plan.netEdgeBps,
    quoteAgeUs: plan.quoteAgeUs,
    decidedAtUs: plan.decidedAtUs,
    durationUs: null,
    refused: null,
    latency: null,
    slippage: null,
    fees: null,
    rounding: null,
    partialFill: null,
    unwind: null,
  }
}

/** The same trade ended; a later end of it replaces an earlier one. */
export const endedTradeRow = (open: TradeTable, end: TradeEnd): TradeTable => ({
  ...open,
  ...end.attribution,
  endedAtMs: end.atMs,
  outcome: end.end,
  realisedProfit: end.realisedProfit,
  durationUs: Math.round(end.durationUs),
  refused: end.refused ? 1 : 0,
})

/** @param instruments - Of the legs, in the order of the plan. */
export function legRows(journal: string, { plan, legIds }: TradeStart, instruments: readonly Instrument[]): LegTable[] {
  return plan.legs.map((leg, legIndex) => ({
    journal,
    correlationId: plan.correlationId,
    legIndex,
    clientOrderId: legIds[legIndex] ?? '',
    instrumentId: leg.instrumentId,
    exchange: instruments[legIndex]!.exchange,
    side: leg.side,
    priceTicks: leg.priceTicks,
    quantityLots: leg.quantityLots,
    price: instruments[legIndex]!.ticksToPrice(leg.priceTicks).toString(),
    quantity: instruments[legIndex]!.lotsToQuantity(leg.quantityLots).toString(),
    expectedNotional: leg.expectedNotional,
    expectedFee: leg.expectedFee,
    expectedFeeAsset: leg.expectedFeeAsset,
  }))
}

/** @param before - Residuals of an earlier end; those that are no more become zero. */
export function residualRows(
  journal: string,
  { correlationId, residuals }: Pick<TradeEnd, 'correlationId' | 'residuals'>,
  before: readonly ResidualTable[],
): ResidualTable[] {
  const rows = residuals.map((residual, residualIndex) => ({ journal, correlationId, residualIndex, ...residual }))
  return [...rows, ...before.slice(rows.length).map((row) => ({ ...row, amount: '0' }))]
}
