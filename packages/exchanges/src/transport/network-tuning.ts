import type { RestClientOptions, WebSocketConnectionOptions } from '@cex-arbitrage/networking'

/** How an exchange's requests are made, where an operator decides it; what is left out has the client's default. */
export type RestTuning = Pick<RestClientOptions, 'timeouts' | 'retry' | 'circuit' | 'connections' | 'keepAliveMs'>

/** How an exchange's streams are kept, where an operator decides it; what is left out is the connector's own. */
export interface WebSocketTuning extends Pick<
  WebSocketConnectionOptions,
  'connectTimeoutMs' | 'maxSilenceMs' | 'maxPayloadBytes'
> {
  /** Longest milliseconds between two of the exchange's own pings; the connector's interval where that is shorter. */
  readonly pingIntervalMs?: number
  /** Milliseconds before a reconnection: the first ceiling and the last. */
  readonly reconnectBackoff?: { readonly initialMs: number; readonly maxMs: number }
}

/** What an operator decides of the network, for every part of an exchange. */
export interface NetworkTuning {
  readonly rest?: RestTuning
  readonly webSocket?: WebSocketTuning
}
