import { Decimal, type BookChanges, type BookLevel, type Instrument } from '@cex-arbitrage/common'
import { type GridReader, gridRead } from '../../decoding/grid-reader.js'
import type { GateioLevel } from './schemas.js'

/** The two sides of a parsed book. */
export interface GateioLevels {
  readonly bids: readonly GateioLevel[]
  readonly asks: readonly GateioLevel[]
}

/** Price and quantity of a level in any of the exchange's spellings. */
export function readLevel(level: GateioLevel): readonly [price: string, quantity: string] {
  if ('p' in level) return [level.p, String(level.s)]
  return [level[0], String(level[1])]
}

/** Levels with exact prices and quantities, as a query answers them. */
export function mapGateioLevels(levels: readonly GateioLevel[]): readonly BookLevel[] {
  return levels.map((level) => {
    const [price, quantity] = readLevel(level)
    return { price: Decimal.parse(price), quantity: Decimal.parse(quantity) }
  })
}

/**
 * Puts levels onto the grids of their instrument.
 *
 * @returns `false` when one is unreadable, its price off the grid, or there are more than `changes` can hold.
 */
export function fillLevels(
  changes: BookChanges,
  levels: GateioLevels,
  instrument: Instrument,
  grid: GridReader,
): boolean {
  if (levels.bids.length + levels.asks.length > changes.capacity) return false
  let slot = 0
  for (const side of [levels.bids, levels.asks]) {
    for (const level of side) {
      const [price, quantity] = readLevel(level)
      if (grid.readText(price, instrument.priceDecimals, changes.priceTicks, slot, false) !== gridRead.ok) return false
      if (grid.readText(quantity, instrument.quantityDecimals, changes.quantityLots, slot, true) !== gridRead.ok)
        return false
      slot++
    }
    if (side === levels.bids) changes.bidEnd = slot
  }
  changes.askEnd = slot
  return true
}
