import type { Instrument, Trade } from '@cex-arbitrage/common'
import type { MexcFuturesTrade } from './schemas.js'

/** A public trade of an answer or of the stream; it has no id, and quantities are contracts. */
export const mapMexcFuturesTrade = (trade: MexcFuturesTrade, instrument: Instrument): Trade => ({
  instrumentId: instrument.id,
  tradeId: undefined,
  side: trade.T === 1 ? 'buy' : 'sell',
  price: trade.p,
  quantity: trade.v,
  exchangeTimeMs: trade.t,
})
