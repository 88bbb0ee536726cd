const linearReach = 8
const shortMove = 16

/**
 * One side of an order book as two parallel arrays. Levels are asked for by rank, 0 the best.
 *
 * Inside, keys ascend and the best level stands last, so that a change near the touch moves a handful of elements
 * whatever the depth; asks keep negated prices, so both sides share one code path. After construction nothing is
 * allocated until a book outgrows its capacity, which then doubles.
 */
export class BookSide {
  /** Levels in use. */
  depth = 0
  private keys: Float64Array
  private quantities: Float64Array
  private readonly sign: 1 | -1

  constructor(
    readonly side: 'bid' | 'ask',
    capacity = 256,
  ) {
    this.sign = side === 'bid' ? 1 : -1
    this.keys = new Float64Array(capacity)
    this.quantities = new Float64Array(capacity)
  }

  /** Price ticks of the level of this rank; NaN where there is none. */
  priceTicksAt(rank: number): number {
    return rank < this.depth ? this.sign * this.keys[this.depth - 1 - rank]! : Number.NaN
  }

  /** Quantity lots of the level of this rank; 0 where there is none. */
  quantityLotsAt(rank: number): number {
    return rank < this.depth ? this.quantities[this.depth - 1 - rank]! : 0
  }

  clear(): void {
    this.depth = 0
  }

  /** Drops the levels behind the best `depth`, which a stream of limited depth never corrects. */
  trim(depth: number): void {
    const surplus = this.depth - depth
    if (surplus <= 0) return
    this.keys.copyWithin(0, surplus, this.depth)
    this.quantities.copyWithin(0, surplus, this.depth)
    this.depth = depth
  }

  /**
   * Applies changes `from ≤ i < to` of two parallel arrays: absolute quantities, 0 removes, an unknown price with 0 is
   * no change. Any order is right; best first is fast. Values come in arrays because doubles passed as arguments are boxed.
   */
  apply(priceTicks: Float64Array, quantityLots: Float64Array, from: number, to: number): void {
    if (this.depth + to - from > this.keys.length) this.grow(this.depth + to - from)
    const keys = this.keys
    const quantities = this.quantities
    const sign = this.sign
    let depth = this.depth
    let cursor = depth - 1
    let previousKey = Number.POSITIVE_INFINITY
    for (let change = from; change < to; change++) {
      const key = sign * priceTicks[change]!
      const quantity = quantityLots[change]!
      // The last index whose key is at or below this one: on from the previous change, else from the best; linear, then
      // gallop, then bisect.
      let index = key < previousKey ? cursor : depth - 1
      previousKey = key
      const stop = index > linearReach ? index - linearReach : -1
      while (index > stop && keys[index]! > key) index--
      if (index === stop && index >= 0 && keys[index]! > key) {
        let step = linearReach
        let above = index
        let below = index - step
        while (below >= 0 && keys[below]! > key) {
          above = below
          step <<= 1
          below -= step
        }
        if (below < -1) below = -1
        while (above - below > 1) {
          const middle = (above + below) >> 1
          if (keys[middle]! > key) above = middle
          else below = middle
        }
        index = below
      }
      if (index >= 0 && keys[index] === key) {
        cursor = index
        if (quantity !== 0) {
          quantities[index] = quantity
          continue
        }
        depth--
        cursor = index - 1
        if (depth - index > shortMove) {
          keys.copyWithin(index, index + 1, depth + 1)
          quantities.copyWithin(index, index + 1, depth + 1)
        } else {
          for (let j = index; j < depth; j++) {
            keys[j] = keys[j + 1]!
            quantities[j] = quantities[j + 1]!
          }
        }
        continue
      }
      cursor = index
      if (quantity === 0) continue
      index++
      if (depth - index > shortMove) {
        keys.copyWithin(index + 1, index, depth)
        quantities.copyWithin(index + 1, index, depth)
      } else {
        for (let j = depth; j > index; j--) {
          keys[j] = keys[j - 1]!
          quantities[j] = quantities[j - 1]!
        }
      }
      keys[index] = key
      quantities[index] = quantity
      depth++
      cursor = index
    }
    this.depth = depth
  }

  private grow(needed: number): void {
    let capacity = Math.max(1, this.keys.length)
    while (capacity < needed) capacity *= 2
    const keys = new Float64Array(capacity)
    const quantities = new Float64Array(capacity)
    keys.set(this.keys)
    quantities.set(this.quantities)
    this.keys = keys
    this.quantities = quantities
  }
}
