import { Decimal } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../../matching/exchange-core.js'
import type { TradingSymbol } from '../../matching/trading-symbol.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { dayMs, hourMs } from './constants.js'

export type LevelTexts = readonly (readonly [string, string])[]

/** The best levels as pairs of decimal text. */
export function viewBook(
  core: ExchangeCore,
  symbol: TradingSymbol,
  depth: number,
): { readonly bids: LevelTexts; readonly asks: LevelTexts } {
  const engine = core.engine(symbol.name)
  const side = (name: 'buy' | 'sell'): LevelTexts =>
    engine
      .ladder(name)
      .levels.slice(0, depth)
      .map(
        ({ priceTicks, totalLots }) =>
          [symbol.price(priceTicks).toString(), symbol.quantity(totalLots).toString()] as const,
      )
  return { bids: side('buy'), asks: side('sell') }
}

/** Price of the last trade; the middle of the book before the first. */
export function lastPriceOf(core: ExchangeCore, symbol: TradingSymbol): Decimal {
  const last = core.trades(symbol.name).at(-1)
  if (last !== undefined) return symbol.price(last.priceTicks)
  const { bids, asks } = core.engine(symbol.name)
  if (bids.best === undefined || asks.best === undefined) return Decimal.fromNumber(symbol.referencePrice)
  return symbol.price(bids.best.priceTicks + asks.best.priceTicks).times(Decimal.of(5n, 1))
}

/** Base traded in the last 24 hours. */
function dayVolume(host: VenueHost, symbol: TradingSymbol): Decimal {
  const nowMs = host.clock.nowMs()
  const bars = host.candles(symbol.name).list(hourMs, nowMs - dayMs, nowMs)
  const sum = bars.reduce((total, { volume }) => total + volume, 0)
  return Decimal.parse(sum.toFixed(symbol.quantityDecimals))
}

/** A ticker as the WebSocket protocol has it; 0 for a side without orders. */
export function viewTicker(host: VenueHost, symbol: TradingSymbol): Record<string, string> {
  const { bids, asks } = viewBook(host.core, symbol, 1)
  return {
    bid: bids[0]?.[0] ?? '0',
    ask: asks[0]?.[0] ?? '0',
    last: lastPriceOf(host.core, symbol).toString(),
    volume: dayVolume(host, symbol).toString(),
  }
}
