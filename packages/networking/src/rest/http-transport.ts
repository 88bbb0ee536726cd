import type { IncomingHttpHeaders } from 'node:http'
import type { RequestPriority } from './request-priority.js'
import type { HttpMethod } from './rest-request.js'

/** One request as it goes over the wire. */
export interface OutgoingHttpRequest {
  /** Scheme, host and port. */
  readonly origin: string
  readonly method: HttpMethod
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Text; `null` for none. */
  readonly body: string | null
}

/** Ends a request that is under way. */
export interface HttpCancellation {
  abort(reason: Error): void
}

/** Who is told how a request goes: `onRequestStart` just before the first byte is written, then the rest in this order. */
export interface HttpEvents {
  onRequestStart(cancellation: HttpCancellation): void
  onResponseStart(cancellation: HttpCancellation, status: number, headers: IncomingHttpHeaders): void
  onResponseData(cancellation: HttpCancellation, chunk: Buffer): void
  onResponseEnd(): void
  onResponseError(cancellation: HttpCancellation, error: Error): void
}

/** Carries requests to one origin: warm undici pools, or whatever else a simulation puts in their place. */
export interface HttpTransport {
  /** Connected sockets in stock. */
  readonly spareCount: number
  /** @throws Error when a connection cannot be opened. */
  warmUp(): Promise<void>
  /** Sends on the lane of its priority. Never throws: what goes wrong is an event. */
  dispatch(request: OutgoingHttpRequest, priority: RequestPriority, events: HttpEvents): void
  destroy(): Promise<void>
}
