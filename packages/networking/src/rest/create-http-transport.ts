import type { Clock, Random } from '@cex-arbitrage/common'
import type { SocketOptions } from '../utils/socket-options.js'
import { ConnectionLanes } from './connection-lanes.js'
import type { HttpTransport } from './http-transport.js'
import { defaultRequestTimeouts } from './request-timeouts.js'

export const defaultConnections = 8
export const defaultSpareConnections = 2
export const defaultKeepAliveMs = 30_000

export interface HttpTransportOptions {
  /** Scheme, host and port. */
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
  readonly socket?: SocketOptions
  /** 5,000 by default. */
  readonly connectTimeoutMs?: number
  readonly connections?: number
  readonly spareConnections?: number
  readonly keepAliveMs?: number
}

/** The warm connections that a `RestClient` makes for itself, for those who put something between. */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  return new ConnectionLanes({
    origin: new URL(options.origin),
    connections: options.connections ?? defaultConnections,
    spareConnections: options.spareConnections ?? defaultSpareConnections,
    keepAliveMs: options.keepAliveMs ?? defaultKeepAliveMs,
    connectTimeoutMs: options.connectTimeoutMs ?? defaultRequestTimeouts.connectMs,
    socket: options.socket ?? {},
    clock: options.clock,
    random: options.random,
  })
}
