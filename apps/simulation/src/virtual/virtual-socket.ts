import {
  deliverMessage,
  type ClientSocket,
  type ClientSocketEvents,
  type MessageReceiver,
} from '@cex-arbitrage/networking'
import type { ServerSocket, VenueHost } from '@cex-arbitrage/simulator'
import { EventEmitter } from 'node:events'
import type { Wire } from './wire.js'

const [open, closing, closed] = [1, 2, 3]
const withoutGoodbye = 1006
const clientIp = '10.0.0.1'
const nothing = Buffer.alloc(0)

/** The engine's end of a socket to a venue in this process. */
export class VirtualClientSocket extends EventEmitter<ClientSocketEvents> implements ClientSocket {
  receiver: MessageReceiver | undefined
  readyState = 0
  readonly bufferedAmount = 0
  private readonly peer: VirtualServerSocket

  /** Begins the handshake. */
  constructor(
    venue: VenueHost,
    url: URL,
    headers: Readonly<Record<string, string>>,
    private readonly wire: Wire,
  ) {
    super()
    this.peer = new VirtualServerSocket(this, wire)
    wire.toVenue(() => {
      if (this.readyState === closed) return
      let refusedWith: number | undefined
      // Planned first, so that nothing the venue says on the new socket comes before its opening.
      wire.toClient(() => this.onHandshake(refusedWith))
      refusedWith = venue.accept({ url: url.pathname + url.search, headers, ip: clientIp }, this.peer)
    })
  }

  send(data: string | Buffer, { binary }: { readonly binary: boolean }, onFlushed: () => void): void {
    const frame = Buffer.from(data)
    this.wire.toVenue(() => this.peer.receive('message', frame, binary))
    queueMicrotask(onFlushed)
  }

  ping(): void {
    this.wire.toVenue(() => this.peer.receive('ping', nothing))
  }

  close(code = 1000): void {
    if (this.readyState >= closing) return
    this.readyState = closing
    this.wire.toVenue(() => {
      this.peer.end()
      this.wire.toClient(() => this.end(code, nothing))
    })
  }

  terminate(): void {
    if (this.readyState === closed) return
    this.wire.toVenueAtDeath(() => this.peer.end())
    this.end(withoutGoodbye, nothing)
  }

  receive(event: 'message' | 'pong', data: Buffer, isBinary = false): void {
    if (this.readyState !== open) return
    if (event === 'pong') this.emit('pong', data)
    else deliverMessage(this.receiver, data, isBinary)
  }

  /** Its own answer to a protocol ping. */
  answerPing(): void {
    if (this.readyState === open) this.wire.toVenue(() => this.peer.receive('pong', nothing))
  }

  end(code: number, reason: Buffer): void {
    if (this.readyState === closed) return
    this.readyState = closed
    queueMicrotask(() => {
      if (!this.wire.isDead()) this.emit('close', code, reason)
    })
  }

  private onHandshake(refusedWith: number | undefined): void {
    if (this.readyState !== 0) return
    if (refusedWith !== undefined) {
      this.emit('refused', { statusCode: refusedWith, headers: {} })
      return
    }
    this.readyState = open
    this.emit('open')
  }
}

/** The venue's end. */
class VirtualServerSocket extends EventEmitter implements ServerSocket {
  readyState = open

  constructor(
    private readonly peer: VirtualClientSocket,
    private readonly wire: Wire,
  ) {
    super()
  }

  send(frame: string | Buffer): void {
    if (this.readyState !== open) return
    const isBinary = typeof frame !== 'string'
    const data = Buffer.from(frame)
    this.wire.toClient(() => this.peer.receive('message', data, isBinary))
  }

  ping(): void {
    this.wire.toClient(() => this.peer.answerPing())
  }

  pong(data: Buffer): void {
    this.wire.toClient(() => this.peer.receive('pong', data))
  }

  close(code: number, reason: string): void {
    if (this.readyState !== open) return
    this.readyState = closing
    this.wire.toClient(() => {
      this.peer.end(code, Buffer.from(reason))
      this.wire.toVenue(() => this.end())
    })
  }

  terminate(): void {
    if (this.readyState === closed) return
    this.wire.toClient(() => this.peer.end(withoutGoodbye, nothing))
    this.end()
  }

  receive(event: 'message' | 'ping' | 'pong', data: Buffer, isBinary = false): void {
    if (this.readyState === open) this.emit(event, data, isBinary)
  }

  end(): void {
    if (this.readyState === closed) return
    this.readyState = closed
    queueMicrotask(() => this.emit('close'))
  }
}
