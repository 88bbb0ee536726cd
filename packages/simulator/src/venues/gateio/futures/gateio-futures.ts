import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { FuturesTrading } from './futures-trading.js'
import type { PositionModes } from './position-modes.js'

/** What REST and streams of the perpetuals share. */
export interface GateioFutures {
  readonly market: PerpetualMarket
  readonly trading: FuturesTrading
  readonly modes: PositionModes
}
