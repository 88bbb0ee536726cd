import { Decimal } from '@cex-arbitrage/common'

import type { CandleBar } from '../../market/candles.js'
import type { MatchingEngine } from '../../matching/matching-engine.js'
import type { VenueHost } from '../../venue/venue-host.js'
import type { MexcSymbol } from './mexc-symbol.js'

const hourMs = 3_600_000
const dayMs = 86_400_000
/** The epoch was a Thursday; weeks begin on Monday, UTC. */
const firstMondayMs = 4 * dayMs

/** Prices and volumes of a stretch of time, as doubles for display. */
export interface Statistics {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly last: number
  readonly volume: number
  readonly quoteVolume: number
}

/** Reads what the public answers and streams show besides the book itself. */
export class MarketData {
  constructor(private readonly host: VenueHost) {}

  engine(symbol: MexcSymbol): MatchingEngine {
    return this.host.core.engine(symbol.trading.name)
  }

  /** Price of the latest trade; the middle of the book, or one side of it, when nothing has traded. */
  lastPrice(symbol: MexcSymbol): Decimal | undefined {
    const { trading } = symbol
    const trade = this.host.core.trades(trading.name).at(-1)
    if (trade !== undefined) return trading.price(trade.priceTicks)
    const { bids, asks } = this.engine(symbol)
    const bid = bids.best?.priceTicks
    const ask = asks.best?.priceTicks
    if (bid === undefined && ask === undefined) return undefined
    return trading.price(Math.floor(((bid ?? ask!) + (ask ?? bid!)) / 2))
  }

  /** The last 24 hours, or since `fromMs`. */
  statistics(symbol: MexcSymbol, fromMs = this.host.clock.nowMs() - dayMs): Statistics {
    const bars = this.host.candles(symbol.trading.name).list(hourMs, fromMs, this.host.clock.nowMs())
    const last = this.lastPrice(symbol)?.toNumber() ?? bars.at(-1)?.close ?? symbol.trading.referencePrice
    return merge(bars, last)
  }

  /** Bars of a kline interval that open in `[fromMs, untilMs]`, oldest first. */
  bars(symbol: MexcSymbol, interval: KlineWindow, fromMs: number, untilMs: number): CandleBar[] {
    const candles = this.host.candles(symbol.trading.name)
    if (interval.kind === 'fixed') return candles.list(interval.lengthMs, fromMs, untilMs)
    const bars: CandleBar[] = []
    let openMs = windowStart(interval, fromMs)
    if (openMs < fromMs) openMs = windowEnd(interval, openMs)
    for (; openMs <= untilMs; openMs = windowEnd(interval, openMs)) {
      const days = candles.list(dayMs, openMs, Math.min(untilMs, windowEnd(interval, openMs) - 1))
      const { last: close, ...rest } = merge(days, days.at(-1)?.close ?? 0)
      if (days.length > 0) bars.push({ openMs, close, ...rest })
    }
    return bars
  }

  /** The bar that is forming now; a flat one at the latest price when nothing has traded in it. */
  currentBar(symbol: MexcSymbol, interval: KlineWindow): CandleBar | undefined {
    const nowMs = this.host.clock.nowMs()
    const openMs = windowStart(interval, nowMs)
    const bar = this.bars(symbol, interval, openMs, nowMs).at(-1)
    if (bar !== undefined) return bar
    const price = this.lastPrice(symbol)?.toNumber()
    if (price === undefined) return undefined
    return { openMs, open: price, high: price, low: price, close: price, volume: 0, quoteVolume: 0 }
  }
}

/** How a kline interval cuts time: equal lengths, weeks from Monday, or calendar months; all UTC. */
export type KlineWindow =
  | { readonly kind: 'fixed'; readonly lengthMs: number }
  | { readonly kind: 'week' }
  | { readonly kind: 'month' }

export const fixedWindow = (lengthMs: number): KlineWindow => ({ kind: 'fixed', lengthMs })

export function windowStart(window: KlineWindow, atMs: number): number {
  if (window.kind === 'fixed') return Math.floor(atMs / window.lengthMs) * window.lengthMs
  if (window.kind === 'week') return Math.floor((atMs - firstMondayMs) / (7 * dayMs)) * 7 * dayMs + firstMondayMs
  const date = new Date(atMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/** First moment after the window that opens at `openMs`. */
export function windowEnd(window: KlineWindow, openMs: number): number {
  if (window.kind === 'fixed') return openMs + window.lengthMs
  if (window.kind === 'week') return openMs + 7 * dayMs
  const date = new Date(openMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** A double as plain decimal text with at most `decimals` places, trailing zeros left out. */
export const trimmedNumber = (value: number, decimals: number): string =>
  Decimal.parse(value.toFixed(decimals)).toString()

function merge(bars: readonly CandleBar[], last: number): Statistics {
  const sum = (pick: (bar: CandleBar) => number): number => bars.reduce((total, bar) => total + pick(bar), 0)
  return {
    open: bars[0]?.open ?? last,
    high: Math.max(last, ...bars.map((bar) => bar.high)),
    low: Math.min(last, ...bars.map((bar) => bar.low)),
    last,
    volume: sum((bar) => bar.volume),
    quoteVolume: sum((bar) => bar.quoteVolume),
  }
}
