import type { ExchangeId } from '@cex-arbitrage/common'

/** An exchange's WebSocket side: connections, login, subscriptions, in the exchange's own frames. */
export interface ExchangeWebSocketClient {
  readonly exchange: ExchangeId
  readonly connected: boolean
  close(): Promise<void>
}
