import type { BookDistrust, Clock, Decimal, ExchangeId, InstrumentId, MarketType, Symbol } from '@cex-arbitrage/common'
import type { MarketBoard } from './market-board.js'

/** One book as a status display shows it. */
export interface BoardRow {
  readonly instrumentId: InstrumentId
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly symbol: Symbol
  readonly bestBid: Decimal | undefined
  readonly bestAsk: Decimal | undefined
  /** Milliseconds since the last frame; `undefined` before the first. */
  readonly ageMs: number | undefined
  /** Why it quotes nothing, if it does not. */
  readonly distrust: BookDistrust | undefined
}

/** All books of the board, in its order; for displays, since it allocates. */
export function describeBoard(board: MarketBoard, clock: Clock, maxQuoteAgeUs: number): readonly BoardRow[] {
  const nowUs = clock.nowUs()
  return board.instruments.map((instrument, slot) => {
    const book = board.bookAt(slot)
    const price = (ticks: number | undefined): Decimal | undefined =>
      ticks === undefined || Number.isNaN(ticks) ? undefined : instrument.ticksToPrice(ticks)
    return {
      instrumentId: instrument.id,
      exchange: instrument.exchange,
      marketType: instrument.marketType,
      symbol: instrument.symbol,
      bestBid: price(book?.bids.priceTicksAt(0)),
      bestAsk: price(book?.asks.priceTicksAt(0)),
      ageMs: book === undefined ? undefined : (nowUs - book.receivedAtUs) / 1000,
      distrust: book === undefined ? 'syncing' : book.distrust(nowUs, maxQuoteAgeUs),
    }
  })
}
