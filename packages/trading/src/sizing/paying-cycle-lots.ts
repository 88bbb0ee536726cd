import type { BookSide } from '@cex-arbitrage/common'
import { bpsPerUnit } from '@cex-arbitrage/common'
import type { CycleRequest } from './cycle-request.js'
import type { LegTerms } from './leg-terms.js'

/** Levels of one book, taken best first, as doubles. */
class LevelCursor {
  /** Base left at the level. */
  left = 0
  price = Number.NaN
  private rank = -1
  private readonly side: BookSide

  constructor(
    private readonly leg: LegTerms,
    book: CycleRequest['crossBook'],
  ) {
    this.side = leg.facing(book)
    this.next()
  }

  get isEnd(): boolean {
    return this.rank >= this.side.depth
  }

  take(base: number): void {
    // What rounding leaves of a level is no level.
    this.left = this.left - base > this.left * 1e-12 ? this.left - base : 0
    if (this.left === 0) this.next()
  }

  private next(): void {
    this.rank++
    if (this.isEnd) return
    const { pricePerTick, basePerLot } = this.leg.instrument
    this.price = this.side.priceTicksAt(this.rank) * pricePerTick
    this.left = this.side.quantityLotsAt(this.rank) * basePerLot
  }
}

/**
 * About how many lots can be sold at the end of a cycle before the next unit no longer pays for what it costs, and as much
 * as the account pays for. Three books are walked level by level in doubles: where exact sizing begins to look.
 */
export function payingCycleLots({ terms, openingBook, crossBook, closingBook, ...request }: CycleRequest): number {
  const isBuy = terms.crossSide === 'buy'
  const [opening, cross, closing] = [
    new LevelCursor(terms.opening, openingBook),
    new LevelCursor(terms.cross, crossBook),
    new LevelCursor(terms.closing, closingBook),
  ]
  const openingKeep = terms.opening.keep.toNumber()
  const openingFactor = terms.opening.quoteFactor.toNumber()
  const crossFactor = terms.cross.quoteFactor.toNumber()
  const crossKeep = terms.cross.keep.toNumber()
  const closingFactor = terms.closing.quoteFactor.toNumber() / (1 + request.requiredEdgeBps / bpsPerUnit)
  const { maxNotional } = request.limits
  let spendable = Math.min(
    request.funds.profitAsset.toNumber() / terms.opening.fundsFactor.toNumber(),
    maxNotional.toNumber(),
  )
  let sold = 0
  while (!opening.isEnd && !cross.isEnd && !closing.isEnd && spendable > 0) {
    // For one unit of the cross's base: what closing sells, and what opening buys.
    const closes = isBuy ? crossKeep : cross.price * crossFactor
    const opens = (isBuy ? cross.price * crossFactor : 1) / openingKeep
    if (closes * closing.price * closingFactor < opens * opening.price * openingFactor * (1 - 1e-12)) break
    const affordable = spendable / (opens * opening.price)
    const taken = Math.min(cross.left, closing.left / closes, opening.left / opens, affordable)
    sold += taken * closes
    spendable = taken === affordable ? 0 : spendable - taken * opens * opening.price
    cross.take(taken)
    closing.take(taken * closes)
    opening.take(taken * opens)
  }
  return sold / terms.closing.instrument.basePerLot
}
