/** @import { TradeOutcome } from '@cex-arbitrage/trading' */

/**
 * A trade in one line: its legs as filled, hedges included, and what it brought beside what it should have brought.
 *
 * @param {TradeOutcome} outcome
 */
export function describeOutcome({ legs, end, expectedProfit, realisedProfit, profitAsset }) {
  const orders = legs.map(
    ({ side, filledQuantity, instrument }) => `${side} ${filledQuantity.toString()} on ${instrument.exchange}`,
  )
  return `${orders.join(', ')}: ${end}, ${realisedProfit.toFixed(4)} ${profitAsset}, expected ${expectedProfit.toFixed(4)}`
}
