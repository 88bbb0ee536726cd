import type { HttpCancellation, HttpEvents, HttpTransport, OutgoingHttpRequest } from '@cex-arbitrage/networking'
import { encodeResponse, type RestReply, type RestResponse, type VenueHost } from '@cex-arbitrage/simulator'
import type { Wire } from './wire.js'

const clientIp = '10.0.0.1'

/** Warm connections to a venue in this process. */
export class VirtualTransport implements HttpTransport {
  readonly spareCount = 1

  constructor(
    private readonly venue: VenueHost,
    private readonly wire: Wire,
  ) {}

  warmUp(): Promise<void> {
    return Promise.resolve()
  }

  dispatch(request: OutgoingHttpRequest, _priority: unknown, events: HttpEvents): void {
    if (this.wire.isDead()) return
    const call = new VirtualCall(this.wire, events)
    events.onRequestStart(call)
    if (call.isAborted) return
    const { method, path, headers, body } = request
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    this.wire.toVenue(
      () => void this.venue.answer({ method, target: path, headers: lower, body: body ?? '', ip: clientIp }, call),
    )
  }

  destroy(): Promise<void> {
    return Promise.resolve()
  }
}

/** One request: what the client gave up still reaches the venue, but no answer comes back. */
class VirtualCall implements HttpCancellation, RestReply {
  isAborted = false

  constructor(
    private readonly wire: Wire,
    private readonly events: HttpEvents,
  ) {}

  abort(): void {
    this.isAborted = true
  }

  send(response: RestResponse): void {
    const { bytes } = encodeResponse(response)
    this.deliver(() => {
      this.start(response)
      this.events.onResponseData(this, bytes)
      this.events.onResponseEnd()
    })
  }

  cut(): void {
    this.deliver(() => this.events.onResponseError(this, new Error('other side closed')))
  }

  truncate(response: RestResponse): void {
    const { bytes } = encodeResponse(response)
    this.deliver(() => {
      this.start(response)
      this.events.onResponseData(this, bytes.subarray(0, bytes.length >> 1))
      this.events.onResponseError(this, new Error('other side closed'))
    })
  }

  private start(response: RestResponse): void {
    const { headers } = encodeResponse(response)
    const lower = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    )
    this.events.onResponseStart(this, response.status, lower)
  }

  private deliver(event: () => void): void {
    this.wire.toClient(() => {
      if (!this.isAborted) event()
    })
  }
}
