import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { futuresStreamUrl } from '../../../transport/futures-stream-url.js'
import { gateioExchangeId } from '../constants.js'
import type { GateioOptions } from '../schemas.js'
import { gateioFuturesTestnetWebSocketUrl, gateioFuturesWebSocketUrl } from './constants.js'

/**
 * The address of the futures WebSocket service: channels, private channels and the WebSocket API share it. The address of
 * a context is that of spot.
 */
export const futuresWebSocketUrlOf = (
  context: Pick<ExchangeContext, 'webSocketUrl'>,
  { futuresWebSocketUrl, useTestnet }: Pick<GateioOptions, 'futuresWebSocketUrl' | 'useTestnet'>,
): string =>
  futuresStreamUrl(
    gateioExchangeId,
    context,
    futuresWebSocketUrl,
    useTestnet ? gateioFuturesTestnetWebSocketUrl : gateioFuturesWebSocketUrl,
  )
