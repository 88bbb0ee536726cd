import type { Clock, Logger, Random } from '@cex-arbitrage/common'

import type { AccountOptions } from '../accounts/account-book.js'
import type { FaultRule } from '../faults/fault-rule.js'
import type { CaptureMarketOptions } from '../market/capture-market.js'
import type { CapturedQuote } from '../market/quote-capture.js'
import type { ReferenceMarket, ReferenceMarketOptions } from '../market/reference-market.js'
import type { SyntheticMarketOptions } from '../market/synthetic-market.js'
import type { SymbolSpec } from '../matching/trading-symbol.js'
import type { PerpetualOptions } from '../perpetuals/create-perpetual-market.js'
import type { LatencyOptions } from '../server/latency-model.js'
import type { ServerOptions } from '../server/venue-server.js'

/** Where a venue's books come from. */
export type MarketOptions =
  | SyntheticMarketChoice
  | { readonly kind: 'manual' }
  | ({
      readonly kind: 'capture'
      readonly symbol: string
      readonly quotes: readonly CapturedQuote[]
    } & CaptureMarketOptions)

export interface SyntheticMarketChoice extends SyntheticMarketOptions, Omit<ReferenceMarketOptions, 'seed'> {
  readonly kind: 'synthetic'
  /** Share one between venues; made from the seed when absent, which gives the same prices. */
  readonly reference?: ReferenceMarket
}

export interface VenueOptions extends ServerOptions {
  /** The same seed gives the same market; 1 when absent. */
  readonly seed?: number
  /** The machine's clock when absent. */
  readonly clock?: Clock
  /** For latency and faults; seeded from `seed` when absent. */
  readonly random?: Random
  readonly log?: Logger
  readonly symbols?: readonly SymbolSpec[]
  /** Synthetic when absent. */
  readonly market?: MarketOptions
  /** Of venues that have perpetuals. */
  readonly perpetuals?: PerpetualOptions
  /** One well-funded account with a key made from the seed when absent. */
  readonly accounts?: readonly AccountOptions[]
  readonly latency?: LatencyOptions
  /** Rules that hold from the start. */
  readonly faults?: readonly FaultRule[]
  /** Where book sequences and trade ids begin; 1 000 000 when absent. */
  readonly firstSequence?: number
  /** Orders of one account, with their fills, that are remembered after they have ended; 100,000 when absent. */
  readonly orderHistory?: number
}

/** Where a started venue is, and how to enter. */
export interface VenueAddress {
  readonly exchange: string
  readonly port: number
  /** `http://127.0.0.1:port` */
  readonly origin: string
  /** Base URL of the REST API. */
  readonly rest: string
  /** URL of the WebSocket. */
  readonly ws: string
  /** URL of the WebSocket of perpetuals; absent where the venue has none. */
  readonly futuresWs?: string
  /** Base URL of the admin routes. */
  readonly admin: string
  /** Key of the first account. */
  readonly apiKey: string
  readonly secret: string
}
