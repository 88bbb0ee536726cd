import type { Instrument } from '@cex-arbitrage/common'
import type { FundingPayment } from '../structs/funding.js'
import type { Position } from '../structs/position.js'

export interface FundingPaymentQuery {
  readonly instrument: Instrument
  /** Unix milliseconds, inclusive, by the exchange's clock. */
  readonly fromMs: number
}

/** Positions of one account in perpetual contracts. Positions are one-way: a contract is held long or short, never both. */
export interface PositionDesk {
  /**
   * One position for each of the instruments, in their order; what was never traded is flat.
   *
   * @throws {@link ExchangeCapabilityException} The account keeps long and short apart; the message says how to change that.
   */
  fetchPositions(instruments: readonly Instrument[]): Promise<readonly Position[]>
  /**
   * Sets isolated margin with this leverage, for what is held and for orders to come.
   *
   * @throws {@link ExchangeRequestException} The exchange does not allow it: out of its range, or beyond the margin there is.
   */
  setLeverage(instrument: Instrument, leverage: number): Promise<void>
  /** Funding settled on the account, oldest first. */
  fetchFundingPayments(query: FundingPaymentQuery): Promise<readonly FundingPayment[]>
}
