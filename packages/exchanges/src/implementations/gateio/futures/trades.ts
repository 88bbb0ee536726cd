import type { Instrument, Trade } from '@cex-arbitrage/common'
import type { GateioFuturesTrade } from './schemas.js'
import { millisecondsOf } from './times.js'

/** A public trade of an answer or of the stream; quantities are contracts. */
export function mapGateioFuturesTrade(trade: GateioFuturesTrade, instrument: Instrument): Trade {
  return {
    instrumentId: instrument.id,
    tradeId: trade.id,
    side: trade.size.sign < 0 ? 'sell' : 'buy',
    price: trade.price,
    quantity: trade.size.abs(),
    exchangeTimeMs: millisecondsOf(trade.create_time_ms ?? trade.create_time),
  }
}
