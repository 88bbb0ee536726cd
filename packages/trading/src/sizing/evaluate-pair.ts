import { Decimal, type Instrument, type OrderBook } from '@cex-arbitrage/common'
import { walkDepth } from '../market-data/depth-walk.js'
import { midPrice } from '../market-data/mid-price.js'
import { notionalBreach, priceBand, quantityBreach } from './order-rules.js'
import type { SizedPair, SizeExcess, SizingRequest } from './sizing-request.js'
import { unwindExcess } from './unwind-rules.js'

/**
 * What two quantities come to, or the first bound from above that they break: whatever is too large here stays too large
 * when it grows.
 */
export function evaluatePair(request: SizingRequest, buyUnits: bigint, sellUnits: bigint): SizedPair | SizeExcess {
  const { terms, buyBook, sellBook, funds, limits } = request
  const { buy, sell } = terms
  const buyLots = terms.buyLots(buyUnits)
  const sellLots = terms.sellLots(sellUnits)
  if (buyLots <= 0 || sellLots <= 0 || !Number.isSafeInteger(buyLots) || !Number.isSafeInteger(sellLots))
    return 'thin_depth'
  if (isAbove(quantityBreach(buy, buyLots)) || isAbove(quantityBreach(sell, sellLots))) return 'above_maximum'
  const asks = walkDepth(buyBook.asks, buyLots)
  const bids = walkDepth(sellBook.bids, sellLots)
  if (asks.quantityLots < buyLots || bids.quantityLots < sellLots) return 'thin_depth'
  if (!terms.weights(request.requiredEdgeBps).pays(asks.worstPriceTicks, bids.worstPriceTicks)) return 'thin_depth'
  const buyLimitTicks = Math.ceil(asks.worstPriceTicks / buy.tickStep) * buy.tickStep
  const sellLimitTicks = Math.floor(bids.worstPriceTicks / sell.tickStep) * sell.tickStep
  if (!isInBand(request, buyLimitTicks, sellLimitTicks)) return 'price_band'
  const buyAtLimit = buy.notional(buyLimitTicks, buyLots)
  const sellAtLimit = sell.notional(sellLimitTicks, sellLots)
  const sellNotional = sell.tickLotsToNotional(bids.tickLots)
  if (isAbove(notionalBreach(buy, buyAtLimit)) || isAbove(notionalBreach(sell, sellNotional))) return 'above_maximum'
  if (buyAtLimit.greaterThan(limits.maxNotional) || sellNotional.greaterThan(limits.maxNotional)) return 'above_maximum'
  if (buyAtLimit.times(terms.buyFundsFactor).greaterThan(funds.buyQuote)) return 'balance'
  if (terms.toBase(sellUnits).greaterThan(funds.sellBase)) return 'balance'
  const excess = unwindExcess(request, buyUnits, sellLots, sellAtLimit)
  if (excess !== undefined) return excess
  const buyNotional = buy.tickLotsToNotional(asks.tickLots)
  const surplus = terms.arriving(buyUnits).minus(terms.toBase(sellUnits))
  const surplusPrice = surplusPriceOf(buyBook)
  const profit = sellNotional
    .times(terms.sellQuoteFactor)
    .minus(buyNotional.times(terms.buyQuoteFactor))
    .plus(surplus.times(surplusPrice))
  return {
    buyUnits,
    sellUnits,
    buyLots,
    sellLots,
    buyLimitTicks,
    sellLimitTicks,
    buyNotional,
    sellNotional,
    surplus,
    surplusPrice,
    profit,
  }
}

/** What one unit of base brings where it was bought, at the best bid, less the taker fee. */
function surplusPriceOf(book: OrderBook): Decimal {
  const instrument: Instrument = book.instrument
  const price = instrument.ticksToPrice(book.bids.priceTicksAt(0))
  return price.times(Decimal.one.minus(instrument.fees.taker))
}

function isInBand(request: SizingRequest, buyLimitTicks: number, sellLimitTicks: number): boolean {
  const { terms, buyBook, sellBook, limits } = request
  const { maxBuy } = priceBand(terms.buy, midPrice(buyBook), limits.maxPriceDeviation)
  const { minSell } = priceBand(terms.sell, midPrice(sellBook), limits.maxPriceDeviation)
  return (
    !terms.buy.ticksToPrice(buyLimitTicks).greaterThan(maxBuy) &&
    !terms.sell.ticksToPrice(sellLimitTicks).lessThan(minSell)
  )
}

const isAbove = (breach: string | undefined): boolean => breach === 'above_maximum'
