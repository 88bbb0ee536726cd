import { msPerSecond, type Instrument, type Trade } from '@cex-arbitrage/common'
import type { GateioTrade } from './schemas.js'

/** A public trade of REST or of the stream; `side` is the taker's. */
export function mapGateioTrade(trade: GateioTrade, instrument: Instrument): Trade {
  return {
    instrumentId: instrument.id,
    tradeId: trade.id,
    side: trade.side,
    price: trade.price,
    quantity: trade.amount,
    exchangeTimeMs: Math.floor(trade.create_time_ms ?? trade.create_time * msPerSecond),
  }
}
