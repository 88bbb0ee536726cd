import { Duplex } from 'node:stream'

/** A request as it would have gone out. */
export interface RehearsedRequest {
  readonly method: string
  readonly path: string
  /** Without `?`; empty where there is none. */
  readonly query: string
  readonly body: string
}

/** What the exchange would answer with status 200; `undefined` for a 404. */
export type RehearsalAnswer = (request: RehearsedRequest) => string | undefined

/** In place of a socket: what is written ends here, and an answer comes as one would from a server. */
export class RehearsalStream extends Duplex {
  constructor(private readonly answer: RehearsalAnswer) {
    super({ decodeStrings: false })
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {
    // Answers are pushed when there are any.
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    done()
    // In a later turn, as from the network.
    setImmediate(() => {
      const body = this.answer(readRequest(chunk))
      const status = body === undefined ? '404 Not Found' : '200 OK'
      const text = body ?? ''
      this.push(`HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    })
  }
}

function readRequest(text: string): RehearsedRequest {
  const [method = '', target = ''] = text.slice(0, text.indexOf('\r\n')).split(' ')
  const [path = '', query = ''] = target.split('?')
  return { method, path, query, body: text.slice(text.indexOf('\r\n\r\n') + 4) }
}
