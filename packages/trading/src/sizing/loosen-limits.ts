import { Decimal } from '@cex-arbitrage/common'
import { midPrice } from '../market-data/mid-price.js'
import { priceBand } from './order-rules.js'
import type { SizedPair, SizingRequest } from './sizing-request.js'

/** Further decimals than any price has; cut off when the price goes onto its grid. */
const spareDecimals = 4

/**
 * Moves both limit prices away from the market by half of `slackShare` of the expected profit each, so that a book that
 * moves a little still fills the order and the worst case still pays. Bands, funds and largest and least notional hold.
 */
export function loosenLimits(request: SizingRequest, pair: SizedPair): SizedPair {
  const share = request.limits.slackShare
  if (share.sign <= 0 || pair.profit.sign <= 0) return pair
  const slack = pair.profit.times(share).times(half)
  return {
    ...pair,
    buyLimitTicks: loosenBuy(request, pair, slack),
    sellLimitTicks: loosenSell(request, pair, slack),
  }
}

const half = Decimal.of(5n, 1)

function loosenBuy({ terms, buyBook, funds, limits }: SizingRequest, pair: SizedPair, slack: Decimal): number {
  const { buy, buyQuoteFactor, buyFundsFactor } = terms
  const quantity = terms.toBase(pair.buyUnits)
  const perUnit = (amount: Decimal): Decimal => amount.dividedBy(quantity, buy.priceDecimals + spareDecimals, 'down')
  const bounds = [
    priceBand(buy, midPrice(buyBook), limits.maxPriceDeviation).maxBuy,
    perUnit(funds.buyQuote.dividedBy(buyFundsFactor, buy.priceDecimals + spareDecimals, 'down')),
    perUnit(limits.maxNotional),
    ...(buy.maxNotional === undefined ? [] : [perUnit(buy.maxNotional)]),
  ]
  const tight = buy.ticksToPrice(pair.buyLimitTicks)
  const loose = tight.plus(perUnit(slack.dividedBy(buyQuoteFactor, buy.priceDecimals + spareDecimals, 'down')))
  return Math.max(
    pair.buyLimitTicks,
    buy.priceToTicks(
      bounds.reduce((a, b) => Decimal.min(a, b), loose),
      'down',
    ),
  )
}

function loosenSell({ terms, sellBook, limits }: SizingRequest, pair: SizedPair, slack: Decimal): number {
  const { sell, sellQuoteFactor } = terms
  const quantity = terms.toBase(pair.sellUnits)
  const decimals = sell.priceDecimals + spareDecimals
  const bounds = [
    priceBand(sell, midPrice(sellBook), limits.maxPriceDeviation).minSell,
    sell.minNotional.dividedBy(quantity, decimals, 'up'),
    sell.tickSize,
  ]
  const perUnit = slack.dividedBy(quantity.times(sellQuoteFactor), decimals, 'down')
  const loose = sell.ticksToPrice(pair.sellLimitTicks).minus(perUnit)
  return Math.min(
    pair.sellLimitTicks,
    sell.priceToTicks(
      bounds.reduce((a, b) => Decimal.max(a, b), loose),
      'up',
    ),
  )
}
