import { systemClock, systemRandom, silentLogger, type Clock } from '@cex-arbitrage/common'
import {
  TestHttpServer,
  TestWebSocketServer,
  type SeenRequest,
  type ServerSocket,
} from '@cex-arbitrage/networking/testing'
import type { ExchangeContext } from '../../../factory/exchange-context.js'

/** What a route answers: a value for HTTP 200, or a status with the exact text of the body. */
export type LocalAnswer =
  | object
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
export type LocalRoute = (query: URLSearchParams, request: SeenRequest) => LocalAnswer | 'cut' | 'silence'

/** A local stand-in for MEXC whose every answer a spec decides. */
export class LocalVenue {
  /** By method and path: `GET /api/v3/depth`. */
  readonly routes = new Map<string, LocalRoute>()
  /** Topics that the streams refuse. */
  readonly blockedTopics = new Set<string>()

  private constructor(
    readonly http: TestHttpServer,
    readonly streams: TestWebSocketServer,
  ) {}

  static async start(): Promise<LocalVenue> {
    const http = await TestHttpServer.start((request, response) => {
      const [path = '', query = ''] = request.url.split('?')
      const route = venue.routes.get(`${request.method} ${path}`)
      const answer = route?.(new URLSearchParams(query), request) ?? {
        status: 404,
        body: '{"code":404,"msg":"no route"}',
      }
      if (answer === 'silence') return
      if (answer === 'cut') {
        response.socket?.destroy()
        return
      }
      const isExact = 'status' in answer && 'body' in answer
      const {
        status,
        body,
        headers = {},
      } = isExact
        ? (answer as { status: number; body: string; headers?: Record<string, string> })
        : { status: 200, body: JSON.stringify(answer) }
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    })
    const streams = await TestWebSocketServer.start()
    const venue = new LocalVenue(http, streams)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: systemClock.nowMs() }))
    streams.onMessage = (text, client) => venue.onMessage(text, client)
    return venue
  }

  /** What connectors are built from to reach this venue. */
  context(options: Record<string, unknown> = {}, clock: Clock = systemClock): ExchangeContext {
    return {
      clock,
      random: systemRandom,
      logger: silentLogger,
      restUrl: this.http.origin,
      webSocketUrl: this.streams.url,
      credentials: { apiKey: { reveal: () => 'mx0vTestKey000000001' }, secret: { reveal: () => 'very-secret' } },
      options,
    }
  }

  /** Requests of one route seen so far. */
  seen(method: string, path: string): readonly SeenRequest[] {
    return this.http.seen.filter((each) => each.method === method && each.url.split('?')[0] === path)
  }

  /** Sends to every open client. */
  push(data: Buffer | string): void {
    for (const { socket } of this.streams.open) socket.send(data)
  }

  async close(): Promise<void> {
    await this.streams.close()
    await this.http.close()
  }

  private onMessage(text: string, { socket }: ServerSocket): void {
    const { method, params = [], id = 0 } = JSON.parse(text) as { method: string; params?: string[]; id?: number }
    const refused = params.filter((topic) => this.blockedTopics.has(topic))
    const accepted = params.filter((topic) => !this.blockedTopics.has(topic))
    let msg = params.join(',')
    if (method === 'PING') msg = 'PONG'
    else if (refused.length > 0 && accepted.length > 0)
      msg = `Subscribed successful! [${accepted.join(',')}]. Not Subscribed successfully! [${refused.join(',')}]. Reason： Blocked! `
    else if (refused.length > 0) msg = `Not Subscribed successfully! [${refused.join(',')}].  Reason： Blocked! `
    socket.send(JSON.stringify({ id, code: 0, msg }))
  }
}
