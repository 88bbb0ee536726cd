import { createHmac } from 'node:crypto'

import type { Clock } from '@cex-arbitrage/common'

import type { VenueAddress } from '../venue/venue-options.js'
import { type Frame, StreamClient } from './stream-client.js'

export interface FuturesAnswer {
  readonly status: number
  readonly text: string
  /** JSON value, as deep as the spec looks. */
  readonly body: Frame
}

/** Signs calls for the perpetuals of the MEXC venue; written apart from the venue's own signature code. For specs. */
export class MexcFuturesClient {
  constructor(
    private readonly address: Pick<VenueAddress, 'rest' | 'futuresWs'>,
    private readonly keys: { readonly apiKey: string; readonly secret: string },
    private readonly clock: Clock,
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<FuturesAnswer> {
    return answerOf(await fetch(this.address.rest + path, { headers }))
  }

  /** A signed GET; `path` carries the query. */
  async read(path: string, headers: Record<string, string> = {}): Promise<FuturesAnswer> {
    const [, query = ''] = path.split('?')
    const text = query.split('&').toSorted().join('&')
    return this.get(path, { ...this.signature(text), ...headers })
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<FuturesAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method: 'POST', body: text, headers: { ...this.signature(text), ...headers } }
    return answerOf(await fetch(this.address.rest + path, init))
  }

  async connect(): Promise<StreamClient> {
    return StreamClient.connect(this.address.futuresWs!)
  }

  login(): Frame {
    const reqTime = String(this.clock.nowMs())
    return { method: 'login', param: { apiKey: this.keys.apiKey, reqTime, signature: this.sign(reqTime) } }
  }

  private signature(text: string): Record<string, string> {
    const time = String(this.clock.nowMs())
    return {
      ApiKey: this.keys.apiKey,
      'Request-Time': time,
      Signature: this.sign(time + text),
      'Content-Type': 'application/json',
    }
  }

  private sign(text: string): string {
    return createHmac('sha256', this.keys.secret)
      .update(this.keys.apiKey + text)
      .digest('hex')
  }
}

async function answerOf(response: Response): Promise<FuturesAnswer> {
  const text = await response.text()
  return { status: response.status, text, body: text.startsWith('{') ? (JSON.parse(text) as Frame) : {} }
}
