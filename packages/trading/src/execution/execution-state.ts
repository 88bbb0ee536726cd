import { asCorrelationId, createAssetId, Decimal } from '@cex-arbitrage/common'
import type { LedgerAccount } from '../portfolio/ledger.js'
import type { AccountId } from '../types/account-id.js'
import type { Portfolio } from '../portfolio/portfolio.js'
import type { ExecutionRecordOf } from './execution-record.js'
import type { OrderDesk } from './order-desk.js'

type StateRecord = ExecutionRecordOf<'state'>

/** What all records so far have come to: ledger, results, fills seen, fills that belong to no trade. */
export function captureExecutionState(
  portfolio: Portfolio,
  desk: OrderDesk,
  rememberedTrades: ReadonlySet<string>,
  atMs: number,
): StateRecord {
  const { day, realised, results, failures } = portfolio.results.capture()
  return {
    kind: 'state',
    atMs,
    ledger: portfolio.ledger
      .entries()
      .map(({ account, asset, amount }) => ({ account, asset, amount: amount.toString() })),
    opened: [...desk.openings].map(([exchange, openedAtMs]) => ({ exchange, atMs: openedAtMs })),
    day,
    realised: [...realised].map(([asset, amount]) => ({ asset, amount: amount.toString() })),
    results: results
      .filter(({ correlationId }) => rememberedTrades.has(correlationId))
      .map(({ realisedProfit, ...result }) => ({ ...result, realisedProfit: realisedProfit.toString() })),
    failures,
    seenFills: [...desk.seenFills.newest],
    orphans: desk.orphans.toRecord(),
  }
}

/** Puts everything to what the record says, whatever was there before. */
export function restoreExecutionState(record: StateRecord, portfolio: Portfolio, desk: OrderDesk): void {
  portfolio.ledger.restore(
    record.ledger.map(({ account, asset, amount }) => ({
      account: account as LedgerAccount,
      asset: createAssetId(asset),
      amount: Decimal.parse(amount),
    })),
  )
  portfolio.results.restore({
    day: record.day,
    realised: new Map(record.realised.map(({ asset, amount }) => [createAssetId(asset), Decimal.parse(amount)])),
    results: record.results.map((result) => ({
      ...result,
      correlationId: asCorrelationId(result.correlationId),
      profitAsset: createAssetId(result.profitAsset),
      realisedProfit: Decimal.parse(result.realisedProfit),
    })),
    failures: record.failures,
  })
  for (const { exchange, atMs } of record.opened) desk.setOpened(exchange as AccountId, atMs)
  desk.seenFills.restore(record.seenFills)
  desk.orphans.restore(record.orphans)
}
