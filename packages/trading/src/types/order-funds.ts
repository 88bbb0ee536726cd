import { Decimal, type AssetId, type Instrument, type Side } from '@cex-arbitrage/common'

/** Places to which a margin is divided, upwards. */
const marginDecimals = 12

/** The asset that an order binds: quote on a buy and on perpetual contracts, base on a sale of spot. */
export const boundAsset = ({ instrument, side }: { readonly instrument: Instrument; readonly side: Side }): AssetId =>
  side === 'buy' || instrument.marketType === 'futures' ? instrument.quote : instrument.base

/** What an order that makes a position larger binds: its margin, and the fee. */
export function marginOf({ fees }: Instrument, notional: Decimal, leverage: Decimal): Decimal {
  const fee = Decimal.max(Decimal.max(fees.taker, fees.maker), Decimal.zero)
  return notional.dividedBy(leverage, marginDecimals, 'up').plus(notional.times(fee))
}

/** The notional that so much margin carries, its fee included. */
export function notionalCarried({ fees }: Instrument, available: Decimal, leverage: Decimal): Decimal {
  const fee = Decimal.max(Decimal.max(fees.taker, fees.maker), Decimal.zero)
  return available.times(leverage).dividedBy(Decimal.one.plus(fee.times(leverage)), marginDecimals, 'down')
}
