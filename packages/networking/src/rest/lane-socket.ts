import type { IncomingHttpHeaders } from 'node:http'
import { msPerSecond } from '@cex-arbitrage/common'
import type { HttpCancellation, HttpEvents } from './http-transport.js'
import type { LaneStream } from './lane-stream.js'
import type { RequestText } from './request-text.js'
import { ResponseReader, type ResponseListener } from './response-reader.js'

/** Who owns a socket of a lane. */
export interface LaneSocketOwner {
  /** The answer is whole, and another request may follow for `idleMs` milliseconds. */
  onFree(socket: LaneSocket, idleMs: number): void
  /** It takes no more requests; told once. */
  onGone(socket: LaneSocket): void
}

/** Milliseconds before the end that the server names at which a connection is used no more. */
const marginMs = 1_000
const keepAliveTimeout = /(?:^|[,;\s])timeout=(\d{1,6})(?:$|[,;\s])/i

/**
 * One connection with at most one request on its way. A request is written once, in one piece; whatever comes that is not
 * its whole and only answer ends the connection, and the request with it.
 */
export class LaneSocket implements ResponseListener, HttpCancellation {
  private events: HttpEvents | undefined
  private reader: ResponseReader | undefined
  private isGone = false
  private isWritten = false
  private idleMs: number

  constructor(
    private readonly socket: LaneStream,
    private readonly owner: LaneSocketOwner,
    private readonly keepAliveMs: number,
  ) {
    this.idleMs = keepAliveMs
    socket.on('data', (chunk: Buffer) => this.onData(chunk))
    socket.on('end', () => this.onEnd())
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(new Error('The connection was closed before the answer was whole.')))
  }

  /** Nothing has come in and it is open for writing. */
  get isUsable(): boolean {
    return !this.isGone && this.events === undefined && this.socket.writable && this.socket.readableLength === 0
  }

  /** Writes the request unless `events` objects. */
  send(request: RequestText, events: HttpEvents): void {
    this.events = events
    this.isWritten = false
    events.onRequestStart(this)
    if (this.events === undefined) {
      if (!this.isGone) this.owner.onFree(this, this.keepAliveMs)
      return
    }
    this.isWritten = true
    this.socket.write(request.text, request.encoding)
    this.idleMs = this.keepAliveMs
    this.reader = new ResponseReader(this)
    this.socket.ref()
  }

  /** Before the first byte it costs nothing; later nobody knows what the server has read, so the connection ends. */
  abort(reason: Error): void {
    if (this.isWritten) return this.fail(reason)
    const { events } = this
    this.events = undefined
    events?.onResponseError(this, reason)
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    const [, seconds] = keepAliveTimeout.exec(String(headers['keep-alive'] ?? '')) ?? []
    if (seconds !== undefined) this.idleMs = Math.min(this.keepAliveMs, Number(seconds) * msPerSecond - marginMs)
    this.events?.onResponseStart(this, status, headers)
  }

  onBody(chunk: Buffer): void {
    this.events?.onResponseData(this, chunk)
  }

  onComplete(isReusable: boolean): void {
    // A server that answers before it has the whole request may read the rest of it as another one.
    if (!isReusable || this.socket.writableLength > 0) this.idleMs = 0
  }

  destroy(): void {
    this.fail(new Error('The connection was closed.'))
  }

  private onData(chunk: Buffer): void {
    const { reader } = this
    if (reader === undefined) return this.fail(new Error('The server spoke without having been asked.'))
    try {
      reader.read(chunk)
    } catch (error) {
      return this.fail(error as Error)
    }
    if (reader.isComplete && this.events !== undefined) this.finish()
  }

  private onEnd(): void {
    if (this.reader === undefined) return this.fail(new Error('The server ended the connection.'))
    try {
      this.reader.end()
    } catch (error) {
      return this.fail(error as Error)
    }
    this.finish()
  }

  private finish(): void {
    const { events } = this
    this.events = undefined
    this.reader = undefined
    if (this.idleMs > 0) {
      this.socket.unref()
      this.owner.onFree(this, this.idleMs)
    } else this.drop()
    events?.onResponseEnd()
  }

  private fail(error: Error): void {
    const { events } = this
    this.events = undefined
    this.reader = undefined
    this.drop()
    events?.onResponseError(this, error)
  }

  private drop(): void {
    if (this.isGone) return
    this.isGone = true
    this.socket.destroy()
    this.owner.onGone(this)
  }
}
