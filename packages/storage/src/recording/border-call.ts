import type { IncomingHttpHeaders } from 'node:http'
import type { HttpCancellation, HttpEvents } from '@cex-arbitrage/networking'
import type { EventKind } from './recorded-event.js'

interface ResponseHead {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/** The engine's end of one request, driven by delivered events alone. */
export class BorderCall implements HttpCancellation {
  private readonly handlers: Readonly<Partial<Record<EventKind, (data: Buffer) => void>>>

  constructor(
    events: HttpEvents,
    private readonly onAbort: (reason: Error) => void,
  ) {
    this.handlers = {
      http_start: () => events.onRequestStart(this),
      http_head: (data) => {
        const { status, headers } = JSON.parse(data.toString()) as ResponseHead
        events.onResponseStart(this, status, headers)
      },
      http_data: (data) => events.onResponseData(this, data),
      http_end: () => events.onResponseEnd(),
      http_error: (data) => events.onResponseError(this, new Error(data.toString())),
    }
  }

  abort(reason: Error): void {
    this.onAbort(reason)
  }

  deliver(kind: EventKind, data: Buffer): void {
    const handle = this.handlers[kind]
    if (handle === undefined) throw new TypeError(`'${kind}' is no event of a request.`)
    handle(data)
  }
}

/** What `http_head` carries; cookies stay out. */
export function encodeHead(status: number, headers: IncomingHttpHeaders): Buffer {
  const { 'set-cookie': _, ...kept } = headers
  return Buffer.from(JSON.stringify({ status, headers: kept } satisfies ResponseHead))
}
