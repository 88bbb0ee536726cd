import { Decimal, type Instrument } from '@cex-arbitrage/common'

/** What sizing and the risk gate may know of our positions in perpetual contracts. */
export interface PositionView {
  /** Base held, negative when short, by the ledger. */
  baseOf(instrument: Instrument): Decimal
  /** Notional that one of margin carries; one where nothing was set. */
  leverageOf(instrument: Instrument): Decimal
  /**
   * Share of the margin that is left at this price; `undefined` when flat, or as long as the exchange has told no margin of
   * it.
   */
  marginLeft(instrument: Instrument, price: Decimal): Decimal | undefined
}

/** Of an account that holds none. */
export const noPositions: PositionView = {
  baseOf: () => Decimal.zero,
  leverageOf: () => Decimal.one,
  marginLeft: () => undefined,
}
