import type { PublicTrade } from '../matching/exchange-listener.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'

/** One bar. Prices in quote per base. */
export interface CandleBar {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Base. */
  readonly volume: number
  /** Quote. */
  readonly quoteVolume: number
}

const barMs = 1_000
const barsKept = 7_200
const samplesPerBar = 6

interface MutableBar {
  open: number
  high: number
  low: number
  close: number
  volume: number
  quoteVolume: number
}

/** Bars of one symbol: from its trades, and from a price history before the first of them. Doubles, for display. */
export class Candles {
  private readonly bars = new Map<number, MutableBar>()

  /** @param history - Price at a past moment, where the market knows one. */
  constructor(
    private readonly symbol: TradingSymbol,
    private readonly history?: (atMs: number) => number,
  ) {}

  record(trade: PublicTrade): void {
    const price = this.symbol.price(trade.priceTicks).toNumber()
    const volume = this.symbol.quantity(trade.lots).toNumber()
    const openMs = Math.floor(trade.atMs / barMs) * barMs
    const bar = this.bars.get(openMs)
    if (bar === undefined) {
      this.bars.set(openMs, { open: price, high: price, low: price, close: price, volume, quoteVolume: volume * price })
      if (this.bars.size > barsKept) this.bars.delete(this.bars.keys().next().value!)
      return
    }
    bar.high = Math.max(bar.high, price)
    bar.low = Math.min(bar.low, price)
    bar.close = price
    bar.volume += volume
    bar.quoteVolume += volume * price
  }

  /** Bars of `intervalMs` that open in `[fromMs, untilMs]`, oldest first. Times without price are left out. */
  list(intervalMs: number, fromMs: number, untilMs: number): CandleBar[] {
    const firstMs = Math.ceil(fromMs / intervalMs) * intervalMs
    const merged = new Map<number, MutableBar>()
    for (let openMs = firstMs; openMs <= untilMs; openMs += intervalMs) {
      const bar = this.historic(openMs, Math.min(openMs + intervalMs, untilMs + 1))
      if (bar !== undefined) merged.set(openMs, bar)
    }
    for (const [atMs, bar] of this.bars) {
      const openMs = Math.floor(atMs / intervalMs) * intervalMs
      if (openMs < firstMs || openMs > untilMs) continue
      merged.set(openMs, join(merged.get(openMs), bar))
    }
    return [...merged].toSorted(([a], [b]) => a - b).map(([openMs, bar]) => ({ openMs, ...bar }))
  }

  private historic(fromMs: number, untilMs: number): MutableBar | undefined {
    if (this.history === undefined) return undefined
    const prices: number[] = []
    for (let i = 0; i < samplesPerBar; i++)
      prices.push(this.onGrid(this.history(fromMs + ((untilMs - 1 - fromMs) * i) / (samplesPerBar - 1))))
    return {
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      volume: 0,
      quoteVolume: 0,
    }
  }

  private onGrid(price: number): number {
    return Number(price.toFixed(this.symbol.priceDecimals))
  }
}

function join(earlier: MutableBar | undefined, later: MutableBar): MutableBar {
  if (earlier === undefined) return { ...later }
  return {
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    close: later.close,
    volume: earlier.volume + later.volume,
    quoteVolume: earlier.quoteVolume + later.quoteVolume,
  }
}
