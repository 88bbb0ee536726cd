import { silentLogger, systemClock, systemRandom, type Clock } from '@cex-arbitrage/common'
import {
  TestHttpServer,
  TestWebSocketServer,
  type SeenRequest,
  type ServerSocket,
} from '@cex-arbitrage/networking/testing'
import type { ExchangeContext } from '../factory/exchange-context.js'
import { createSpoilingNetwork } from './spoiling-network.js'

/** What a route answers: a value for HTTP 200, or a status with the exact text of the body. */
export type LocalAnswer =
  | { readonly json: unknown }
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
export type LocalRoute = (query: URLSearchParams, request: SeenRequest) => LocalAnswer

/** A request on the streams. */
export interface LocalStreamRequest {
  readonly id?: number
  readonly channel: string
  readonly event?: string
  readonly payload?: { readonly req_id: string; readonly req_param?: unknown } & readonly string[]
}

/** A local stand-in for Gate.io whose every answer a spec decides. */
export class LocalGateio {
  /** By method and path behind the prefix: `GET /spot/time`. */
  readonly routes = new Map<string, LocalRoute>()
  /** Requests seen on the streams. */
  readonly requests: LocalStreamRequest[] = []
  /** Answers a request on the streams; acknowledges subscriptions by default. */
  onRequest: (request: LocalStreamRequest, client: ServerSocket) => void = (request, client) =>
    this.acknowledge(request, client)

  private constructor(
    readonly http: TestHttpServer,
    readonly streams: TestWebSocketServer,
  ) {}

  static async start(): Promise<LocalGateio> {
    const http = await TestHttpServer.start((request, response) => {
      const [path = '', query = ''] = request.url.split('?')
      const route = venue.routes.get(`${request.method} ${path.replace('/api/v4', '')}`)
      const answer = route?.(new URLSearchParams(query), request) ?? {
        status: 404,
        body: '{"label":"NOT_FOUND","message":"no route"}',
      }
      if ('json' in answer)
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.json))
      else response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body)
    })
    const streams = await TestWebSocketServer.start()
    const venue = new LocalGateio(http, streams)
    venue.routes.set('GET /spot/time', () => ({ json: { server_time: systemClock.nowMs() } }))
    streams.onMessage = (text, client) => {
      const request = JSON.parse(text) as LocalStreamRequest
      venue.requests.push(request)
      venue.onRequest(request, client)
    }
    return venue
  }

  acknowledge(request: LocalStreamRequest, client: ServerSocket): void {
    const { id, channel, event } = request
    if (event !== 'subscribe' && event !== 'unsubscribe') return
    client.socket.send(JSON.stringify({ time: 1, id, channel, event, result: { status: 'success' } }))
  }

  refuse(request: LocalStreamRequest, client: ServerSocket, code: number, message: string): void {
    const { id, channel, event } = request
    client.socket.send(JSON.stringify({ time: 1, id, channel, event, error: { code, message }, result: null }))
  }

  /** What connectors are built from to reach this venue. */
  context(options: Readonly<Record<string, unknown>> = {}, clock: Clock = systemClock): ExchangeContext {
    return {
      clock,
      network: createSpoilingNetwork(clock, systemRandom),
      random: systemRandom,
      logger: silentLogger,
      restUrl: this.http.origin,
      webSocketUrl: this.streams.url,
      credentials: { apiKey: { reveal: () => 'key' }, secret: { reveal: () => 'very-secret' } },
      options: { futuresWebSocketUrl: this.streams.url, ...options },
    }
  }

  /** Requests of one route seen so far. */
  seen(method: string, path: string): readonly SeenRequest[] {
    return this.http.seen.filter((each) => each.method === method && each.url.split('?')[0] === `/api/v4${path}`)
  }

  /** Sends to every open client. */
  push(message: unknown): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    for (const { socket } of this.streams.open) socket.send(text)
  }

  async close(): Promise<void> {
    await Promise.all([this.http.close(), this.streams.close()])
  }
}
