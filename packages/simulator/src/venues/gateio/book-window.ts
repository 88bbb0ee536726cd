import type { MatchingEngine } from '../../matching/matching-engine.js'
import type { PriceLadder } from '../../matching/price-ladder.js'

/** Rows of `[price, amount]`. */
export type Rows = [string, string][]

/** What changed in a window since the last look. */
export interface WindowChange {
  /** First and last book id covered. */
  readonly first: number
  readonly last: number
  readonly bids: Rows
  readonly asks: Rows
}

/** The best `depth` levels of a book as they were published last. */
export class BookWindow {
  /** Book id of the published state. */
  sequence: number
  private bids = new Map<number, number>()
  private asks = new Map<number, number>()

  constructor(
    private readonly engine: MatchingEngine,
    private readonly depth: number,
  ) {
    this.sequence = engine.sequence
    this.bids = top(engine.bids, depth)
    this.asks = top(engine.asks, depth)
  }

  /** Moves on to the present; `undefined`, and no move, when nothing in the window changed. */
  advance(): WindowChange | undefined {
    const bids = top(this.engine.bids, this.depth)
    const asks = top(this.engine.asks, this.depth)
    const change = {
      first: this.sequence + 1,
      last: this.engine.sequence,
      bids: this.difference(this.bids, bids, -1),
      asks: this.difference(this.asks, asks, 1),
    }
    if (change.bids.length === 0 && change.asks.length === 0) return undefined
    this.bids = bids
    this.asks = asks
    this.sequence = this.engine.sequence
    return change
  }

  /** The published state. */
  get state(): { readonly bids: Rows; readonly asks: Rows } {
    return { bids: this.rows([...this.bids]), asks: this.rows([...this.asks]) }
  }

  /** Levels that entered or changed, and, with amount 0, those that left. */
  private difference(before: Map<number, number>, after: Map<number, number>, sign: 1 | -1): Rows {
    const changed: [number, number][] = []
    for (const [ticks, lots] of after) if (before.get(ticks) !== lots) changed.push([ticks, lots])
    for (const ticks of before.keys()) if (!after.has(ticks)) changed.push([ticks, 0])
    return this.rows(changed.sort(([a], [b]) => (a - b) * sign))
  }

  private rows(levels: readonly [number, number][]): Rows {
    const { symbol } = this.engine
    return levels.map(([ticks, lots]) => [symbol.price(ticks).toString(), symbol.quantity(lots).toString()])
  }
}

const top = (ladder: PriceLadder, depth: number): Map<number, number> =>
  new Map(ladder.levels.slice(0, depth).map(({ priceTicks, totalLots }) => [priceTicks, totalLots]))
