import type { ExchangeId } from '@cex-arbitrage/common'

/** An exchange's REST client: one method per endpoint, the exchange's own types in and out. */
export interface ExchangeRestClient {
  readonly exchange: ExchangeId
  close(): Promise<void>
}
