import type { Clock, Instrument, Side } from '@cex-arbitrage/common'
import type { ExecutableQuote, ExecutableQuotes } from '../types/executable-quotes.js'
import { walkDepth } from './depth-walk.js'
import type { MarketBoard } from './market-board.js'
import { quoteDistrust, type QuoteAgeLimits } from './quotability.js'

/** Depth-walked quotes from the board's books; a book that may not be quoted from (S6) gives none. */
export class BookQuotes implements ExecutableQuotes {
  constructor(
    private readonly board: MarketBoard,
    private readonly clock: Clock,
    private readonly limits: Pick<QuoteAgeLimits, 'maxQuoteAgeUs'>,
  ) {}

  quote(instrument: Instrument, side: Side, quantityLots: number): ExecutableQuote | undefined {
    const book = this.board.bookOf(instrument.id)
    if (book === undefined) return undefined
    if (quoteDistrust(book, this.clock.nowUs(), this.limits.maxQuoteAgeUs) !== undefined) return undefined
    const walk = walkDepth(side === 'buy' ? book.asks : book.bids, quantityLots)
    if (walk.quantityLots === 0) return undefined
    return {
      worstPriceTicks: walk.worstPriceTicks,
      notional: instrument.tickLotsToNotional(walk.tickLots),
      quantityLots: walk.quantityLots,
    }
  }
}
