import { Decimal } from '@cex-arbitrage/common'

const usPerSecond = 1_000_000

/** The least edge after fees, growing with the age of the older quote used. */
export interface EdgeMargin {
  readonly minNetEdgeBps: number
  /** Taken off every edge. */
  readonly edgeMarginBps: number
  /** Further, for each second of age. */
  readonly edgeMarginBpsPerSecond: number
}

/** Required edges are rounded up to a hundredth of a basis point. */
const edgeSteps = 100
const edgeDecimals = 6

/** What must come back at least for one unit that is paid, exact. */
export const exactEdgeRatio = (requiredBps: number): Decimal =>
  Decimal.one.plus(Decimal.of(Math.ceil(requiredBps * edgeSteps), edgeDecimals))

/** Edge in basis points that a trade on quotes of this age must have. */
export function requiredEdgeBps(margin: EdgeMargin, quoteAgeUs: number): number {
  return margin.minNetEdgeBps + margin.edgeMarginBps + (margin.edgeMarginBpsPerSecond * quoteAgeUs) / usPerSecond
}
