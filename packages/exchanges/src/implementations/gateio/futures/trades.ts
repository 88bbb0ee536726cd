import { msPerSecond, type Instrument, type Trade } from '@cex-arbitrage/common'
import type { GateioFuturesTrade } from './schemas.js'

/** Numbers above are milliseconds, below seconds. */
const millisecondsFrom = 1e11

/** A public trade of an answer or of the stream; quantities are contracts. */
export function mapGateioFuturesTrade(trade: GateioFuturesTrade, instrument: Instrument): Trade {
  const time = trade.create_time_ms ?? trade.create_time
  return {
    instrumentId: instrument.id,
    tradeId: trade.id,
    side: trade.size.sign < 0 ? 'sell' : 'buy',
    price: trade.price,
    quantity: trade.size.abs(),
    exchangeTimeMs: Math.floor(time < millisecondsFrom ? time * msPerSecond : time),
  }
}
