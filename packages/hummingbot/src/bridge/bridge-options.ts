import type { Clock, Logger, Random } from '@cex-arbitrage/common'
import type { TlsOptions } from '@cex-arbitrage/networking'
import type { OrderStore } from './order-store.js'

/** Where orders of one `exchange` of the protocol go. */
export interface UpstreamPlace {
  readonly accountName: string
  readonly connectorName: string
}

/** The hummingbot-api behind the bridge. */
export interface UpstreamOptions {
  /** `http://localhost:8000` */
  readonly baseUrl: string
  readonly user: string
  readonly password: string
  /** Certificate authorities and client certificate of an `https` address. */
  readonly tls?: TlsOptions
}

export interface HummingbotBridgeOptions {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Address to listen on; loopback when absent. */
  readonly host?: string
  /** 15888 when absent, which is also the default of a Hummingbot Gateway; 0 takes a free one. */
  readonly port?: number
  /** PEM texts; plain `ws` when absent. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Values of `api_key` that are let in; unrelated to the upstream's password. */
  readonly clientKeys: readonly string[]
  readonly upstream: UpstreamOptions
  /** By the protocol's `exchange`. */
  readonly exchanges: Readonly<Record<string, UpstreamPlace>>
  /** `market` -> `BASE-QUOTE` for spellings that the default (upper case, `/` and `_` to `-`) gets wrong. */
  readonly symbols?: Readonly<Record<string, string>>
  /** Milliseconds; 1,000, 1,000 and 5,000 when absent. */
  readonly polling?: { readonly ordersMs?: number; readonly tickerMs?: number; readonly searchMs?: number }
  /** Milliseconds for which a create whose answer was lost waits for its order to show up; 30,000 when absent. */
  readonly adoptionMs?: number
  /** Milliseconds for which `cancel_order` waits for the proof of the cancellation; 0 answers `cancelled: false` at once. */
  readonly cancelWaitMs?: number
  readonly limits?: BridgeLimits
  /** Keeps the orders over restarts; `MemoryOrderStore` when absent, which does not. */
  readonly store?: OrderStore
}

export interface BridgeLimits {
  /** Connections at once; 100 when absent. */
  readonly maxConnections?: number
  /** Frames of one connection in any second; 100 when absent. */
  readonly maxFramesPerSecond?: number
  /** Unanswered requests of one connection; 200 when absent. */
  readonly maxPending?: number
  /** Milliseconds to authenticate in; 10,000 when absent. */
  readonly authenticationMs?: number
}
