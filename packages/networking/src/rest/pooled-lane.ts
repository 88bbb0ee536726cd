import type { Socket } from 'node:net'
import { Pool } from 'undici'
import type { HttpEvents, OutgoingHttpRequest } from './http-transport.js'
import type { RequestLane } from './request-lane.js'

export interface PooledLaneOptions {
  readonly origin: URL
  readonly connections: number
  readonly keepAliveMs: number
  /** A connected socket from stock; `undefined` when there is none. */
  readonly takeSpare: () => Socket | undefined
  readonly connect: (callback: (error: Error | null, socket: Socket | null) => void) => void
}

/** A pool of undici, which writes a moment after `dispatch`. */
export class PooledLane implements RequestLane {
  private readonly pool: Pool

  constructor(options: PooledLaneOptions) {
    this.pool = new Pool(options.origin, {
      connections: options.connections,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: options.keepAliveMs,
      keepAliveTimeoutThreshold: 1_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_, callback) => {
        const spare = options.takeSpare()
        if (spare === undefined) options.connect(callback as PooledCallback)
        // Later, since undici overlooks a socket that is there before `connect` has returned.
        else queueMicrotask(() => callback(null, spare))
      },
    })
  }

  dispatch(request: OutgoingHttpRequest, events: HttpEvents): void {
    this.pool.dispatch({ ...request, headers: { ...request.headers }, idempotent: false }, events)
  }

  destroy(): Promise<void> {
    return this.pool.destroy()
  }
}

type PooledCallback = Parameters<PooledLaneOptions['connect']>[0]
