import type { BookSide } from '@cex-arbitrage/common'

/** What taking lots from one side of a book, best level first, comes to. */
export interface DepthWalk {
  /** Less than asked when the side is too thin. */
  readonly quantityLots: number
  /** Price of the last level touched, in ticks; NaN when nothing was taken. */
  readonly worstPriceTicks: number
  /** Sum of price ticks × lots, exact. */
  readonly tickLots: number | bigint
}

/** Takes `quantityLots` from a side. Sums in doubles while they are exact and carries over to integers beyond 2^53. */
export function walkDepth(side: BookSide, quantityLots: number): DepthWalk {
  let left = quantityLots
  let worstPriceTicks = Number.NaN
  let tickLots = 0n
  let exact = 0
  for (let rank = 0; rank < side.depth && left > 0; rank++) {
    const available = side.quantityLotsAt(rank)
    const taken = available < left ? available : left
    worstPriceTicks = side.priceTicksAt(rank)
    left -= taken
    const product = worstPriceTicks * taken
    if (exact + product <= Number.MAX_SAFE_INTEGER) {
      exact += product
      continue
    }
    tickLots += BigInt(exact) + BigInt(worstPriceTicks) * BigInt(taken)
    exact = 0
  }
  return {
    quantityLots: quantityLots - left,
    worstPriceTicks,
    tickLots: tickLots === 0n ? exact : tickLots + BigInt(exact),
  }
}
