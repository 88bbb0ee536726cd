import type { ServerResponse } from 'node:http'
import type { RestResponse } from './rest-exchange.js'

/** Where the answer to one request goes; each request gets one of these, or none at all. */
export interface RestReply {
  send(response: RestResponse): void
  /** Cuts the connection without an answer. */
  cut(): void
  /** Announces the whole body, sends half of it and cuts the connection. */
  truncate(response: RestResponse): void
}

/** The bytes of an answer as they go over a wire. */
export function encodeResponse(response: RestResponse): {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string | number>>
} {
  const bytes = Buffer.isBuffer(response.body) ? response.body : Buffer.from(textOf(response.body))
  const type = response.contentType ?? 'application/json'
  return { bytes, headers: { 'content-type': type, 'content-length': bytes.length, ...response.headers } }
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))

/** Answers over HTTP. */
export class HttpReply implements RestReply {
  constructor(private readonly outgoing: ServerResponse) {}

  get isAnswered(): boolean {
    return this.outgoing.headersSent || this.outgoing.destroyed
  }

  send(response: RestResponse): void {
    if (this.outgoing.destroyed) return
    const { bytes, headers } = encodeResponse(response)
    this.outgoing.writeHead(response.status, headers)
    this.outgoing.end(bytes)
  }

  cut(): void {
    this.outgoing.destroy()
  }

  truncate(response: RestResponse): void {
    const { bytes, headers } = encodeResponse(response)
    this.outgoing.writeHead(response.status, headers)
    this.outgoing.write(bytes.subarray(0, bytes.length >> 1), () => this.outgoing.destroy())
  }
}
