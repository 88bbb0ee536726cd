import type { Clock, Random } from '@cex-arbitrage/common'
import { Pool } from 'undici'
import type { ConnectTarget } from '../utils/socket-connector.js'
import { createSocketConnector } from '../utils/socket-connector.js'
import type { SocketOptions } from '../utils/socket-options.js'
import { SpareSockets } from '../utils/spare-sockets.js'
import type { HttpEvents, HttpTransport, OutgoingHttpRequest } from './http-transport.js'
import { priorityRank, type RequestPriority } from './request-priority.js'

export interface ConnectionLanesOptions {
  readonly origin: URL
  readonly connections: number
  readonly spareConnections: number
  readonly keepAliveMs: number
  readonly connectTimeoutMs: number
  readonly socket: SocketOptions
  readonly clock: Clock
  readonly random: Random
}

/**
 * The connections of a client: one pool for orders, cancels and hedges, one for the rest, so that no order waits behind
 * a long answer; both take new sockets from one stock of connected ones.
 */
export class ConnectionLanes implements HttpTransport {
  private readonly orders: Pool
  private readonly others: Pool
  private readonly spares: SpareSockets

  constructor(options: ConnectionLanesOptions) {
    const connector = createSocketConnector(options.socket, options.connectTimeoutMs)
    const target = getTarget(options.origin)
    this.spares = new SpareSockets({
      connector,
      target,
      count: options.spareConnections,
      clock: options.clock,
      random: options.random,
    })
    const createPool = (): Pool =>
      new Pool(options.origin, {
        connections: options.connections,
        pipelining: 1,
        allowH2: false,
        keepAliveTimeout: options.keepAliveMs,
        keepAliveTimeoutThreshold: 1_000,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: (_, callback) => {
          const spare = this.spares.take()
          if (spare === undefined) connector(target, callback as Parameters<typeof connector>[1])
          // Later, since undici overlooks a socket that is there before `connect` has returned.
          else queueMicrotask(() => callback(null, spare))
        },
      })
    this.orders = createPool()
    this.others = createPool()
  }

  /** Connected sockets in stock. */
  get spareCount(): number {
    return this.spares.size
  }

  /** @throws Error when one of the spare connections cannot be opened. */
  warmUp(): Promise<void> {
    return this.spares.start()
  }

  dispatch(request: OutgoingHttpRequest, priority: RequestPriority, events: HttpEvents): void {
    const pool = priorityRank(priority) <= priorityRank('order') ? this.orders : this.others
    pool.dispatch({ ...request, headers: { ...request.headers }, idempotent: false }, events)
  }

  async destroy(): Promise<void> {
    this.spares.close()
    await Promise.all([this.orders.destroy(), this.others.destroy()])
  }
}

function getTarget({ protocol, hostname, port }: URL): ConnectTarget {
  const isTls = protocol === 'https:'
  return {
    protocol: isTls ? 'https:' : 'http:',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isTls ? 443 : 80),
  }
}
