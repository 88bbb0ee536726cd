import type { OrderBook } from '@cex-arbitrage/common'

/** How old quotes may be, in microseconds of our monotonic clock. */
export interface QuoteAgeLimits {
  readonly maxQuoteAgeUs: number
  /** Between the two books of a pair. */
  readonly maxAgeSkewUs: number
}

export type PairDistrust = 'untrusted_book' | 'stale_quote' | 'age_skew'

/** Why one book is not to be quoted from now, if there is a reason (invariant S6). */
export function quoteDistrust(
  book: OrderBook,
  nowUs: number,
  maxQuoteAgeUs: number,
): 'untrusted_book' | 'stale_quote' | undefined {
  const distrust = book.distrust(nowUs, maxQuoteAgeUs)
  if (distrust === undefined) return undefined
  return distrust === 'stale' ? 'stale_quote' : 'untrusted_book'
}

/** Why two books are not to be compared now, if there is a reason: both must be quotable and about equally old (S6). */
export function pairDistrust(
  one: OrderBook,
  other: OrderBook,
  nowUs: number,
  limits: QuoteAgeLimits,
): PairDistrust | undefined {
  const distrust = quoteDistrust(one, nowUs, limits.maxQuoteAgeUs) ?? quoteDistrust(other, nowUs, limits.maxQuoteAgeUs)
  if (distrust !== undefined) return distrust
  return Math.abs(one.receivedAtUs - other.receivedAtUs) > limits.maxAgeSkewUs ? 'age_skew' : undefined
}
