import type { ExchangeId, Instrument } from '@cex-arbitrage/common'
import type { PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'

/** One account on one exchange with its market data and the instruments it trades, fees being the account's own. */
export interface TradingVenue {
  readonly exchange: ExchangeId
  readonly publicExchange: PublicExchange
  readonly privateExchange: PrivateExchange
  readonly instruments: readonly Instrument[]
}
