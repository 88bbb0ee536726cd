import type { SizingRequest } from './sizing-request.js'

/**
 * How much base, in common units, can be sold into the bids before the next unit no longer pays for what it costs on the
 * asks. Both sides are walked level by level; a bought unit counts with the share of it that arrives.
 *
 * @param bound - Enough units; the walk ends there.
 */
export function payingUnits(request: SizingRequest, bound: bigint): bigint {
  const { terms, buyBook, sellBook } = request
  const weights = terms.weights(request.requiredEdgeBps)
  const keepScale = terms.keepDenominator
  const enough = bound * keepScale
  let askRank = -1
  let bidRank = -1
  let askLeft = 0n
  let bidLeft = 0n
  let total = 0n
  while (total < enough) {
    if (askLeft === 0n) {
      if (++askRank >= buyBook.asks.depth) break
      askLeft = BigInt(buyBook.asks.quantityLotsAt(askRank)) * terms.buyLotUnits * terms.keep.mantissa
    }
    if (bidLeft === 0n) {
      if (++bidRank >= sellBook.bids.depth) break
      bidLeft = BigInt(sellBook.bids.quantityLotsAt(bidRank)) * terms.sellLotUnits * keepScale
    }
    const bidTicks = sellBook.bids.priceTicksAt(bidRank)
    if (!weights.pays(buyBook.asks.priceTicksAt(askRank), bidTicks)) break
    const taken = askLeft < bidLeft ? askLeft : bidLeft
    askLeft -= taken
    bidLeft -= taken
    total += taken
  }
  return (total < enough ? total : enough) / keepScale
}
