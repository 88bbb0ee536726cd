import type { Clock, Logger, Random } from '@cex-arbitrage/common'
import type { CreateSocket, HttpTransport } from '@cex-arbitrage/networking'
import type { NetworkTuning } from '../transport/network-tuning.js'

/** A key pair. `reveal` is called where a signature is made and nowhere else. */
export interface ExchangeCredentials {
  readonly apiKey: { reveal(): string }
  readonly secret: { reveal(): string }
}

/** Stands in for the network, in simulations within one process. */
export interface ExchangeNetwork {
  /** Carries the requests of one client to `origin`; ended with the client. */
  createTransport(origin: string): HttpTransport
  readonly createSocket: CreateSocket
}

/** What every part of an exchange is built from. */
export interface ExchangeContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Origin of REST, without a trailing slash: `https://api.mexc.com`. Default: the exchange's production origin. */
  readonly restUrl?: string
  /** Address of the WebSocket service. Default: the exchange's production address. */
  readonly webSocketUrl?: string
  /** Default: the network of this machine. */
  readonly network?: ExchangeNetwork
  /** What an operator decides of timeouts, retries, pools and heartbeats. */
  readonly tuning?: NetworkTuning
  /** Only for private parts. */
  readonly credentials?: ExchangeCredentials
  /** Options that only this exchange understands, from its section of the configuration; checked by its own schema. */
  readonly options?: Readonly<Record<string, unknown>>
}
