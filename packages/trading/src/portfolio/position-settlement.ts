import { Decimal } from '@cex-arbitrage/common'

/** Places to which the cost of a part of a position is divided; what is cut off stays in what is left of it. */
const costDecimals = 18

/** What a perpetual position is: base held (negative when short) against quote, which is owed of a long one. */
export interface PositionAmounts {
  readonly base: Decimal
  readonly quote: Decimal
}

/**
 * What a fill pays out of a position at its average price, as the wallet of the exchange shows it: the closed share of what
 * the position has cost and of what the fill moves. Nothing while a position grows; of a closed one nothing stays behind.
 */
export function realisedResult(held: PositionAmounts, fill: PositionAmounts): Decimal {
  if (held.base.sign * fill.base.sign >= 0) return Decimal.zero
  const closed = Decimal.min(held.base.abs(), fill.base.abs())
  return shareOf(held, closed).plus(shareOf(fill, closed))
}

const shareOf = ({ base, quote }: PositionAmounts, closed: Decimal): Decimal =>
  closed.equals(base.abs()) ? quote : quote.times(closed).dividedBy(base.abs(), costDecimals, 'down')
