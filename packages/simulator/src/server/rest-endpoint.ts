import type { IncomingMessage, ServerResponse } from 'node:http'

import { type Clock, type Logger, sleep } from '@cex-arbitrage/common'

import type { FaultEngine } from '../faults/fault-engine.js'
import type { FaultOccasion, FaultRule } from '../faults/fault-rule.js'
import type { LatencyModel } from './latency-model.js'
import type { RestHandler, RestRequest, RestResponse } from './rest-exchange.js'

const maxBodyBytes = 1_048_576
/** Answers kept for `stale_response`. */
const answersKept = 200

export interface RestEndpointParts {
  readonly clock: Clock
  readonly faults: FaultEngine
  readonly latency: LatencyModel
  readonly log: Logger
  /** Answers ordinary requests. */
  readonly handle: RestHandler
  /** Answers under `/__admin/`, free of faults and latency; `undefined` for what it does not know. */
  readonly admin: RestHandler
  /** The venue's own words for a fault. */
  readonly renderFault: (rule: FaultRule, request: RestRequest) => RestResponse
  /** The API key a request claims to come from. */
  readonly apiKeyOf: (request: RestRequest) => string | undefined
  readonly onServed: (route: string) => void
}

/** Takes one HTTP request through latency, faults, the venue's handler, and faults again. */
export class RestEndpoint {
  /** The latest answer to each unsigned GET, by path and query. */
  private readonly answers = new Map<string, RestResponse>()

  constructor(private readonly parts: RestEndpointParts) {}

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { admin, handle, log } = this.parts
    try {
      const request = await this.read(incoming)
      if (request === undefined) send(outgoing, { status: 413, body: 'Payload Too Large', contentType: 'text/plain' })
      else if (request.path.startsWith('/__admin/')) send(outgoing, await admin(request))
      else await this.pass(request, outgoing, handle)
    } catch (cause) {
      log.error({ cause }, 'request failed inside the simulator')
      if (!outgoing.headersSent && !outgoing.destroyed)
        send(outgoing, { status: 500, body: { label: 'SERVER_ERROR', message: 'Internal server error' } })
    }
  }

  private async pass(request: RestRequest, outgoing: ServerResponse, handle: RestHandler): Promise<void> {
    const { clock, faults, latency, onServed, renderFault } = this.parts
    const occasion = this.occasion(request)
    const take = (...kinds: Parameters<FaultEngine['take']>[0]) => faults.take(kinds, occasion)
    await this.wait(latency.drawMs('request') + (take('request_delay')?.delayMs ?? 0))
    const before = take('maintenance', 'rate_limited', 'error_before')
    if (before !== undefined) {
      onServed(`${request.method} ${request.path}`)
      send(outgoing, renderFault(before, request))
      return
    }
    if (take('request_drop') !== undefined) {
      outgoing.destroy()
      return
    }
    const fresh = await handle({ ...request, receivedAtMs: clock.nowMs() })
    const response = this.earlierAnswer(request, occasion) ?? fresh
    this.remember(request, response)
    onServed(response.route ?? `${request.method} (unknown)`)
    await this.wait(latency.drawMs('ack') + (take('response_delay')?.delayMs ?? 0))
    const lost = take('lost_acknowledgement')
    if (lost?.mode === 'hang') return
    if (lost !== undefined) {
      outgoing.destroy()
      return
    }
    const after = take('error_after')
    if (after !== undefined) send(outgoing, renderFault(after, request))
    else if (take('response_truncate') !== undefined) truncate(outgoing, response)
    else send(outgoing, response)
  }

  /** What a `stale_response` fault serves instead: the answer that this very request got the last time. */
  private earlierAnswer(request: RestRequest, occasion: FaultOccasion): RestResponse | undefined {
    const earlier = this.answers.get(keyOf(request))
    if (earlier === undefined) return undefined
    return this.parts.faults.take(['stale_response'], occasion) === undefined ? undefined : earlier
  }

  private async wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(this.parts.clock, ms)
  }

  private remember(request: RestRequest, response: RestResponse): void {
    if (request.method !== 'GET' || this.parts.apiKeyOf(request) !== undefined) return
    this.answers.delete(keyOf(request))
    this.answers.set(keyOf(request), response)
    if (this.answers.size > answersKept) this.answers.delete(this.answers.keys().next().value!)
  }

  private occasion(request: RestRequest): FaultOccasion {
    const apiKey = this.parts.apiKeyOf(request)
    return { route: `${request.method} ${request.path}`, ...(apiKey !== undefined && { apiKey }) }
  }

  private async read(incoming: IncomingMessage): Promise<RestRequest | undefined> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBodyBytes) return undefined
      chunks.push(chunk)
    }
    const [rawPath = '/', ...query] = (incoming.url ?? '/').split('?')
    const rawQuery = query.join('?')
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
    return {
      method: (incoming.method ?? 'GET').toUpperCase(),
      path: decoded(rawPath),
      rawPath,
      rawQuery,
      query: new URLSearchParams(rawQuery),
      headers,
      body: Buffer.concat(chunks).toString('utf8'),
      ip: incoming.socket.remoteAddress ?? '',
      receivedAtMs: this.parts.clock.nowMs(),
    }
  }
}

const keyOf = (request: RestRequest): string => `${request.method} ${request.path}?${request.rawQuery}`

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function bytesOf(response: RestResponse): { readonly bytes: Buffer; readonly type: string } {
  const text = typeof response.body === 'string' ? response.body : JSON.stringify(response.body)
  return { bytes: Buffer.from(text ?? ''), type: response.contentType ?? 'application/json' }
}

function send(outgoing: ServerResponse, response: RestResponse): void {
  if (outgoing.destroyed) return
  const { bytes, type } = bytesOf(response)
  outgoing.writeHead(response.status, { 'content-type': type, 'content-length': bytes.length, ...response.headers })
  outgoing.end(bytes)
}

/** Announces the whole body, sends half of it and cuts the connection. */
function truncate(outgoing: ServerResponse, response: RestResponse): void {
  const { bytes, type } = bytesOf(response)
  outgoing.writeHead(response.status, { 'content-type': type, 'content-length': bytes.length, ...response.headers })
  outgoing.write(bytes.subarray(0, bytes.length >> 1), () => outgoing.destroy())
}
