import { crc32 } from 'node:zlib'

/**
 * One record on disk:
 *
 *     +-------------+-------------+---------+
 *     | length  u32 | CRC-32  u32 | payload |     little endian; the checksum covers length and payload
 *     +-------------+-------------+---------+
 */
export const frameHeaderBytes = 8
/** No record is larger; a length beyond it is damage. */
export const maxPayloadBytes = 16 * 1024 * 1024

/** The frame at an offset: its payload and the offset behind it, or `undefined` when no whole frame stands there. */
export interface ReadFrame {
  readonly payload: Uint8Array
  readonly end: number
}

/** @throws RangeError when the payload is empty or too large. */
export function encodeFrame(payload: Uint8Array): Buffer {
  if (payload.length === 0 || payload.length > maxPayloadBytes)
    throw new RangeError(`A journal record of ${payload.length} bytes does not fit a frame.`)
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length)
  frame.writeUInt32LE(payload.length, 0)
  frame.set(payload, frameHeaderBytes)
  frame.writeUInt32LE(checksum(frame, 0, payload.length), 4)
  return frame
}

export function readFrame(bytes: Buffer, offset: number): ReadFrame | undefined {
  if (offset + frameHeaderBytes > bytes.length) return undefined
  const length = bytes.readUInt32LE(offset)
  const end = offset + frameHeaderBytes + length
  if (length === 0 || length > maxPayloadBytes || end > bytes.length) return undefined
  if (bytes.readUInt32LE(offset + 4) !== checksum(bytes, offset, length)) return undefined
  return { payload: bytes.subarray(offset + frameHeaderBytes, end), end }
}

function checksum(bytes: Buffer, offset: number, length: number): number {
  const start = offset + frameHeaderBytes
  return crc32(bytes.subarray(start, start + length), crc32(bytes.subarray(offset, offset + 4)))
}
