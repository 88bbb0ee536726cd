import type { AssetId, Decimal, Fill, Instrument } from '@cex-arbitrage/common'
import type { LedgerAccount, LedgerEntry } from './ledger.js'

/** Whose fill it is: a leg of a plan, an order that repairs a trade, or somebody else's on our account. */
export type FillOrigin = Extract<LedgerAccount, 'trading' | 'legging' | 'foreign'>

/**
 * The posting of one fill. On spot both amounts move at the exchange; on futures they become a position (base held
 * against quote owed) and only the fee moves, until a settlement pays the result out. The fee leaves in whichever asset
 * it was taken from.
 */
export function createFillEntries(fill: Fill, instrument: Instrument, origin: FillOrigin): readonly LedgerEntry[] {
  const venue = `venue:${instrument.exchange}` as const
  const holder = instrument.marketType === 'futures' ? (`position:${instrument.exchange}` as const) : venue
  const quantity = fill.quantity.times(instrument.contractSize)
  const base = fill.side === 'buy' ? quantity : quantity.negated()
  const quote = base.times(fill.price).negated()
  const entries = [
    ...transferEntries(origin, holder, instrument.base, base),
    ...transferEntries(origin, holder, instrument.quote, quote),
  ]
  return fill.fee.isZero ? entries : [...entries, ...transferEntries(venue, 'fees', fill.feeAsset, fill.fee)]
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
