import { Decimal, type Instrument } from '@cex-arbitrage/common'

const half = Decimal.of(5n, 1)

/**
 * The notional of an order of which the exchange tells a rounded average price: moved to the nearest step of the grid of
 * prices and quantities, on which the notional of fills lies. Exact unless the rounding comes to more than half a step.
 *
 * @param quantity - In base or contracts.
 */
export function roundedNotional(quantity: Decimal, averagePrice: Decimal, instrument: Instrument): Decimal {
  const { priceDecimals, quantityDecimals, contractSize } = instrument
  const step = Decimal.of(1n, priceDecimals + quantityDecimals).times(contractSize)
  return quantity.times(contractSize).times(averagePrice).plus(step.times(half)).toMultipleOf(step, 'down')
}
