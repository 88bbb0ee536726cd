import { Decimal, type Instrument, type Side } from '@cex-arbitrage/common'

/** Which rule of its venue an order would break (invariant S8). */
export type OrderRuleBreach = 'instrument_status' | 'off_grid' | 'below_minimum' | 'above_maximum'

/** The first rule of the instrument that a limit order breaks, if any: status, grids, least and largest quantity and notional. */
export function orderBreach(
  instrument: Instrument,
  side: Side,
  priceTicks: number,
  quantityLots: number,
): OrderRuleBreach | undefined {
  return (
    statusBreach(instrument, side) ??
    (isOnGrid(priceTicks, instrument.tickStep) && isOnGrid(quantityLots, instrument.lotStep)
      ? undefined
      : 'off_grid') ??
    quantityBreach(instrument, quantityLots) ??
    notionalBreach(instrument, instrument.notional(priceTicks, quantityLots))
  )
}

/** Whether the instrument takes orders of this side at the moment. */
export function statusBreach(instrument: Instrument, side: Side): 'instrument_status' | undefined {
  return instrument.status === 'trading' || instrument.status === `${side}_only` ? undefined : 'instrument_status'
}

/** Least and largest quantity of an order. */
export function quantityBreach(
  instrument: Instrument,
  quantityLots: number,
): 'below_minimum' | 'above_maximum' | undefined {
  const quantity = instrument.lotsToQuantity(quantityLots)
  if (quantity.lessThan(instrument.minQuantity)) return 'below_minimum'
  return instrument.maxQuantity?.lessThan(quantity) === true ? 'above_maximum' : undefined
}

/** Least and largest notional of an order. */
export function notionalBreach(
  instrument: Instrument,
  notional: Decimal,
): 'below_minimum' | 'above_maximum' | undefined {
  if (notional.lessThan(instrument.minNotional)) return 'below_minimum'
  return instrument.maxNotional?.lessThan(notional) === true ? 'above_maximum' : undefined
}

/** Positive, exact and a multiple of the step. */
const isOnGrid = (value: number, step: number): boolean =>
  Number.isSafeInteger(value) && value > 0 && value % step === 0

/**
 * How far from a reference price an order may be: the instrument's own band, and ours where it is narrower.
 *
 * @param ownRatio - Our limit on both sides; `0.02` is two percent.
 * @returns the highest price of a buy and the lowest of a sell, in quote.
 */
export function priceBand(
  instrument: Instrument,
  reference: Decimal,
  ownRatio: Decimal,
): { readonly maxBuy: Decimal; readonly minSell: Decimal } {
  const above = Decimal.min(ownRatio, instrument.priceBand?.buyAboveRatio ?? ownRatio)
  const below = Decimal.min(ownRatio, instrument.priceBand?.sellBelowRatio ?? ownRatio)
  return { maxBuy: reference.times(Decimal.one.plus(above)), minSell: reference.times(Decimal.one.minus(below)) }
}
