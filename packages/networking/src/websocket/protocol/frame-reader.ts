import { FrameWindow } from '../frame-window.js'
import { ByteStore } from './byte-store.js'
import { closeCode, ProtocolViolation } from './protocol-violation.js'

/** Who takes what a reader finds. Windows are valid during the call. */
export interface FrameSink {
  onMessage(frame: FrameWindow): void
  onPing(payload: Buffer): void
  onPong(payload: Buffer): void
  /** No frame follows. */
  onClose(payload: Buffer): void
}

const continuation = 0x0
const binary = 0x2
const ping = 0x9
const pong = 0xa
/** From here on opcodes are of control frames. */
const firstControl = 0x8
const finalBit = 0x80
const reservedBits = 0x70
const opcodeBits = 0x0f
/** First bytes of a message that comes in one frame. */
const wholeText = 0x81
const wholeBinary = 0x82
const maskBit = 0x80
const signBit = 0x80
const maxControlLength = 125
const length16 = 126
const maxHeaderBytes = 10

/**
 * Finds the frames in the bytes that a server sends (RFC 6455, 5.2), wherever reads have cut them. A message that came
 * in one read lies where it was received and costs no allocation; one that straddles reads or comes in fragments is put
 * together first. Text is not checked for UTF-8: readers of messages work on bytes.
 */
export class FrameReader {
  private readonly window = new FrameWindow()
  /** The beginning of a frame whose end has not come. */
  private readonly partial = new ByteStore()
  /** Fragments of a message whose last has not come. */
  private readonly fragments = new ByteStore()
  /** Opcode of the message that comes in fragments; 0 for none. */
  private fragmented = 0
  private isStopped = false
  /** Of the frame that was measured last. */
  private headerBytes = 0

  constructor(
    private readonly sink: FrameSink,
    private readonly maxPayloadBytes: number,
  ) {}

  /** Finds no more frames, not even in bytes that are being read. */
  stop(): void {
    this.isStopped = true
  }

  /** @throws {@link ProtocolViolation} The reader is then of no further use. */
  read(bytes: Buffer, start: number, end: number): void {
    let position = start
    if (this.partial.length > 0) position = this.completePartial(bytes, start, end)
    while (!this.isStopped) {
      const size = this.measure(bytes, position, end)
      if (size === 0 || position + size > end) break
      this.takeFrame(bytes, position, position + size)
      position += size
    }
    if (!this.isStopped && position < end) this.partial.append(bytes, position, end)
  }

  /** Adds to the frame that has begun; the position from which on bytes are not its own. */
  private completePartial(bytes: Buffer, start: number, end: number): number {
    const { partial } = this
    let position = start
    for (;;) {
      const size = this.measure(partial.bytes, 0, partial.length) || partial.length + 1
      const taken = Math.min(end, position + size - partial.length)
      partial.append(bytes, position, taken)
      position = taken
      if (partial.length < size) return position
      if (this.measure(partial.bytes, 0, partial.length) !== size) continue
      this.takeFrame(partial.bytes, 0, size)
      partial.clear()
      return position
    }
  }

  /** Bytes of the frame that begins at `start`, or 0 as long as its header has not come. */
  private measure(bytes: Buffer, start: number, end: number): number {
    if (end - start < 2) return 0
    const first = bytes[start]!
    const length = bytes[start + 1]!
    if ((first !== wholeText && first !== wholeBinary) || length >= maskBit || this.fragmented !== 0)
      this.assertInTurn(first, length)
    this.headerBytes = 2
    const size = length < length16 ? length : this.readLength(bytes, start, end, length)
    if (size < 0) return 0
    if (size > this.maxPayloadBytes - this.fragments.length && (first & opcodeBits) < firstControl)
      throw new ProtocolViolation(`a message is longer than ${this.maxPayloadBytes} bytes`, closeCode.messageTooBig)
    return this.headerBytes + size
  }

  /** A length of two or eight bytes; -1 as long as they have not come. */
  private readLength(bytes: Buffer, start: number, end: number, kind: number): number {
    this.headerBytes = kind === length16 ? 4 : maxHeaderBytes
    if (end - start < this.headerBytes) return -1
    if (kind !== length16 && bytes[start + 2]! >= signBit)
      throw new ProtocolViolation('the length of a frame is negative')
    const length =
      kind === length16
        ? bytes.readUInt16BE(start + 2)
        : bytes.readUInt32BE(start + 2) * 2 ** 32 + bytes.readUInt32BE(start + 6)
    if (length < length16 || (kind !== length16 && length < 2 ** 16))
      throw new ProtocolViolation('the length of a frame takes more bytes than it needs')
    return length
  }

  /** What may come is decided by what has come. */
  private assertInTurn(first: number, length: number): void {
    const opcode = first & opcodeBits
    const isFinal = (first & finalBit) !== 0
    if (length >= maskBit) throw new ProtocolViolation('a frame of the server is masked')
    if ((first & reservedBits) !== 0) throw new ProtocolViolation('a frame has a reserved bit set')
    if (opcode > pong || (opcode > binary && opcode < firstControl))
      throw new ProtocolViolation(`a frame has the unknown opcode ${opcode}`)
    if (opcode >= firstControl) {
      if (!isFinal) throw new ProtocolViolation('a control frame comes in fragments')
      if (length > maxControlLength) throw new ProtocolViolation('a control frame is longer than 125 bytes')
    } else if (opcode === continuation && this.fragmented === 0)
      throw new ProtocolViolation('a fragment comes of no message that has begun')
    else if (opcode !== continuation && this.fragmented !== 0)
      throw new ProtocolViolation('a message begins before the last fragment of the one before')
  }

  private takeFrame(bytes: Buffer, start: number, end: number): void {
    const first = bytes[start]!
    const from = start + this.headerBytes
    if (first === wholeText || first === wholeBinary) {
      this.sink.onMessage(this.window.set(bytes, from, end, first === wholeBinary))
      return
    }
    const opcode = first & opcodeBits
    if (opcode >= firstControl) this.takeControl(opcode, bytes.subarray(from, end))
    else this.takeFragment(opcode, (first & finalBit) !== 0, bytes, from, end)
  }

  private takeControl(opcode: number, payload: Buffer): void {
    if (opcode === ping) this.sink.onPing(payload)
    else if (opcode === pong) this.sink.onPong(payload)
    else {
      this.stop()
      this.sink.onClose(payload)
    }
  }

  private takeFragment(opcode: number, isFinal: boolean, bytes: Buffer, start: number, end: number): void {
    if (opcode !== continuation) this.fragmented = opcode
    this.fragments.append(bytes, start, end)
    if (!isFinal) return
    const isBinary = this.fragmented === binary
    this.fragmented = 0
    this.sink.onMessage(this.window.set(this.fragments.bytes, 0, this.fragments.length, isBinary))
    this.fragments.clear()
  }
}
