import type { Clock, Random } from '@cex-arbitrage/common'
import { connectWebSocket, createHttpTransport } from '@cex-arbitrage/networking'
import { spoilMessages } from '@cex-arbitrage/networking/testing'
import type { ExchangeNetwork } from '../factory/exchange-context.js'

const limits = { connectTimeoutMs: 5_000, maxPayloadBytes: 16_777_216 }

/** The network of this machine, with messages that nobody may keep; see `spoilMessages`. */
export function createSpoilingNetwork(clock: Clock, random: Random): ExchangeNetwork {
  return {
    createTransport: (origin) => createHttpTransport({ origin, clock, random }),
    createSocket: spoilMessages((url, headers) => connectWebSocket(url, { ...limits, headers })),
  }
}
