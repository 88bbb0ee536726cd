import { randomFillSync } from 'node:crypto'

export const opcode = { text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const
export type Opcode = (typeof opcode)[keyof typeof opcode]

const finalBit = 0x80
const maskBit = 0x80
const maskBytes = 4
const length16 = 126
const length64 = 127
/** Random bytes are drawn for so many frames at once. */
const keysDrawn = 1_024

/** Makes the frames that a client sends: whole, and masked with a key that nobody can foresee (RFC 6455, 5.3). */
export class FrameEncoder {
  private readonly keys = Buffer.alloc(keysDrawn * maskBytes)
  private nextKey = this.keys.length

  encode(kind: Opcode, payload: string | Buffer): Buffer {
    const size = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
    const lengthBytes = size < length16 ? 0 : size < 2 ** 16 ? 2 : 8
    const start = 2 + lengthBytes + maskBytes
    const frame = Buffer.allocUnsafe(start + size)
    frame[0] = finalBit | kind
    if (lengthBytes === 0) frame[1] = maskBit | size
    else if (lengthBytes === 2) {
      frame[1] = maskBit | length16
      frame.writeUInt16BE(size, 2)
    } else {
      frame[1] = maskBit | length64
      frame.writeBigUInt64BE(BigInt(size), 2)
    }
    if (typeof payload === 'string') frame.write(payload, start)
    else payload.copy(frame, start)
    this.mask(frame, start)
    return frame
  }

  private mask(frame: Buffer, start: number): void {
    if (this.nextKey === this.keys.length) {
      randomFillSync(this.keys)
      this.nextKey = 0
    }
    const { keys, nextKey } = this
    this.nextKey += maskBytes
    keys.copy(frame, start - maskBytes, nextKey, nextKey + maskBytes)
    for (let i = start; i < frame.length; i++) frame[i]! ^= keys[nextKey + ((i - start) & 3)]!
  }
}
