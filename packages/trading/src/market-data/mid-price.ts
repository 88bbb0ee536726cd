import { Decimal, type OrderBook } from '@cex-arbitrage/common'

/** The exact middle of the best quotes; the book must have both sides. */
export function midPrice(book: OrderBook): Decimal {
  const bid = book.bids.priceTicksAt(0)
  const ask = book.asks.priceTicksAt(0)
  const halves = (bid + ask) * 5
  const exact = Number.isSafeInteger(halves) ? halves : (BigInt(bid) + BigInt(ask)) * 5n
  return Decimal.of(exact, book.instrument.priceDecimals + 1)
}
