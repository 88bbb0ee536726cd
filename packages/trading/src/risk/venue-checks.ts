import { Decimal, type Instrument } from '@cex-arbitrage/common'
import { midPrice } from '../market-data/mid-price.js'
import { pairDistrust, quoteDistrust } from '../market-data/quotability.js'
import { orderBreach, priceBand } from '../sizing/order-rules.js'
import { accountOf } from '../types/account-id.js'
import { ordersOf, type LegPlan, type TradePlan } from '../types/trade-plan.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'
import { refuse, type RiskRefusal } from './risk-refusal.js'

/** An instrument whose exchange's clock or feed, or whose account is in no state to trade on. */
export function exchangeRefusal(deps: RiskGateDependencies, instrument: Instrument): RiskRefusal | undefined {
  const { offsets, limits, feeds, account } = deps
  const { exchange } = instrument
  const own = accountOf(instrument)
  const offsetMs = offsets.certainOffsetMs(exchange)
  if (offsetMs > limits.maxClockOffsetMs)
    return refuse('clock_offset', `The clock of ${exchange} differs by ${Math.round(offsetMs)} ms.`)
  if (feeds.isStale(exchange)) return refuse('stale_feed', `${exchange} has sent no market data lately.`)
  if (!account.isCurrent(own)) return refuse('account_stale', `The account stream of ${own} does not stand.`)
  const unknown = account.unknownOrders(own)
  return unknown > 0 ? refuse('unknown_order', `${unknown} orders on ${own} have no known outcome.`) : undefined
}

/** Books that may not be quoted from, alone or as pairs, now and not when the plan was made (invariant S6). */
export function bookRefusal(deps: RiskGateDependencies, plan: TradePlan): RiskRefusal | undefined {
  const nowUs = deps.clock.nowUs()
  const books = []
  for (const leg of ordersOf(plan)) {
    const book = deps.board.bookOf(leg.instrument.id)
    if (book === undefined) return refuse('untrusted_book', `${leg.instrument.id} has no book.`)
    const distrust = quoteDistrust(book, nowUs, deps.limits.maxQuoteAgeUs)
    if (distrust !== undefined) return refuse(distrust, `The book of ${leg.instrument.id} may not be quoted from.`)
    books.push(book)
  }
  for (let i = 1; i < books.length; i++)
    for (let j = 0; j < i; j++) {
      const [one, other] = [books[j]!, books[i]!]
      const distrust = pairDistrust(one, other, nowUs, deps.limits)
      if (distrust !== undefined)
        return refuse(distrust, `The books of ${one.instrument.id} and ${other.instrument.id} differ in age.`)
    }
  return undefined
}

/** What the venue of a leg would refuse: status, grids, least and largest, price band, and an unwind that is not legal (S8). */
export function legRefusal(deps: RiskGateDependencies, leg: LegPlan): RiskRefusal | undefined {
  const { instrument, side, priceTicks, quantityLots } = leg
  const breach = orderBreach(instrument, side, priceTicks, quantityLots)
  if (breach !== undefined)
    return refuse(breach, `${side} ${quantityLots} lots at ${priceTicks} ticks is no order for ${instrument.id}.`)
  const beyond = bandRefusal(deps, leg, deps.limits.maxPriceDeviation)
  if (beyond !== undefined) return beyond
  const unwind = unwindBreach(deps, leg)
  return unwind === undefined
    ? undefined
    : refuse('unwind', `Unwinding ${quantityLots} lots on ${instrument.id} would be refused: ${unwind}.`)
}

/** A price too far from the middle of its book; a book that may not be quoted from sets no band. */
export function bandRefusal(
  deps: RiskGateDependencies,
  order: Pick<LegPlan, 'instrument' | 'side' | 'priceTicks'>,
  ownRatio: Decimal,
): RiskRefusal | undefined {
  const { instrument, side } = order
  const book = deps.board.bookOf(instrument.id)
  if (book === undefined || book.distrust(deps.clock.nowUs(), deps.limits.maxQuoteAgeUs) !== undefined) return undefined
  const { maxBuy, minSell } = priceBand(instrument, midPrice(book), ownRatio)
  const price = instrument.ticksToPrice(order.priceTicks)
  const beyond = side === 'buy' ? price.greaterThan(maxBuy) : price.lessThan(minSell)
  return beyond
    ? refuse('price_band', `${price.toString()} is too far from the middle of ${instrument.id}.`)
    : undefined
}

/** The reverse order, of what a leg leaves when the other fails, at the best price of its side. */
function unwindBreach(deps: RiskGateDependencies, leg: LegPlan): string | undefined {
  const { instrument, side } = leg
  const book = deps.board.bookOf(instrument.id)!
  if (side === 'sell')
    return orderBreach(instrument, 'buy', onGrid(book.asks.priceTicksAt(0), instrument.tickStep), leg.quantityLots)
  const feeInBase = leg.expectedFeeAsset === instrument.base
  const keep = feeInBase ? Decimal.one.minus(instrument.fees.taker) : Decimal.one
  const arriving = Decimal.min(
    instrument.lotsToQuantity(leg.quantityLots),
    instrument.lotsToQuantity(leg.quantityLots).times(keep),
  )
  const lots = instrument.quantityToLots(arriving, 'down')
  return orderBreach(instrument, 'sell', onGrid(book.bids.priceTicksAt(0), instrument.tickStep), lots)
}

const onGrid = (ticks: number, step: number): number => Math.floor(ticks / step) * step
