import { bpsPerUnit, type BookSide, type Clock, type Instrument, type OrderBook } from '@cex-arbitrage/common'
import type { MarketBoard } from '@cex-arbitrage/trading'
import type { BookStatus, EdgeStatus, LevelStatus } from './live-model.js'

const shownLevels = 5
/** With more books than this, only the best level of each is shown. */
const booksWithDepth = 24

/** Every book of the board with its best levels; for display, since it allocates. */
export function describeBooks(board: MarketBoard, clock: Clock, maxQuoteAgeUs: number): readonly BookStatus[] {
  const nowUs = clock.nowUs()
  const levels = board.instruments.length > booksWithDepth ? 1 : shownLevels
  return board.instruments.map((instrument, slot) => {
    const book = board.bookAt(slot)
    return {
      instrumentId: instrument.id,
      exchange: instrument.exchange,
      marketType: instrument.marketType,
      symbol: instrument.symbol,
      distrust: book === undefined ? 'syncing' : book.distrust(nowUs, maxQuoteAgeUs),
      ageMs: ageMs(book, nowUs),
      bids: describeSide(book?.bids, instrument, levels),
      asks: describeSide(book?.asks, instrument, levels),
    }
  })
}

/** Milliseconds since the last frame, rounded so that a quiet book does not change at every look. */
function ageMs(book: OrderBook | undefined, nowUs: number): number | undefined {
  return book === undefined ? undefined : Math.max(0, Math.round((nowUs - book.receivedAtUs) / 100_000) * 100)
}

function describeSide(side: BookSide | undefined, instrument: Instrument, levels: number): readonly LevelStatus[] {
  if (side === undefined) return []
  return Array.from({ length: Math.min(levels, side.depth) }, (_, rank) => [
    instrument.ticksToPrice(side.priceTicksAt(rank)).toFixed(instrument.priceDecimals),
    instrument.lotsToQuantity(side.quantityLotsAt(rank)).toString(),
  ])
}

/** Of every symbol the pair of exchanges whose best quotes cross the most, fees taken off; none while fewer than two quote. */
export function describeEdges(board: MarketBoard): readonly EdgeStatus[] {
  return board.symbols.flatMap((symbol) => {
    const best = bestPair(board, board.slotsOf(symbol))
    return best === undefined ? [] : [{ symbol, ...best }]
  })
}

function bestPair(board: MarketBoard, slots: readonly number[]): Omit<EdgeStatus, 'symbol'> | undefined {
  let best: Omit<EdgeStatus, 'symbol'> | undefined
  for (const buy of slots)
    for (const sell of slots) {
      if (buy === sell) continue
      const edge = board.netBid[sell]! / board.netAsk[buy]!
      if (!Number.isFinite(edge) || edge <= 0) continue
      const netEdgeBps = Math.round((edge - 1) * bpsPerUnit * 100) / 100
      if (best !== undefined && netEdgeBps <= best.netEdgeBps) continue
      best = { buyAt: board.instruments[buy]!.exchange, sellAt: board.instruments[sell]!.exchange, netEdgeBps }
    }
  return best
}
