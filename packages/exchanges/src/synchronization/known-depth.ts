import type { BookSide, OrderBook } from '@cex-arbitrage/common'

/** A book with fewer known levels a side than this share of its snapshot wants a new one. */
const thinShare = 0.25

/** The edge behind which a book made from a cut snapshot knows nothing. Levels there come and go unseen, so they are left out. */
export class KnownDepth {
  /** Price of the last known level; a side whose snapshot was not cut has none. */
  private bidEdgeTicks = Number.NEGATIVE_INFINITY
  private askEdgeTicks = Number.POSITIVE_INFINITY

  constructor(private readonly snapshotDepth: number | undefined) {}

  /** Notes the edges of a snapshot that has just been loaded into `book`. */
  learn(book: OrderBook): void {
    this.forget()
    const depth = this.snapshotDepth
    if (depth === undefined) return
    if (book.bids.depth >= depth) this.bidEdgeTicks = book.bids.priceTicksAt(book.bids.depth - 1)
    if (book.asks.depth >= depth) this.askEdgeTicks = book.asks.priceTicksAt(book.asks.depth - 1)
  }

  /** The book is whole: a frame brought everything. */
  forget(): void {
    this.bidEdgeTicks = Number.NEGATIVE_INFINITY
    this.askEdgeTicks = Number.POSITIVE_INFINITY
  }

  /** Leaves out levels behind the edges. Values beyond them are rare, so this is two comparisons as a rule. */
  trim(book: OrderBook): void {
    if (book.bids.depth > 0 && book.bids.priceTicksAt(book.bids.depth - 1) < this.bidEdgeTicks)
      trimBelow(book.bids, (ticks) => ticks < this.bidEdgeTicks)
    if (book.asks.depth > 0 && book.asks.priceTicksAt(book.asks.depth - 1) > this.askEdgeTicks)
      trimBelow(book.asks, (ticks) => ticks > this.askEdgeTicks)
  }

  /** Few known levels are left on a side that has an edge. */
  isThin(book: OrderBook): boolean {
    const depth = this.snapshotDepth
    if (depth === undefined) return false
    const floor = depth * thinShare
    return (
      (this.bidEdgeTicks !== Number.NEGATIVE_INFINITY && book.bids.depth < floor) ||
      (this.askEdgeTicks !== Number.POSITIVE_INFINITY && book.asks.depth < floor)
    )
  }
}

function trimBelow(side: BookSide, isUnknown: (ticks: number) => boolean): void {
  let depth = side.depth
  while (depth > 0 && isUnknown(side.priceTicksAt(depth - 1))) depth--
  side.trim(depth)
}
