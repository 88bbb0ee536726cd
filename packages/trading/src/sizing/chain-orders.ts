import type { Decimal, Instrument, OrderBook } from '@cex-arbitrage/common'
import { walkDepth } from '../market-data/depth-walk.js'
import type { CycleOrders, CycleRequest, SizedLeg } from './cycle-request.js'
import type { LegTerms } from './leg-terms.js'

/** An order against the book. */
export interface WalkedLeg extends SizedLeg {
  /** Of the last level that it takes. */
  readonly worstTicks: number
}

/** Three orders of which each brings, at its limit price and after its fee, what the next one takes. */
export interface ChainedOrders extends CycleOrders {
  readonly opening: WalkedLeg
  readonly cross: WalkedLeg
  readonly closing: WalkedLeg
}

/**
 * The least orders that pay for selling `closingLots` at the end. Quantities are rounded up against the way of the money,
 * leg by leg, and the cross counts at its limit price: whatever it is filled at, no leg wants more than there is.
 *
 * @param crossSlackTicks - How much worse than the book the cross may be filled.
 * @returns `undefined` when a book has not so much.
 */
export function chainOrders(
  request: CycleRequest,
  closingLots: number,
  crossSlackTicks: number,
): ChainedOrders | undefined {
  const { terms, openingBook, crossBook, closingBook } = request
  const closing = walkLeg(terms.closing, closingBook, closingLots)
  if (closing === undefined) return undefined
  const sold = terms.closing.instrument.lotsToQuantity(closingLots)
  const crossLots =
    terms.crossSide === 'buy'
      ? lotsThatBring(terms.cross.instrument, sold, terms.cross.arrivingShare)
      : crossLotsToSell(request, sold, crossSlackTicks)
  const cross = walkLeg(terms.cross, crossBook, crossLots, crossSlackTicks)
  if (cross === undefined) return undefined
  const openingLots = lotsThatBring(
    terms.opening.instrument,
    terms.cross.takesAtLimit(cross),
    terms.opening.arrivingShare,
  )
  const opening = walkLeg(terms.opening, openingBook, openingLots)
  return opening === undefined ? undefined : { opening, cross, closing }
}

function walkLeg(leg: LegTerms, book: OrderBook, lots: number, slackTicks = 0): WalkedLeg | undefined {
  const walked = walkDepth(leg.facing(book), lots)
  if (lots <= 0 || walked.quantityLots < lots) return undefined
  const { worstPriceTicks: worstTicks, tickLots } = walked
  const limitTicks = leg.limitTicks(leg.side === 'buy' ? worstTicks + slackTicks : worstTicks - slackTicks)
  if (limitTicks <= 0) return undefined
  return { lots, limitTicks, worstTicks, notional: leg.instrument.tickLotsToNotional(tickLots) }
}

/** The least quantity on the order grid that brings so much, `perUnit` being what a unit of base does. */
function lotsThatBring(instrument: Instrument, wanted: Decimal, perUnit: Decimal): number {
  const gross = wanted.dividedBy(perUnit, instrument.quantityDecimals, 'up')
  return Number(gross.stepsOf(instrument.lotSize, 'up')) * instrument.lotStep
}

/** The least quantity of the cross whose sale brings so much of its quote, all of it at the price of its last level. */
function crossLotsToSell({ terms, crossBook }: CycleRequest, wanted: Decimal, slackTicks: number): number {
  const { instrument, arrivingShare } = terms.cross
  const { bids } = crossBook
  let depthLots = 0
  for (let rank = 0; rank < bids.depth; rank++) {
    depthLots += bids.quantityLotsAt(rank)
    const limitTicks = terms.cross.limitTicks(bids.priceTicksAt(rank) - slackTicks)
    if (limitTicks <= 0) return 0
    const lots = lotsThatBring(instrument, wanted, instrument.ticksToPrice(limitTicks).times(arrivingShare))
    if (lots <= depthLots) return lots
  }
  return 0
}
