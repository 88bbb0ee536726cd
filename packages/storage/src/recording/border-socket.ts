import { EventEmitter } from 'node:events'
import {
  deliverMessage,
  type ClientSocket,
  type ClientSocketEvents,
  type MessageReceiver,
  type ResponseHead,
} from '@cex-arbitrage/networking'
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
export class BorderSocket extends EventEmitter<ClientSocketEvents> implements ClientSocket {
  receiver: MessageReceiver | undefined
  readyState = connecting
  /** Nothing waits here: what the network's own queue holds must not decide anything. */
  readonly bufferedAmount = 0

  private readonly handlers: Readonly<Partial<Record<EventKind, (data: Buffer) => void>>> = {
    socket_open: () => {
      if (this.readyState === connecting) this.readyState = open
      this.emit('open')
    },
    socket_text: (data) => deliverMessage(this.receiver, data, false),
    socket_binary: (data) => deliverMessage(this.receiver, data, true),
    socket_pong: (data) => void this.emit('pong', data),
    socket_error: (data) => {
      if (this.listenerCount('error') > 0) this.emit('error', new Error(data.toString()))
    },
    socket_close: (data) => {
      this.readyState = closed
      this.emit('close', data.length < 2 ? withoutStatus : data.readUInt16LE(0), data.subarray(2))
    },
    socket_refused: (data) => void this.emit('refused', JSON.parse(data.toString()) as ResponseHead),
  }

  constructor(private readonly outside: SocketOutside) {
    super()
  }

  send(data: string | Buffer, { binary }: { readonly binary: boolean }, onFlushed: () => void): void {
    this.outside.send(data, binary)
    // Later, as a socket does: who sends is not yet done with its queue.
    queueMicrotask(onFlushed)
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
    const handle = this.handlers[kind]
    if (handle === undefined) throw new TypeError(`'${kind}' is no event of a socket.`)
    handle(data)
  }
}

/** What `socket_close` carries. */
export function encodeClose(code: number, reason: Buffer): Buffer {
  const data = Buffer.allocUnsafe(2 + reason.length)
  data.writeUInt16LE(code, 0)
  reason.copy(data, 2)
  return data
}
