import { EventEmitter } from 'node:events'
import type { ClientSocket } from '@cex-arbitrage/networking'
import type { EventKind } from './recorded-event.js'

const [connecting, open, closing, closed] = [0, 1, 2, 3]
const withoutStatus = 1005

/** What a socket does to the world. */
export interface SocketOutside {
  send(data: string | Buffer, binary: boolean): void
  ping(): void
  close(code: number): void
  terminate(): void
}

/**
 * The engine's end of a socket. Its state follows the delivered events alone, never the network, so that it is the same
 * live and replayed.
 */
export class BorderSocket extends EventEmitter implements ClientSocket {
  readyState = connecting
  /** Nothing waits here: what the network's own queue holds must not decide anything. */
  readonly bufferedAmount = 0

  constructor(private readonly outside: SocketOutside) {
    super()
  }

  send(data: string | Buffer, { binary }: { readonly binary: boolean }, onFlushed: () => void): void {
    this.outside.send(data, binary)
    onFlushed()
  }

  ping(): void {
    this.outside.ping()
  }

  close(code = 1000): void {
    if (this.readyState >= closing) return
    this.readyState = closing
    this.outside.close(code)
  }

  terminate(): void {
    if (this.readyState === closed) return
    this.readyState = closed
    this.outside.terminate()
  }

  deliver(kind: EventKind, data: Buffer): void {
    switch (kind) {
      case 'socket_open':
        if (this.readyState === connecting) this.readyState = open
        this.emit('open')
        return
      case 'socket_text':
      case 'socket_binary':
        this.emit('message', data, kind === 'socket_binary')
        return
      case 'socket_pong':
        this.emit('pong', data)
        return
      case 'socket_error':
        if (this.listenerCount('error') > 0) this.emit('error', new Error(data.toString()))
        return
      case 'socket_close':
        this.readyState = closed
        this.emit('close', data.length < 2 ? withoutStatus : data.readUInt16LE(0), data.subarray(2))
        return
      case 'socket_refused':
        this.emit('unexpected-response', { destroy: () => undefined }, JSON.parse(data.toString()))
        return
      default:
        throw new TypeError(`'${kind}' is no event of a socket.`)
    }
  }
}

/** What `socket_close` carries. */
export function encodeClose(code: number, reason: Buffer): Buffer {
  const data = Buffer.allocUnsafe(2 + reason.length)
  data.writeUInt16LE(code, 0)
  reason.copy(data, 2)
  return data
}
