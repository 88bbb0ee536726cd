import { Decimal, type OrderBook } from '@cex-arbitrage/common'
import { walkDepth } from '../market-data/depth-walk.js'
import { notionalBreach, quantityBreach } from './order-rules.js'

/** Whether so many lots find bids where they were bought. */
export function canSellBack(book: OrderBook, lots: number): boolean {
  return walkDepth(book.bids, lots).quantityLots === lots
}

/**
 * What it costs in quote, fee included, to buy back what was sold, prices being worse by the margin; `undefined` where the
 * asks do not have so much.
 */
export function buyBackCost(book: OrderBook, lots: number, margin: Decimal): Decimal | undefined {
  const { instrument } = book
  const asks = walkDepth(book.asks, lots)
  if (asks.quantityLots < lots) return undefined
  const { assetRule, taker } = instrument.fees
  const feeFactor = assetRule === 'received' ? Decimal.one : Decimal.one.plus(taker)
  return instrument.notional(asks.worstPriceTicks, lots).times(Decimal.one.plus(margin)).times(feeFactor)
}

/** What arrived of a bought quantity, cut to the grid on which it would be sold back. */
export function sellBackLots({ instrument }: OrderBook, arriving: Decimal): number {
  const contracts = arriving.dividedBy(instrument.contractSize, instrument.quantityDecimals, 'down')
  return instrument.quantityToLots(contracts, 'down')
}

/** Whether an order that unwinds so many lots is large enough for its venue, prices being worse by the margin. */
export function isUnwindLargeEnough(book: OrderBook, lots: number, margin: Decimal): boolean {
  const { instrument } = book
  if (lots <= 0) return false
  const notional = instrument.notional(book.bids.priceTicksAt(0), lots).times(Decimal.one.minus(margin))
  return quantityBreach(instrument, lots) === undefined && notionalBreach(instrument, notional) !== 'below_minimum'
}
