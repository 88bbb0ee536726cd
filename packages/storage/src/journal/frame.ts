import { crc32 } from 'node:zlib'

/**
 * One record on disk:
 *
 *     +-------------+-------------+---------------+---------+
 *     | length  u32 | CRC-32  u32 | sequence  u32 | payload |     little endian
 *     +-------------+-------------+---------------+---------+
 *
 * The checksum covers all the rest. The sequence counts the records of a session, so that one that is missing, doubled or
 * out of its place shows as clearly as one that is damaged.
 */
export const frameHeaderBytes = 12
/** No record is larger; a length beyond it is damage. */
export const maxPayloadBytes = 16 * 1024 * 1024

/** The frame at an offset: its payload and the offset behind it, or `undefined` when no whole frame stands there. */
export interface ReadFrame {
  readonly payload: Uint8Array
  readonly sequence: number
  readonly end: number
}

/** What follows frame upon frame from an offset on. */
export interface ReadFrames {
  readonly payloads: readonly Uint8Array[]
  /** Offset behind the last frame in its place. */
  readonly end: number
  /** Sequence that the next frame would have; `undefined` where there is none to count from. */
  readonly nextSequence: number | undefined
}

/** @throws RangeError when the payload is empty or too large. */
export function encodeFrame(payload: Uint8Array, sequence: number): Buffer {
  if (payload.length === 0 || payload.length > maxPayloadBytes)
    throw new RangeError(`A journal record of ${payload.length} bytes does not fit a frame.`)
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length)
  frame.writeUInt32LE(payload.length, 0)
  frame.writeUInt32LE(sequence >>> 0, 8)
  frame.set(payload, frameHeaderBytes)
  frame.writeUInt32LE(checksum(frame, 0, frame.length), 4)
  return frame
}

export function readFrame(bytes: Buffer, offset: number): ReadFrame | undefined {
  if (offset + frameHeaderBytes > bytes.length) return undefined
  const length = bytes.readUInt32LE(offset)
  const end = offset + frameHeaderBytes + length
  if (length === 0 || length > maxPayloadBytes || end > bytes.length) return undefined
  if (bytes.readUInt32LE(offset + 4) !== checksum(bytes, offset, end)) return undefined
  return { payload: bytes.subarray(offset + frameHeaderBytes, end), sequence: bytes.readUInt32LE(offset + 8), end }
}

/**
 * Reads whole frames as long as each follows the one before.
 *
 * @param sequence - Of the first; `undefined` to take it as it is.
 */
export function readFrames(bytes: Buffer, offset: number, sequence: number | undefined): ReadFrames {
  const payloads: Uint8Array[] = []
  let [end, nextSequence] = [offset, sequence]
  for (let frame = readFrame(bytes, end); frame !== undefined; frame = readFrame(bytes, end)) {
    if (nextSequence !== undefined && frame.sequence !== nextSequence) break
    payloads.push(frame.payload)
    end = frame.end
    nextSequence = (frame.sequence + 1) >>> 0
  }
  return { payloads, end, nextSequence }
}

const checksum = (bytes: Buffer, offset: number, end: number): number =>
  crc32(bytes.subarray(offset + 8, end), crc32(bytes.subarray(offset, offset + 4)))
