import type { ExchangeContext } from '../../factory/exchange-context.js'
import { gateioTestnetWebSocketUrl, gateioWebSocketUrl } from './constants.js'
import type { GateioOptions } from './schemas.js'

/** The address of the spot WebSocket service: channels, private channels and the WebSocket API share it. */
export function webSocketUrlOf(context: Pick<ExchangeContext, 'webSocketUrl'>, options: GateioOptions): string {
  return context.webSocketUrl ?? (options.useTestnet ? gateioTestnetWebSocketUrl : gateioWebSocketUrl)
}
