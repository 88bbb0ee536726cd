import type { GateioOptions } from '../schemas.js'
import { gateioFuturesTestnetWebSocketUrl, gateioFuturesWebSocketUrl } from './constants.js'

/**
 * The address of the futures WebSocket service: channels, private channels and the WebSocket API share it. The address of
 * a context is that of spot.
 */
export const futuresWebSocketUrlOf = (options: Pick<GateioOptions, 'futuresWebSocketUrl' | 'useTestnet'>): string =>
  options.futuresWebSocketUrl ?? (options.useTestnet ? gateioFuturesTestnetWebSocketUrl : gateioFuturesWebSocketUrl)
