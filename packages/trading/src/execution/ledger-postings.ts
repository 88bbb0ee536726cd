import { Decimal, type AssetId, type Balance, type Clock, type CorrelationId } from '@cex-arbitrage/common'
import type { FundingPayment } from '@cex-arbitrage/exchanges'
import type { BalanceDifference } from '../portfolio/balance-auditor.js'
import { acceptanceEntries, transferEntries, type AcceptedAmount } from '../portfolio/fill-entries.js'
import type { LedgerEntry } from '../portfolio/ledger.js'
import { fundingAccountOf } from '../portfolio/positions.js'
import type { Portfolio } from '../portfolio/portfolio.js'
import { accountOf, type AccountId } from '../types/account-id.js'
import type { Journal } from '../types/journal.js'
import type { ExecutionRecord, ExecutionRecordOf } from './execution-record.js'

export type PostingReason = ExecutionRecordOf<'posting'>['reason']

/** Journals and posts what is no fill: openings, transfers, funding, settlements. */
export class LedgerPostings {
  constructor(
    private readonly portfolio: Portfolio,
    private readonly journal: Journal<ExecutionRecord>,
    private readonly clock: Clock,
  ) {}

  /** Takes what the account holds now as the beginning; an empty account is opened with nothing of `asset`. */
  open(account: AccountId, balances: readonly Balance[], asset: AssetId): void {
    const nothing: Balance = { asset, free: Decimal.zero, locked: Decimal.zero }
    const entries = (balances.length > 0 ? balances : [nothing]).flatMap(({ asset, free, locked }) =>
      transferEntries('equity:opening', `venue:${account}`, asset, free.plus(locked)),
    )
    this.post('opening', entries)
  }

  /** Takes the exchange's word for differences that nothing explains. */
  adopt(account: AccountId, differences: readonly BalanceDifference[]): void {
    const entries = differences.flatMap((pair) =>
      transferEntries('equity:adjustment', `venue:${account}`, pair.asset, pair.exchange.minus(pair.ledger)),
    )
    this.post('adjustment', entries)
  }

  /** A deposit (positive) or withdrawal of ours. */
  transfer(account: AccountId, asset: AssetId, amount: Decimal): void {
    this.post('transfer', transferEntries('equity:transfer', `venue:${account}`, asset, amount))
  }

  /** Funding received or paid on a position. */
  fund({ id, instrument, asset, amount }: FundingPayment): void {
    const venue = `venue:${accountOf(instrument)}` as const
    this.post('funding', transferEntries(fundingAccountOf(instrument), venue, asset, amount), {
      instrumentId: instrument.id,
      id,
    })
  }

  /** What the exchange's own rounding of results has brought (positive) or taken. */
  settleRounding(account: AccountId, { asset, ledger, exchange }: BalanceDifference): void {
    this.post('settlement', transferEntries('fees', `venue:${account}`, asset, exchange.minus(ledger)))
  }

  /** What an operator has taken over of a trade leaves our position: the fills that close it by hand are not ours. */
  accept(correlationId: CorrelationId, amounts: readonly AcceptedAmount[]): void {
    this.portfolio.post(acceptanceEntries(amounts))
    this.journal.enqueue({
      kind: 'residual_accepted',
      atMs: this.clock.nowMs(),
      correlationId,
      amounts: amounts.map(({ asset, amount }) => ({ asset, amount: amount.toString() })),
    })
  }

  private post(
    reason: PostingReason,
    entries: readonly LedgerEntry[],
    payment?: ExecutionRecordOf<'posting'>['payment'],
  ): void {
    if (entries.length === 0) return
    this.portfolio.post(entries)
    this.journal.enqueue({
      kind: 'posting',
      atMs: this.clock.nowMs(),
      reason,
      ...(payment !== undefined && { payment }),
      entries: entries.map(({ account, asset, amount }) => ({ account, asset, amount: amount.toString() })),
    })
  }
}
