import type { Clock, Random } from '@cex-arbitrage/common'
import { createSocketConnector, type ConnectTarget } from '../utils/socket-connector.js'
import type { SocketOptions } from '../utils/socket-options.js'
import { SpareSockets } from '../utils/spare-sockets.js'
import type { HttpEvents, HttpTransport, OutgoingHttpRequest } from './http-transport.js'
import { OrderLane } from './order-lane.js'
import { PooledLane } from './pooled-lane.js'
import { priorityRank, type RequestPriority } from './request-priority.js'
import type { RequestLane } from './request-lane.js'

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
 * The connections of a client: one lane for orders, cancels and hedges, one for the rest, so that no order waits behind
 * a long answer; both take new sockets from one stock of connected ones. Through a proxy both are pools of undici.
 */
export class ConnectionLanes implements HttpTransport {
  private readonly orders: RequestLane
  private readonly others: RequestLane
  private readonly spares: SpareSockets

  constructor(options: ConnectionLanesOptions) {
    const { origin, connections, keepAliveMs, clock, random } = options
    const connector = createSocketConnector(options.socket, options.connectTimeoutMs)
    const target = getTarget(origin)
    this.spares = new SpareSockets({ connector, target, count: options.spareConnections, clock, random })
    const shared = {
      connections,
      keepAliveMs,
      takeSpare: () => this.spares.take(),
      connect: (callback: Parameters<typeof connector>[1]) => connector(target, callback),
    }
    this.orders =
      options.socket.proxyUrl === undefined
        ? new OrderLane({ ...shared, host: origin.host, clock })
        : new PooledLane({ ...shared, origin })
    this.others = new PooledLane({ ...shared, origin })
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
    const lane = priorityRank(priority) <= priorityRank('order') ? this.orders : this.others
    lane.dispatch(request, events)
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
