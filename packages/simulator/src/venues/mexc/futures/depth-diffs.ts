import type { Side } from '@cex-arbitrage/common'

import { IntervalFlush } from '../../../server/interval-flush.js'
import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'

export const depthIntervalMs = 200
const diffsKept = 1_000

/** What changed in a book within one interval. Rows are `[price, contracts, orders]`; no contracts means the level is gone. */
export interface DepthDiff {
  readonly begin: number
  readonly end: number
  readonly asks: readonly number[][]
  readonly bids: readonly number[][]
}

interface Gathering {
  readonly flush: IntervalFlush
  /** Counter of the book when the last diff was cut. */
  sequence: number
  readonly changed: Record<Side, Set<number>>
  readonly kept: DepthDiff[]
}

/** Cuts the changes of every book into contiguous diffs, whether or not anybody listens. */
export class DepthDiffs {
  private readonly books = new Map<string, Gathering>()
  private readonly listeners: ((symbol: TradingSymbol, diff: DepthDiff) => void)[] = []

  constructor(private readonly market: PerpetualMarket) {
    for (const symbol of market.core.symbols.values())
      this.books.set(symbol.name, {
        flush: new IntervalFlush(market.clock, depthIntervalMs, () => this.cut(symbol)),
        sequence: market.core.engine(symbol.name).sequence,
        changed: { buy: new Set(), sell: new Set() },
        kept: [],
      })
    market.core.listen({
      onBookChange: ({ priceTicks, side, symbol }) => {
        const book = this.books.get(symbol)!
        book.changed[side].add(priceTicks)
        book.flush.touch()
      },
    })
  }

  onDiff(listener: (symbol: TradingSymbol, diff: DepthDiff) => void): void {
    this.listeners.push(listener)
  }

  /** Newest first. */
  latest(symbol: string, count: number): DepthDiff[] {
    return this.books.get(symbol)!.kept.slice(-count).toReversed()
  }

  private cut(symbol: TradingSymbol): void {
    const book = this.books.get(symbol.name)!
    const { sequence } = this.market.core.engine(symbol.name)
    const diff = {
      begin: book.sequence + 1,
      end: sequence,
      asks: this.rows(symbol, 'sell', book.changed.sell),
      bids: this.rows(symbol, 'buy', book.changed.buy),
    }
    book.sequence = sequence
    book.changed.buy.clear()
    book.changed.sell.clear()
    book.kept.push(diff)
    if (book.kept.length > diffsKept) book.kept.shift()
    for (const listener of this.listeners) listener(symbol, diff)
  }

  private rows(symbol: TradingSymbol, side: Side, changed: ReadonlySet<number>): number[][] {
    const ladder = this.market.core.engine(symbol.name).ladder(side)
    return [...changed].map((ticks) => {
      const level = ladder.level(ticks)
      return [symbol.price(ticks).toNumber(), level?.totalLots ?? 0, level?.orders.length ?? 0]
    })
  }
}
