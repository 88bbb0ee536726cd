import type { IncomingHttpHeaders } from 'node:http'
import type { HttpCancellation, HttpEvents } from '@cex-arbitrage/networking'
import type { EventKind } from './recorded-event.js'

interface ResponseHead {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/** The engine's end of one request, driven by delivered events alone. */
export class BorderCall implements HttpCancellation {
  constructor(
    private readonly events: HttpEvents,
    private readonly onAbort: (reason: Error) => void,
  ) {}

  abort(reason: Error): void {
    this.onAbort(reason)
  }

  deliver(kind: EventKind, data: Buffer): void {
    switch (kind) {
      case 'http_start':
        return this.events.onRequestStart(this)
      case 'http_head': {
        const { status, headers } = JSON.parse(data.toString()) as ResponseHead
        return this.events.onResponseStart(this, status, headers)
      }
      case 'http_data':
        return this.events.onResponseData(this, data)
      case 'http_end':
        return this.events.onResponseEnd()
      case 'http_error':
        return this.events.onResponseError(this, new Error(data.toString()))
      default:
        throw new TypeError(`'${kind}' is no event of a request.`)
    }
  }
}

/** What `http_head` carries; cookies stay out. */
export function encodeHead(status: number, headers: IncomingHttpHeaders): Buffer {
  const { 'set-cookie': _, ...kept } = headers
  return Buffer.from(JSON.stringify({ status, headers: kept } satisfies ResponseHead))
}
