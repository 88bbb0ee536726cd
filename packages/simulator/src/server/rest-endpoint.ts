import type { IncomingMessage, ServerResponse } from 'node:http'

import { type Clock, type Logger, sleep } from '@cex-arbitrage/common'

import { createStrangeAnswer } from '../faults/strange-answer.js'
import type { FaultEngine } from '../faults/fault-engine.js'
import type { FaultOccasion, FaultRule } from '../faults/fault-rule.js'
import type { LatencyModel } from './latency-model.js'
import type { RestHandler, RestRequest, RestResponse } from './rest-exchange.js'
import { HttpReply, type RestReply } from './rest-reply.js'

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
    const reply = new HttpReply(outgoing)
    try {
      const request = await this.read(incoming)
      if (request === undefined) reply.send({ status: 413, body: 'Payload Too Large', contentType: 'text/plain' })
      else await this.answer(request, reply)
    } catch (cause) {
      this.parts.log.error({ cause }, 'request failed inside the simulator')
      if (!reply.isAnswered)
        reply.send({ status: 500, body: { label: 'SERVER_ERROR', message: 'Internal server error' } })
    }
  }

  /** Answers one request, however it came. Throws what the venue's own code throws. */
  async answer(request: RestRequest, reply: RestReply): Promise<void> {
    if (request.path.startsWith('/__admin/')) reply.send(await this.parts.admin(request))
    else await this.pass(request, reply)
  }

  private async pass(request: RestRequest, reply: RestReply): Promise<void> {
    const { clock, faults, handle, latency, onServed, renderFault } = this.parts
    const occasion = this.occasion(request)
    const take = (...kinds: Parameters<FaultEngine['take']>[0]) => faults.take(kinds, occasion)
    await this.wait(latency.drawMs('request') + (take('request_delay')?.delayMs ?? 0))
    const before = take('maintenance', 'rate_limited', 'error_before')
    if (before !== undefined) {
      onServed(`${request.method} ${request.path}`)
      reply.send(renderFault(before, request))
      return
    }
    if (take('request_drop') !== undefined) {
      reply.cut()
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
      reply.cut()
      return
    }
    const after = take('error_after', 'strange_answer')
    if (after?.kind === 'strange_answer') reply.send(createStrangeAnswer(after, response))
    else if (after !== undefined) reply.send(renderFault(after, request))
    else if (take('response_truncate') !== undefined) reply.truncate(response)
    else reply.send(response)
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
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
    return readRequest(
      {
        method: incoming.method ?? 'GET',
        target: incoming.url ?? '/',
        headers,
        body: Buffer.concat(chunks).toString('utf8'),
        ip: incoming.socket.remoteAddress ?? '',
      },
      this.parts.clock.nowMs(),
    )
  }
}

/** A request before its target is taken apart. */
export interface RawRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly ip: string
}

export function readRequest({ method, target, ...rest }: RawRequest, receivedAtMs: number): RestRequest {
  const [rawPath = '/', ...query] = target.split('?')
  const rawQuery = query.join('?')
  return {
    ...rest,
    method: method.toUpperCase(),
    path: decoded(rawPath),
    rawPath,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    receivedAtMs,
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
