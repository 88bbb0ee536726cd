import { createHash, createHmac } from 'node:crypto'

import { type Frame, StreamClient } from './stream-client.js'

export interface GateioAnswer {
  readonly status: number
  readonly headers: Headers
  /** JSON value, as deep as the spec looks. */
  readonly body: Frame
}

export interface GateioClientOptions {
  /** Base URL with prefix. */
  readonly rest: string
  readonly ws: string
  readonly futuresWs?: string
  readonly apiKey: string
  readonly secret: string
  /** Unix milliseconds. */
  readonly nowMs: () => number
}

/** Signs calls for the Gate.io venue; written apart from the venue's own signature code. For specs. */
export class GateioClient {
  constructor(private readonly options: GateioClientOptions) {}

  /** One call; signed unless told. `path` carries the query. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signed = true,
  ): Promise<GateioAnswer> {
    const { apiKey, nowMs, rest } = this.options
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const timestamp = String(Math.floor(nowMs() / 1000))
    const [pathname = '', query = ''] = path.split('?')
    const prefix = new URL(rest).pathname
    const hash = createHash('sha512').update(text).digest('hex')
    const sign = this.hmac(`${method}\n${prefix}${pathname}\n${decodeURIComponent(query)}\n${hash}\n${timestamp}`)
    const auth = signed ? { KEY: apiKey, SIGN: sign, Timestamp: timestamp } : {}
    const response = await fetch(rest + path, {
      method,
      headers: { ...auth, 'Content-Type': 'application/json', ...headers },
      ...(text !== '' && { body: text }),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Frame }
  }

  async connect(): Promise<StreamClient> {
    return StreamClient.connect(this.options.ws)
  }

  async connectFutures(): Promise<StreamClient> {
    return StreamClient.connect(this.options.futuresWs!)
  }

  /** A subscription frame, signed when told. */
  subscription(channel: string, payload: unknown, signed = false, event = 'subscribe', id?: number): Frame {
    const time = this.seconds()
    const sign = this.hmac(`channel=${channel}&event=${event}&time=${time}`)
    const auth = { method: 'api_key', KEY: this.options.apiKey, SIGN: sign }
    return { time, ...(id !== undefined && { id }), channel, event, payload, ...(signed && { auth }) }
  }

  login(reqId = 'login', product: 'spot' | 'futures' = 'spot'): Frame {
    const timestamp = String(this.seconds())
    const signature = this.hmac(`api\n${product}.login\n\n${timestamp}`)
    const payload = { req_id: reqId, api_key: this.options.apiKey, timestamp, signature }
    return { time: this.seconds(), channel: `${product}.login`, event: 'api', payload }
  }

  request(channel: string, reqId: string, param: unknown, header?: unknown): Frame {
    const payload = { req_id: reqId, req_param: param, ...(header !== undefined && { req_header: header }) }
    return { time: this.seconds(), channel, event: 'api', payload }
  }

  private seconds(): number {
    return Math.floor(this.options.nowMs() / 1000)
  }

  private hmac(text: string): string {
    return createHmac('sha512', this.options.secret).update(text).digest('hex')
  }
}
