import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { createSocketConnector } from '../utils/socket-connector.js'
import type { SocketOptions } from '../utils/socket-options.js'
import type { ClientSocket, ClientSocketEvents, MessageReceiver } from './client-socket.js'
import type { FrameWindow } from './frame-window.js'
import { ByteStore } from './protocol/byte-store.js'
import { decodeClose, encodeClose } from './protocol/close-frame.js'
import { FrameEncoder, opcode, type Opcode } from './protocol/frame-encoder.js'
import { FrameReader, type FrameSink } from './protocol/frame-reader.js'
import { closeCode, ProtocolViolation } from './protocol/protocol-violation.js'
import { createUpgradeRequest, type UpgradeRequest } from './protocol/upgrade-request.js'
import { assertUpgraded, maxHeadBytes, parseResponseHead } from './protocol/upgrade-response.js'

export interface NetworkSocketOptions {
  readonly connectTimeoutMs: number
  readonly maxPayloadBytes: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly socket?: SocketOptions | undefined
}

const [connecting, open, closing, closed] = [0, 1, 2, 3]
const headEnd = '\r\n\r\n'
const switchingProtocols = 101
/** Of one read; more waits in the kernel. */
const readBytes = 65_536
const nothing = Buffer.alloc(0)
const ignore = (): void => undefined

/**
 * The client's end of a WebSocket (RFC 6455) on a TCP or TLS socket. Messages are handed on where they were received.
 * Extensions are not offered, so nothing is compressed.
 */
export class NetworkSocket extends EventEmitter<ClientSocketEvents> implements ClientSocket, FrameSink {
  receiver: MessageReceiver | undefined
  readyState = connecting
  private socket: Socket | undefined
  private readonly request: UpgradeRequest
  private readonly reader: FrameReader
  private readonly encoder = new FrameEncoder()
  /** The head of the answer to the handshake, until it is whole. */
  private head: ByteStore | undefined = new ByteStore()
  /** Payload of the last ping that could not be answered yet, because the socket is full. */
  private owedPong: Buffer | undefined

  /** @throws TypeError A header is none. */
  constructor(url: URL, options: NetworkSocketOptions) {
    super()
    this.request = createUpgradeRequest(url, options.headers ?? {})
    this.reader = new FrameReader(this, options.maxPayloadBytes)
    const isTls = url.protocol === 'wss:' || url.protocol === 'https:'
    const buffer = Buffer.allocUnsafeSlow(readBytes)
    const connect = createSocketConnector(options.socket ?? {}, options.connectTimeoutMs, {
      buffer,
      callback: (count) => {
        this.onData(buffer, count)
        return true
      },
    })
    const target = {
      protocol: isTls ? 'https:' : 'http:',
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (isTls ? 443 : 80),
    } as const
    connect(target, (error, socket) => {
      if (socket === null) this.onFailure(error ?? new Error('there is no connection'))
      else this.onConnected(socket)
    })
  }

  get bufferedAmount(): number {
    return this.socket?.writableLength ?? 0
  }

  send(data: string | Buffer, { binary }: { readonly binary: boolean }, onFlushed: () => void): void {
    if (this.readyState === open) this.write(binary ? opcode.binary : opcode.text, data, onFlushed)
  }

  ping(): void {
    if (this.readyState === open) this.write(opcode.ping, nothing)
  }

  close(code: number = closeCode.normal): void {
    if (this.readyState === connecting) this.terminate()
    if (this.readyState !== open) return
    this.write(opcode.close, encodeClose(code))
    this.readyState = closing
  }

  terminate(): void {
    if (this.readyState === closed) return
    this.readyState = closing
    this.reader.stop()
    if (this.socket === undefined) queueMicrotask(() => this.end(closeCode.abnormal, nothing))
    else this.socket.destroy()
  }

  onMessage(frame: FrameWindow): void {
    this.receiver?.onMessage(frame)
  }

  onPing(payload: Buffer): void {
    if (this.readyState !== open) return
    // RFC 6455, 5.5.3: of several pings the last may be answered alone, so that a flood of them takes no memory.
    if (this.socket?.writableNeedDrain === true) this.owedPong = Buffer.from(payload)
    else this.write(opcode.pong, payload)
  }

  onPong(payload: Buffer): void {
    this.emit('pong', Buffer.from(payload))
  }

  onClose(payload: Buffer): void {
    const { code, reason } = decodeClose(Buffer.from(payload))
    if (this.readyState === open) this.write(opcode.close, encodeClose(code))
    this.readyState = closing
    // What came before the goodbye, a refusal for instance, is dealt with before the end is told.
    setImmediate(() => {
      this.end(code, reason)
      this.socket?.destroySoon()
    })
  }

  private onConnected(socket: Socket): void {
    this.socket = socket
    if (this.readyState !== connecting) {
      socket.on('error', ignore).destroy()
      return
    }
    socket.on('error', (error) => this.onFailure(error))
    socket.on('close', () => this.end(closeCode.abnormal, nothing))
    socket.on('drain', () => this.payPong())
    // Of a socket that came through a proxy; others fill the buffer that they were given.
    socket.on('data', (bytes: Buffer) => this.onData(bytes, bytes.length))
    socket.setNoDelay(true)
    socket.write(this.request.text)
  }

  private onFailure(error: Error): void {
    if (this.readyState === closed) return
    if (this.readyState === connecting || this.readyState === open) this.emit('error', error)
    if (this.socket === undefined) this.end(closeCode.abnormal, nothing)
  }

  private onData(bytes: Buffer, count: number): void {
    if (this.readyState === closed) return
    try {
      let position = 0
      if (this.head !== undefined) position = this.readHead(this.head, bytes, count)
      if (position === count || this.head !== undefined) return
      this.receiver?.onBytes()
      this.reader.read(bytes, position, count)
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error
      this.onViolation(error)
    }
  }

  /** Reads the answer to the handshake as far as it has come; the position behind it. */
  private readHead(head: ByteStore, bytes: Buffer, count: number): number {
    const before = head.length
    head.append(bytes, 0, Math.min(count, maxHeadBytes))
    const end = head.bytes.subarray(0, head.length).indexOf(headEnd, Math.max(0, before - headEnd.length))
    if (end < 0) {
      if (head.length >= maxHeadBytes) throw new ProtocolViolation('the answer to the handshake does not end')
      return count
    }
    const response = parseResponseHead(head.bytes.toString('latin1', 0, end))
    if (response.statusCode !== switchingProtocols) {
      this.emit('refused', response)
      this.terminate()
      return count
    }
    assertUpgraded(response, this.request.accept)
    this.head = undefined
    this.readyState = open
    this.emit('open')
    return end + headEnd.length - before
  }

  private onViolation(violation: ProtocolViolation): void {
    this.reader.stop()
    if (this.readyState === open) this.write(opcode.close, encodeClose(violation.code))
    this.readyState = closing
    this.socket?.destroySoon()
    this.emit('error', violation)
  }

  private payPong(): void {
    const { owedPong } = this
    this.owedPong = undefined
    if (owedPong !== undefined && this.readyState === open) this.write(opcode.pong, owedPong)
  }

  private write(kind: Opcode, payload: string | Buffer, onFlushed?: () => void): void {
    this.socket?.write(this.encoder.encode(kind, payload), onFlushed)
  }

  private end(code: number, reason: Buffer): void {
    if (this.readyState === closed) return
    this.readyState = closed
    this.reader.stop()
    this.emit('close', code, reason)
  }
}
