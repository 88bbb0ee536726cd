import { Decimal, type Instrument } from '@cex-arbitrage/common'
import { walkDepth } from '../market-data/depth-walk.js'
import { midPrice } from '../market-data/mid-price.js'
import { exactEdgeRatio } from '../strategies/edge-margin.js'
import { notionalBreach, priceBand, quantityBreach } from './order-rules.js'
import type { QuoteSizingRequest, SizedPair, SizeExcess } from './sizing-request.js'
import { unwindExcess } from './unwind-rules.js'

const priceDecimals = 18

/**
 * What a quote of so many units and its hedge come to, or the first bound from above that they break. The side that rests
 * is priced by the other: what walking the hedge's book brings or costs, less both fees and the required edge, rounded away
 * from the touch and never across it.
 */
export function evaluateQuote(
  request: QuoteSizingRequest,
  buyUnits: bigint,
  sellUnits: bigint,
): SizedPair | SizeExcess {
  const { terms, side, buyBook, sellBook } = request
  const { buy, sell } = terms
  const buyLots = terms.buyLots(buyUnits)
  const sellLots = terms.sellLots(sellUnits)
  if (buyLots <= 0 || sellLots <= 0 || !Number.isSafeInteger(buyLots) || !Number.isSafeInteger(sellLots))
    return 'thin_depth'
  const walk = side === 'buy' ? walkDepth(sellBook.bids, sellLots) : walkDepth(buyBook.asks, buyLots)
  if (walk.quantityLots < (side === 'buy' ? sellLots : buyLots)) return 'thin_depth'
  const hedgeNotional = (side === 'buy' ? sell : buy).tickLotsToNotional(walk.tickLots)
  const buyLimitTicks =
    side === 'buy'
      ? bidTicks(request, hedgeNotional, buyUnits)
      : Math.ceil(walk.worstPriceTicks / buy.tickStep) * buy.tickStep
  const sellLimitTicks =
    side === 'sell'
      ? askTicks(request, hedgeNotional, sellUnits)
      : Math.floor(walk.worstPriceTicks / sell.tickStep) * sell.tickStep
  if (buyLimitTicks <= 0 || sellLimitTicks <= 0) return 'price_band'
  const buyNotional = side === 'buy' ? buy.notional(buyLimitTicks, buyLots) : hedgeNotional
  const sellNotional = side === 'sell' ? sell.notional(sellLimitTicks, sellLots) : hedgeNotional
  const surplus = terms.arriving(buyUnits).minus(terms.toBase(sellUnits))
  const surplusPrice =
    side === 'buy'
      ? sellNotional.times(terms.sellQuoteFactor).dividedBy(terms.toBase(sellUnits), priceDecimals, 'down')
      : buyNotional.times(terms.buyQuoteFactor).dividedBy(terms.arriving(buyUnits), priceDecimals, 'down')
  const quote: SizedPair = {
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
    profit: sellNotional
      .times(terms.sellQuoteFactor)
      .minus(buyNotional.times(terms.buyQuoteFactor))
      .plus(surplus.times(surplusPrice)),
  }
  return excessOf(request, quote) ?? quote
}

/** The highest bid that leaves the edge when all of it is sold as the walk says, below the best ask. */
function bidTicks({ terms, buyBook, requiredEdgeBps }: QuoteSizingRequest, brought: Decimal, buyUnits: bigint): number {
  const { buy } = terms
  const perUnit = terms.toBase(buyUnits).times(terms.buyQuoteFactor).times(exactEdgeRatio(requiredEdgeBps))
  const price = brought.times(terms.sellQuoteFactor).dividedBy(perUnit, priceDecimals, 'down')
  const belowAsk = Math.floor((buyBook.asks.priceTicksAt(0) - 1) / buy.tickStep) * buy.tickStep
  return Math.min(buy.priceToTicks(price, 'down'), belowAsk)
}

/** The lowest ask that leaves the edge when all of it is bought as the walk says, above the best bid. */
function askTicks({ terms, sellBook, requiredEdgeBps }: QuoteSizingRequest, paid: Decimal, sellUnits: bigint): number {
  const { sell } = terms
  const perUnit = terms.toBase(sellUnits).times(terms.sellQuoteFactor)
  const price = paid
    .times(terms.buyQuoteFactor)
    .times(exactEdgeRatio(requiredEdgeBps))
    .dividedBy(perUnit, priceDecimals, 'up')
  const aboveBid = Math.ceil((sellBook.bids.priceTicksAt(0) + 1) / sell.tickStep) * sell.tickStep
  return Math.max(sell.priceToTicks(price, 'up'), aboveBid)
}

function excessOf(request: QuoteSizingRequest, quote: SizedPair): SizeExcess | undefined {
  const { terms, side, limits, funds } = request
  const { buy, sell } = terms
  const { buyLots, sellLots, buyLimitTicks, sellLimitTicks, sellNotional } = quote
  const isAbove = (breach: string | undefined): boolean => breach === 'above_maximum'
  const buyAtLimit = buy.notional(buyLimitTicks, buyLots)
  if (isAbove(quantityBreach(buy, buyLots)) || isAbove(quantityBreach(sell, sellLots))) return 'above_maximum'
  if (isAbove(notionalBreach(buy, buyAtLimit)) || isAbove(notionalBreach(sell, sellNotional))) return 'above_maximum'
  if (Decimal.max(buyAtLimit, sellNotional).greaterThan(limits.maxNotional)) return 'above_maximum'
  if (!isInBand(request, quote)) return 'price_band'
  // A hedge that has to buy must still find the money when prices are worse by the margin.
  const spare = side === 'sell' ? Decimal.one.plus(limits.unwindMargin) : Decimal.one
  if (buyAtLimit.times(spare).times(lockFactor(buy)).greaterThan(funds.buyQuote)) return 'balance'
  if (terms.toBase(quote.sellUnits).greaterThan(funds.sellBase)) return 'balance'
  return unwindExcess(request, quote.buyUnits, sellLots, sell.notional(sellLimitTicks, sellLots))
}

/** Neither order is too far across the middle of its book, and the one that rests not too far behind it either. */
function isInBand({ terms, side, buyBook, sellBook, limits }: QuoteSizingRequest, quote: SizedPair): boolean {
  const { maxPriceDeviation } = limits
  const { maxBuy } = priceBand(terms.buy, midPrice(buyBook), maxPriceDeviation)
  const { minSell } = priceBand(terms.sell, midPrice(sellBook), maxPriceDeviation)
  const buyPrice = terms.buy.ticksToPrice(quote.buyLimitTicks)
  const sellPrice = terms.sell.ticksToPrice(quote.sellLimitTicks)
  if (buyPrice.greaterThan(maxBuy) || sellPrice.lessThan(minSell)) return false
  return side === 'buy'
    ? !buyPrice.lessThan(midPrice(buyBook).times(Decimal.one.minus(maxPriceDeviation)))
    : !sellPrice.greaterThan(midPrice(sellBook).times(Decimal.one.plus(maxPriceDeviation)))
}

/** What an order to buy binds of its notional: the dearer of both fees, for it may take what it was to make. */
const lockFactor = ({ fees }: Instrument): Decimal =>
  fees.assetRule === 'received'
    ? Decimal.one
    : Decimal.one.plus(Decimal.max(Decimal.max(fees.taker, fees.maker), Decimal.zero))
