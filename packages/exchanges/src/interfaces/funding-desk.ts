import type { Instrument } from '@cex-arbitrage/common'
import type { FundingRate } from '../structs/funding.js'

/** Public funding of perpetual contracts. */
export interface FundingDesk {
  /** The rate of the running interval, with the prices that it is reckoned by. */
  fetchFundingRate(instrument: Instrument): Promise<FundingRate>
}
