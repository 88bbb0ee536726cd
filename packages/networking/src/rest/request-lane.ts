import type { HttpEvents, OutgoingHttpRequest } from './http-transport.js'

/** Connections of one kind of request. */
export interface RequestLane {
  /** Never throws: what goes wrong is an event. */
  dispatch(request: OutgoingHttpRequest, events: HttpEvents): void
  destroy(): Promise<void>
}
