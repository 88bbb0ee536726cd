import type { Clock } from '@cex-arbitrage/common'
import { WebSocket } from 'ws'

import type { VenueAddress } from '../venue/venue-options.js'
import { pushSchema } from '../venues/mexc/message-schemas.js'
import { signText } from '../venues/mexc/signed-call.js'
import { decodeMessage, type DecodedMessage } from './protobuf-decoder.js'

export interface MexcAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed JSON; `undefined` for anything else. */
  readonly body: unknown
}

/** A small MEXC client for specs: signed calls, and sockets that remember what they were sent. */
export class MexcClient {
  constructor(
    private readonly address: Pick<VenueAddress, 'rest' | 'ws' | 'apiKey' | 'secret'>,
    private readonly clock: Clock,
  ) {}

  async publicCall(path: string, parameters: Record<string, string> = {}): Promise<MexcAnswer> {
    const query = encodeParameters(parameters)
    return answerOf(await fetch(`${this.address.rest}${path}${query === '' ? '' : `?${query}`}`))
  }

  /** A call with everything in the query, signed at the clock's time unless `timestamp` is given. */
  async signedCall(method: string, path: string, parameters: Record<string, string> = {}): Promise<MexcAnswer> {
    const text = encodeParameters({ ...parameters, timestamp: parameters['timestamp'] ?? String(this.clock.nowMs()) })
    return this.rawCall(method, `${path}?${text}&signature=${signText(this.address.secret, text)}`)
  }

  /** A call exactly as told. */
  async rawCall(method: string, pathAndQuery: string, init: RequestInit = {}): Promise<MexcAnswer> {
    const headers = { 'X-MEXC-APIKEY': this.address.apiKey, 'Content-Type': 'application/json' }
    return answerOf(await fetch(this.address.rest + pathAndQuery, { method, headers, ...init }))
  }

  async connect(listenKey?: string): Promise<MexcSocket> {
    const url = this.address.ws + (listenKey === undefined ? '' : `?listenKey=${listenKey}`)
    const socket = new MexcSocket(new WebSocket(url))
    await socket.opened
    return socket
  }
}

/** A connection with everything it received. */
export class MexcSocket {
  /** Text frames, in order. */
  readonly texts: string[] = []
  /** Binary frames, decoded, in order. */
  readonly pushes: DecodedMessage[] = []
  readonly frames: Buffer[] = []
  readonly opened: Promise<void>
  isClosed = false
  closeCode = 0

  constructor(private readonly socket: WebSocket) {
    this.opened = new Promise((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    socket.on('close', (code) => {
      this.isClosed = true
      this.closeCode = code
    })
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        this.texts.push(data.toString('utf8'))
        return
      }
      this.frames.push(data)
      this.pushes.push(decodeMessage(pushSchema, data))
    })
  }

  send(text: string): void {
    this.socket.send(text)
  }

  subscribe(...params: string[]): void {
    this.send(JSON.stringify({ method: 'SUBSCRIPTION', params }))
  }

  /** The next text frame. */
  nextText(): Promise<string> {
    return new Promise((resolve) => {
      const listen = (data: Buffer, isBinary: boolean): void => {
        if (isBinary) return
        this.socket.off('message', listen)
        resolve(data.toString('utf8'))
      }
      this.socket.on('message', listen)
    })
  }

  /** Sends a frame and waits for the next text. */
  ask(text: string): Promise<string> {
    const answer = this.nextText()
    this.send(text)
    return answer
  }

  /** Bodies named `name` that came so far. */
  bodies(name: string): DecodedMessage[] {
    return this.pushes.flatMap((push) => (push[name] === undefined ? [] : [push[name] as DecodedMessage]))
  }

  close(): void {
    this.socket.terminate()
  }
}

const encodeParameters = (parameters: Record<string, string>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

async function answerOf(response: Response): Promise<MexcAnswer> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parseJson(text) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
