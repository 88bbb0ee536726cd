import type { CorrelationId, Instrument, Side } from '@cex-arbitrage/common'
import { PairTerms } from '../sizing/pair-terms.js'

/** One side of a symbol that is quoted on one exchange and hedged on another: what never changes of it, and its state. */
export class QuotingSide {
  /** What buying and selling come to when the quote makes and the hedge takes. */
  readonly terms: PairTerms
  /** The trade whose quote rests, or is being closed. */
  open: CorrelationId | undefined
  /** Nothing is quoted before, microseconds of our monotonic clock. */
  restsUntilUs = Number.NEGATIVE_INFINITY

  constructor(
    readonly side: Side,
    readonly quotedAt: Instrument,
    readonly hedgedAt: Instrument,
  ) {
    this.terms =
      side === 'buy'
        ? new PairTerms(quotedAt, hedgedAt, { buy: 'maker', sell: 'taker' })
        : new PairTerms(hedgedAt, quotedAt, { buy: 'taker', sell: 'maker' })
  }

  rest(untilUs: number): void {
    this.restsUntilUs = Math.max(this.restsUntilUs, untilUs)
  }
}
