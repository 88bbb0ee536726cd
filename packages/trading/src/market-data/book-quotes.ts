import { Decimal, type Clock, type Instrument, type Side } from '@cex-arbitrage/common'
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
      notional: tickLotsToNotional(instrument, walk.tickLots),
      quantityLots: walk.quantityLots,
    }
  }
}

/** The exact value in quote of a sum of price ticks × quantity lots, contract size included. */
export function tickLotsToNotional(instrument: Instrument, tickLots: bigint): Decimal {
  const scale = instrument.priceDecimals + instrument.quantityDecimals
  return Decimal.of(tickLots, scale).times(instrument.contractSize)
}
