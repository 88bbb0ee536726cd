import { Decimal, type OrderBook } from '@cex-arbitrage/common'
import { midPrice } from '../market-data/mid-price.js'
import type { LegTerms, LimitedLots } from './leg-terms.js'
import { priceBand } from './order-rules.js'
import type { SizingLimits } from './sizing-request.js'

/** Further decimals than any price has; cut off when the price goes onto its grid. */
const spareDecimals = 4

export interface LooseningRequest {
  readonly leg: LegTerms
  readonly book: OrderBook
  readonly order: LimitedLots
  /** What the order may cost more or bring less, in quote. */
  readonly slack: Decimal
  /** What the account may use for it: quote on a buy. */
  readonly available: Decimal
  readonly limits: Pick<SizingLimits, 'maxNotional' | 'maxPriceDeviation'>
}

/** The limit price that gives away up to the slack to get filled. Bands, funds and largest and least notional hold. */
export const loosenLimit = (request: LooseningRequest): number =>
  request.leg.side === 'buy' ? loosenBuy(request) : loosenSell(request)

function loosenBuy({ leg, book, order, slack, available, limits }: LooseningRequest): number {
  const { instrument, quoteFactor, fundsFactor } = leg
  const decimals = instrument.priceDecimals + spareDecimals
  const quantity = instrument.lotsToQuantity(order.lots).times(instrument.contractSize)
  const perUnit = (amount: Decimal): Decimal => amount.dividedBy(quantity, decimals, 'down')
  const bounds = [
    priceBand(instrument, midPrice(book), limits.maxPriceDeviation).maxBuy,
    perUnit(available.dividedBy(fundsFactor, decimals, 'down')),
    perUnit(limits.maxNotional),
    ...(instrument.maxNotional === undefined ? [] : [perUnit(instrument.maxNotional)]),
  ]
  const tight = instrument.ticksToPrice(order.limitTicks)
  const loose = tight.plus(perUnit(slack.dividedBy(quoteFactor, decimals, 'down')))
  const bound = bounds.reduce((a, b) => Decimal.min(a, b), loose)
  return Math.max(order.limitTicks, instrument.priceToTicks(bound, 'down'))
}

function loosenSell({ leg, book, order, slack, limits }: LooseningRequest): number {
  const { instrument, quoteFactor } = leg
  const decimals = instrument.priceDecimals + spareDecimals
  const quantity = instrument.lotsToQuantity(order.lots).times(instrument.contractSize)
  const bounds = [
    priceBand(instrument, midPrice(book), limits.maxPriceDeviation).minSell,
    instrument.minNotional.dividedBy(quantity, decimals, 'up'),
    instrument.tickSize,
  ]
  const perUnit = slack.dividedBy(quantity.times(quoteFactor), decimals, 'down')
  const loose = instrument.ticksToPrice(order.limitTicks).minus(perUnit)
  const bound = bounds.reduce((a, b) => Decimal.max(a, b), loose)
  return Math.min(order.limitTicks, instrument.priceToTicks(bound, 'up'))
}
