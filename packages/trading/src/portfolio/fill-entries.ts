import { Decimal, type AssetId, type Fill, type Instrument } from '@cex-arbitrage/common'
import { accountOf } from '../types/account-id.js'
import type { Ledger, LedgerAccount, LedgerEntry } from './ledger.js'
import { realisedResult, type PositionAmounts } from './position-settlement.js'

/** Whose fill it is: a leg of a plan, an order that repairs a trade, or somebody else's on our account. */
export type FillOrigin = Extract<LedgerAccount, 'trading' | 'legging' | 'foreign'>

/** The account that holds what a perpetual contract has come to: base against quote. */
export const positionAccountOf = ({ id }: Instrument) => `position:${id}` as const

/**
 * The posting of one fill. On spot both amounts move at the exchange. On a perpetual contract they become a position, and
 * what the fill realises of that moves at the exchange, and the fee. The fee leaves in whichever asset it was taken from.
 *
 * @param ledger - As it was before the fill; asked what the position has come to.
 */
export function createFillEntries(
  fill: Fill,
  instrument: Instrument,
  origin: FillOrigin,
  ledger: Pick<Ledger, 'balance'>,
): readonly LedgerEntry[] {
  const venue = `venue:${accountOf(instrument)}` as const
  const isPosition = instrument.marketType === 'futures'
  const holder = isPosition ? positionAccountOf(instrument) : venue
  const quantity = fill.quantity.times(instrument.contractSize)
  const base = fill.side === 'buy' ? quantity : quantity.negated()
  const quote = base.times(fill.price).negated()
  const entries = [
    ...transferEntries(origin, holder, instrument.base, base),
    ...transferEntries(origin, holder, instrument.quote, quote),
  ]
  const realised = isPosition ? realisedResult(positionIn(ledger, instrument), { base, quote }) : Decimal.zero
  if (!realised.isZero) entries.push(...transferEntries(holder, venue, instrument.quote, realised))
  return fill.fee.isZero ? entries : [...entries, ...transferEntries(venue, 'fees', fill.feeAsset, fill.fee)]
}

/** What the ledger holds of a perpetual contract. */
export function positionIn(ledger: Pick<Ledger, 'balance'>, instrument: Instrument): PositionAmounts {
  const account = positionAccountOf(instrument)
  return { base: ledger.balance(account, instrument.base), quote: ledger.balance(account, instrument.quote) }
}

/** Of a fill that no order of the journal had; an orphan's is ours all the same. */
export const strangerOrigin = (orphan: boolean): FillOrigin => (orphan ? 'legging' : 'foreign')

/** An amount of an asset that an operator takes over from a trade. */
export interface AcceptedAmount {
  readonly asset: AssetId
  readonly amount: Decimal
}

/** What an operator takes over is held against the account of fills that are not ours. */
export const acceptanceEntries = (amounts: readonly AcceptedAmount[]): readonly LedgerEntry[] =>
  amounts.flatMap(({ asset, amount }) => transferEntries('foreign', 'legging', asset, amount))

/** Moves an amount from one account to another. */
export function transferEntries(
  from: LedgerAccount,
  to: LedgerAccount,
  asset: AssetId,
  amount: LedgerEntry['amount'],
): readonly [LedgerEntry, LedgerEntry] {
  return [
    { account: to, asset, amount },
    { account: from, asset, amount: amount.negated() },
  ]
}
