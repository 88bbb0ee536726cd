import type { Clock } from '@cex-arbitrage/common'
import type { VenueHost } from '@cex-arbitrage/simulator'

export interface Top {
  readonly bid: number
  readonly ask: number
}

/** Remembers which best prices a venue's book has really had of late. */
export class RecentTops {
  private readonly lastTrueAtMs = new Map<string, number>()
  private current = ''

  constructor(
    private readonly venue: VenueHost,
    private readonly symbol: string,
    private readonly clock: Clock,
  ) {
    this.note()
    venue.core.listen({ onBookChange: () => this.note() })
  }

  /** Whether the book has had these best prices within the last `withinMs`. */
  had({ bid, ask }: Top, withinMs: number): boolean {
    const key = keyOf(bid, ask)
    if (key === this.current) return true
    const atMs = this.lastTrueAtMs.get(key)
    return atMs !== undefined && this.clock.nowMs() - atMs <= withinMs
  }

  private note(): void {
    const { symbol, bids, asks } = this.venue.core.engine(this.symbol)
    const tick = symbol.tickSize.toNumber()
    const [bid, ask] = [bids.best, asks.best]
    const key = bid === undefined || ask === undefined ? '' : keyOf(bid.priceTicks * tick, ask.priceTicks * tick)
    if (key === this.current) return
    this.lastTrueAtMs.set(this.current, this.clock.nowMs())
    this.current = key
  }
}

/** Of the finest grid; what is beyond is the error of doubles. */
const priceDecimals = 8

const keyOf = (bid: number, ask: number): string => `${bid.toFixed(priceDecimals)} ${ask.toFixed(priceDecimals)}`
