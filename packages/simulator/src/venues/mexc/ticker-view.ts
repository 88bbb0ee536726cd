import { trimmedNumber } from './market-data.js'
import type { MexcSymbol } from './mexc-symbol.js'
import { paddedPrice, trimmedQuantity } from './number-text.js'
import type { VenueState } from './venue-state.js'

const dayMs = 86_400_000
const changeDecimals = 8

/** One element of `ticker/24hr`. `priceChangePercent` is a fraction; `count` is always null. */
export function viewTicker(symbol: MexcSymbol, { data, host }: VenueState): Record<string, unknown> {
  const { open, high, low, last, volume, quoteVolume } = data.statistics(symbol)
  const { bids, asks } = data.engine(symbol)
  const { trading } = symbol
  const price = (value: number): string => trimmedNumber(value, trading.priceDecimals)
  const nowMs = host.clock.nowMs()
  return {
    symbol: symbol.id,
    priceChange: price(last - open),
    priceChangePercent: trimmedNumber(open === 0 ? 0 : last / open - 1, changeDecimals),
    prevClosePrice: price(open),
    lastPrice: price(last),
    bidPrice: bids.best === undefined ? '' : paddedPrice(trading, bids.best.priceTicks),
    bidQty: bids.best === undefined ? '' : trimmedQuantity(trading, bids.best.totalLots),
    askPrice: asks.best === undefined ? '' : paddedPrice(trading, asks.best.priceTicks),
    askQty: asks.best === undefined ? '' : trimmedQuantity(trading, asks.best.totalLots),
    openPrice: price(open),
    highPrice: price(high),
    lowPrice: price(low),
    volume: trimmedNumber(volume, trading.quantityDecimals),
    quoteVolume: trimmedNumber(quoteVolume, trading.priceDecimals),
    openTime: nowMs - dayMs,
    closeTime: nowMs,
    count: null,
  }
}
