import type { AssetId } from '@cex-arbitrage/common'
import type { MarketBoard } from '../market-data/market-board.js'
import type { Triangle } from '../sizing/cycle-terms.js'

/** A triangle with the slots of its pairs. */
export interface SlotTriangle extends Triangle {
  readonly baseSlot: number
  readonly quoteSlot: number
  readonly crossSlot: number
}

/**
 * Every triangle between these spot instruments whose cycles begin and end in one of the assets: of its three pairs, two are
 * quoted in that asset, so that whatever a leg leaves over can be traded for it.
 *
 * @param slots - Of the board.
 */
export function findTriangles(
  board: MarketBoard,
  slots: readonly number[],
  startAssets: readonly AssetId[],
): readonly SlotTriangle[] {
  const spot = slots.filter((slot) => board.instruments[slot]!.marketType === 'spot')
  const key = (exchange: string, base: AssetId, quote: AssetId): string => `${exchange} ${base}/${quote}`
  const byPair = new Map(
    spot.map((slot) => {
      const { exchange, base, quote } = board.instruments[slot]!
      return [key(exchange, base, quote), slot]
    }),
  )
  return spot.flatMap((crossSlot) => {
    const crossPair = board.instruments[crossSlot]!
    const { exchange, base, quote } = crossPair
    return startAssets.flatMap((asset) => {
      const baseSlot = byPair.get(key(exchange, base, asset))
      const quoteSlot = byPair.get(key(exchange, quote, asset))
      if (baseSlot === undefined || quoteSlot === undefined) return []
      const [basePair, quotePair] = [board.instruments[baseSlot]!, board.instruments[quoteSlot]!]
      return [{ crossPair, basePair, quotePair, baseSlot, quoteSlot, crossSlot }]
    })
  })
}
