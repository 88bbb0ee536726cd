import type { IncomingHttpHeaders } from 'node:http'
import { parseHeaderLine } from '../utils/header-line.js'

/** What a reader found, in this order; informational answers (1xx) are passed over. */
export interface ResponseListener {
  onHead(status: number, headers: IncomingHttpHeaders): void
  onBody(chunk: Buffer): void
  /** The last byte is there. `isReusable`: another request may follow on the same connection. */
  onComplete(isReusable: boolean): void
}

type State = 'head' | 'sized' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailers' | 'until-close' | 'complete'

/** Longest head, and longest line of a chunked body. */
const maxHeadBytes = 65_536
const maxLineBytes = 4_096
/** Digits that keep a size exact. */
const maxSizeDigits = 12
const endOfHead = Buffer.from('\r\n\r\n')
const endOfLine = Buffer.from('\r\n')
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const decimalDigits = /^\d+$/
const chunkSizeLine = /^([0-9A-Fa-f]+)(?:[ \t]*;.*)?$/
const noBytes = Buffer.alloc(0)

/**
 * Reads the answer to one HTTP/1.1 request out of the chunks of a socket. Strict: two lengths, an unknown coding, a line
 * that is none, or bytes behind the end are an error, never a guess.
 */
export class ResponseReader {
  private state: State = 'head'
  /** Bytes that do not make a whole head or line yet. */
  private rest: Buffer = noBytes
  /** Bytes of the body or chunk still to come. */
  private left = 0
  private isPersistent = true

  constructor(private readonly listener: ResponseListener) {}

  get isComplete(): boolean {
    return this.state === 'complete'
  }

  /** @throws Error The bytes are no answer. */
  read(chunk: Buffer): void {
    let bytes: Buffer = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    this.rest = noBytes
    while (bytes.length > 0) {
      const used = this.take(bytes)
      if (used === 0) {
        this.rest = bytes
        return
      }
      bytes = used === bytes.length ? noBytes : bytes.subarray(used)
    }
  }

  /** The server has ended the stream. @throws Error The answer is not whole. */
  end(): void {
    if (this.state === 'complete') return
    if (this.state !== 'until-close') throw new Error('The server ended the connection before the answer was whole.')
    this.complete(false)
  }

  /** @returns how many bytes were used; 0 to wait for more. */
  private take(bytes: Buffer): number {
    switch (this.state) {
      case 'head':
        return this.takeHead(bytes)
      case 'sized':
      case 'chunk-data':
        return this.takeBody(bytes)
      case 'until-close':
        this.listener.onBody(bytes)
        return bytes.length
      case 'chunk-size':
      case 'chunk-end':
      case 'trailers':
        return this.takeLine(bytes)
      case 'complete':
        throw new Error('The server sent bytes behind the end of its answer.')
    }
  }

  private takeHead(bytes: Buffer): number {
    const end = bytes.indexOf(endOfHead)
    if (end < 0) {
      if (bytes.length > maxHeadBytes) throw new Error(`The head of the answer has more than ${maxHeadBytes} bytes.`)
      return 0
    }
    const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
    const [, minor, code] = statusLine.exec(first) ?? []
    if (code === undefined) throw new Error('The answer does not begin with a status line of HTTP/1.')
    const status = Number(code)
    const headers = readHeaders(lines)
    // Nothing but 101 changes the protocol, and nobody asked for that.
    if (status === 101) throw new Error('The server switched protocols unasked.')
    if (status >= 200) this.beginBody(status, minor === '1', headers)
    return end + endOfHead.length
  }

  private beginBody(status: number, isVersion11: boolean, headers: IncomingHttpHeaders): void {
    const connection = String(headers['connection'] ?? '').toLowerCase()
    this.isPersistent = isVersion11 && !connection.split(',').some((token) => token.trim() === 'close')
    const coding = headers['transfer-encoding']
    const length = headers['content-length']
    if (coding !== undefined && (length !== undefined || String(coding).toLowerCase() !== 'chunked'))
      throw new Error('The answer names a transfer coding that cannot be read.')
    this.listener.onHead(status, headers)
    if (status === 204 || status === 304) return this.complete(true)
    if (coding !== undefined) {
      this.state = 'chunk-size'
      return
    }
    if (length === undefined) {
      this.state = 'until-close'
      return
    }
    this.left = readSize(length, decimalDigits, 10)
    this.state = 'sized'
    if (this.left === 0) this.complete(true)
  }

  private takeBody(bytes: Buffer): number {
    const taken = Math.min(this.left, bytes.length)
    this.left -= taken
    this.listener.onBody(taken === bytes.length ? bytes : bytes.subarray(0, taken))
    if (this.left === 0) {
      if (this.state === 'sized') this.complete(true)
      else this.state = 'chunk-end'
    }
    return taken
  }

  private takeLine(bytes: Buffer): number {
    const end = bytes.indexOf(endOfLine)
    if (end < 0 && bytes.length <= maxLineBytes) return 0
    if (end < 0 || end > maxLineBytes)
      throw new Error(`A line of the chunked answer has more than ${maxLineBytes} bytes.`)
    const line = bytes.toString('latin1', 0, end)
    if (this.state === 'chunk-end') {
      if (line !== '') throw new Error('A chunk of the answer is longer than it says.')
      this.state = 'chunk-size'
    } else if (this.state === 'trailers') {
      if (line === '') this.complete(true)
      else if (parseHeaderLine(line) === undefined) throw new Error('A trailer of the answer is none.')
    } else {
      this.left = readSize(chunkSizeLine.exec(line)?.[1], chunkSizeLine, 16)
      this.state = this.left === 0 ? 'trailers' : 'chunk-data'
    }
    return end + endOfLine.length
  }

  private complete(isDelimited: boolean): void {
    this.state = 'complete'
    this.listener.onComplete(isDelimited && this.isPersistent)
  }
}

function readHeaders(lines: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>
  for (const line of lines) {
    const header = parseHeaderLine(line)
    if (header === undefined) throw new Error('A header of the answer is none.')
    const { name, value } = header
    const known = headers[name]
    if (known === undefined) headers[name] = value
    else if (Array.isArray(known)) known.push(value)
    else headers[name] = [known, value]
  }
  return headers
}

/** @throws Error It is no size, or one of several. */
function readSize(text: string | string[] | undefined, digits: RegExp, base: 10 | 16): number {
  if (typeof text !== 'string' || text.length > maxSizeDigits || !digits.test(text))
    throw new Error('The answer names no length that can be read.')
  return Number.parseInt(text, base)
}
