import type { Instrument, Side } from '@cex-arbitrage/common'
import type { ExecutableQuote, ExecutableQuotes } from '../types/executable-quotes.js'
import type { SimulatedExchange } from './simulated-exchange.js'

/** Quotes straight from the books of simulated exchanges. */
export class SimulatedQuotes implements ExecutableQuotes {
  constructor(private readonly exchanges: readonly SimulatedExchange[]) {}

  quote(instrument: Instrument, side: Side, quantityLots: number): ExecutableQuote | undefined {
    const exchange = this.exchanges.find((candidate) => candidate.orders.books.has(instrument.id))
    return exchange?.orders.books.get(instrument.id)?.quote(side, quantityLots)
  }
}
