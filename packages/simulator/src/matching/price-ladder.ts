import type { Side } from '@cex-arbitrage/common'

import type { VenueOrder } from './venue-order.js'

/** All orders at one price, first come first. */
export interface PriceLevel {
  readonly priceTicks: number
  readonly orders: VenueOrder[]
  totalLots: number
}

/** One side of a book, best level first. */
export class PriceLadder {
  readonly levels: PriceLevel[] = []
  private readonly byPrice = new Map<number, PriceLevel>()
  private readonly sign: 1 | -1

  constructor(readonly side: Side) {
    this.sign = side === 'buy' ? -1 : 1
  }

  get best(): PriceLevel | undefined {
    return this.levels[0]
  }

  level(priceTicks: number): PriceLevel | undefined {
    return this.byPrice.get(priceTicks)
  }

  /** Lots resting at `priceTicks`. */
  lotsAt(priceTicks: number): number {
    return this.byPrice.get(priceTicks)?.totalLots ?? 0
  }

  /** Puts an order at the end of its level. */
  add(order: VenueOrder): PriceLevel {
    const ticks = order.priceTicks!
    let level = this.byPrice.get(ticks)
    if (level === undefined) {
      level = { priceTicks: ticks, orders: [], totalLots: 0 }
      this.byPrice.set(ticks, level)
      this.levels.splice(this.indexOf(ticks), 0, level)
    }
    level.orders.push(order)
    level.totalLots += order.remainingLots
    return level
  }

  /** Takes `lots` off an order's level; removes the order when told, and the level when it is empty. */
  reduce(order: VenueOrder, lots: number, removeOrder: boolean): void {
    const level = this.byPrice.get(order.priceTicks!)
    if (level === undefined) return
    level.totalLots -= lots
    if (removeOrder) {
      const at = level.orders.indexOf(order)
      if (at >= 0) level.orders.splice(at, 1)
    }
    if (level.orders.length > 0) return
    this.byPrice.delete(level.priceTicks)
    this.levels.splice(this.indexOf(level.priceTicks), 1)
  }

  /** Whether a level of this side is at `limitTicks` or better for the other side. */
  isWithin(level: PriceLevel, limitTicks: number | undefined): boolean {
    return limitTicks === undefined || (level.priceTicks - limitTicks) * this.sign <= 0
  }

  /** First index whose price is not better than `ticks`. */
  private indexOf(ticks: number): number {
    let low = 0
    let high = this.levels.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.levels[middle]!.priceTicks - ticks) * this.sign < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
