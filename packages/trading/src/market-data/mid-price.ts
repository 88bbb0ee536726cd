import { Decimal, type OrderBook } from '@cex-arbitrage/common'

/** The exact middle of the best quotes; the book must have both sides. */
export function midPrice(book: OrderBook): Decimal {
  const ticks = BigInt(book.bids.priceTicksAt(0)) + BigInt(book.asks.priceTicksAt(0))
  return Decimal.of(ticks * 5n, book.instrument.priceDecimals + 1)
}
