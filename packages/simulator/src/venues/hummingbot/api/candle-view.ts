import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { VenueHost } from '../../../venue/venue-host.js'

/** Milliseconds of the intervals that candles come in. */
export const candleLengthsMs: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
}

/** The latest `count` candles of a known interval, oldest first. */
export function viewCandles(host: VenueHost, symbol: TradingSymbol, interval: string, count: number): object[] {
  const lengthMs = candleLengthsMs[interval]!
  const nowMs = host.clock.nowMs()
  const bars = host.candles(symbol.name).list(lengthMs, nowMs - count * lengthMs, nowMs)
  return bars.slice(-count).map(({ openMs, open, high, low, close, volume, quoteVolume }) => ({
    timestamp: openMs / 1000,
    open,
    high,
    low,
    close,
    volume,
    quote_asset_volume: quoteVolume,
    n_trades: 0,
    taker_buy_base_volume: 0,
    taker_buy_quote_volume: 0,
  }))
}
