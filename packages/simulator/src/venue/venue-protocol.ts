import type { FaultRule } from '../faults/fault-rule.js'
import type { ExchangeRules } from '../matching/exchange-core.js'
import type { SymbolSpec } from '../matching/trading-symbol.js'
import type { RestRequest, RestResponse } from '../server/rest-exchange.js'
import type { StreamSession } from '../server/stream-session.js'
import type { VenueHost } from './venue-host.js'

/** What makes a venue this venue; everything else is the host's. */
export interface VenueProtocol {
  /** Lower-case name, for example `gateio`. */
  readonly exchange: string
  readonly rules: ExchangeRules
  readonly defaultSymbols: readonly SymbolSpec[]
  /** Path of the REST base URL, for example `/api/v4`. */
  readonly restPath: string
  /** Path of the WebSocket URL, for example `/ws/v4/`. */
  readonly wsPath: string
  /** Absent where the venue has no perpetuals. */
  readonly perpetuals?: PerpetualProtocol
  /** Called once per host, before anything is served; listens to `host.core` and returns the wire side. */
  attach(host: VenueHost): VenueSurface
}

/** What a venue says of its perpetuals. */
export interface PerpetualProtocol {
  /** Path of their WebSocket URL. */
  readonly wsPath: string
  /** Spells the n-th order's id, n counting from 1. */
  readonly formatOrderId: (n: number) => string
  /** Of contracts that are made from spot pairs. */
  readonly fees: { readonly makerFee: string; readonly takerFee: string }
  /** Price steps that differ from those of spot, by name of the spot pair. */
  readonly tickSizes?: Readonly<Record<string, string>>
}

/** The wire side of a venue. */
export interface VenueSurface {
  /** Answers one request; refusals are answers, exceptions are bugs. */
  handleRest(request: RestRequest): RestResponse | Promise<RestResponse>
  /** Takes over a new WebSocket. */
  openSession(session: StreamSession): void
  /** Words a fault (`rate_limited`, `error_before`, `error_after`, `maintenance`) the way the venue does. */
  renderFault(rule: FaultRule, request: RestRequest): RestResponse
  /** The API key a request claims to come from, unchecked. */
  apiKeyOf(request: RestRequest): string | undefined
  /** Told when `host.start` has everything up; start periodic pushes here, on `host.clock`. */
  onStart?(): void
  /** What this venue alone knows, for `venue` of the truth; plain JSON. */
  describe?(): unknown
}
