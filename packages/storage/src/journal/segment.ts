import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { JournalException } from '@cex-arbitrage/common'
import { readFrame, readFrames } from './frame.js'

const magic = Buffer.from('CEXJRNL2')
const namePattern = /^journal-(\d{8})\.log$/

/**
 * Head of a segment file. It seals the segment before it: whatever a writer that has lost its lock adds there later is
 * not read.
 *
 *     | magic 8 | index u32 | fencing token u32 | sealed length of the segment before u48 + u16 zero | CRC-32 u32 |
 */
export const segmentHeaderBytes = 28
const checksumAt = segmentHeaderBytes - 4

export interface SegmentHeader {
  /** 1 for the first; no number is left out. */
  readonly index: number
  /** Of the lock under which it was written. */
  readonly fencingToken: number
  /** Bytes of the segment before that count; 0 in the first segment. */
  readonly sealedBytes: number
}

/** A segment as found: its frames up to `end`, and whether bytes behind `end` are a torn tail. */
export interface Segment {
  readonly path: string
  readonly header: SegmentHeader
  readonly payloads: readonly Uint8Array[]
  /** Offset behind the last whole frame. */
  readonly end: number
  readonly torn: boolean
}

export const segmentName = (index: number): string => `journal-${String(index).padStart(8, '0')}.log`

/** The number in a segment's file name, `undefined` for other files. */
export function segmentIndex(name: string): number | undefined {
  const digits = namePattern.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export function encodeSegmentHeader({ index, fencingToken, sealedBytes }: SegmentHeader): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes)
  magic.copy(header)
  header.writeUInt32LE(index, 8)
  header.writeUInt32LE(fencingToken, 12)
  header.writeUIntLE(sealedBytes, 16, 6)
  header.writeUInt32LE(crc32(header.subarray(0, checksumAt)), checksumAt)
  return header
}

/** `undefined` when the bytes do not begin with a whole header. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < segmentHeaderBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined
  if (bytes.readUInt32LE(checksumAt) !== crc32(bytes.subarray(0, checksumAt))) return undefined
  return { index: bytes.readUInt32LE(8), fencingToken: bytes.readUInt32LE(12), sealedBytes: bytes.readUIntLE(16, 6) }
}

/**
 * Reads a segment whole.
 *
 * @param sealedBytes - What the next segment's head says that counts; `undefined` for the last segment, whose end may be
 *   torn: then it ends before the damage, unless whole records follow, which a torn write does not leave.
 * @throws {@link JournalException} It is damaged in the middle; names file and offset.
 */
export async function readSegment(path: string, sealedBytes: number | undefined): Promise<Segment | undefined> {
  const bytes = await readFile(path)
  const header = decodeSegmentHeader(bytes)
  if (header === undefined) {
    if (sealedBytes === undefined && bytes.length <= segmentHeaderBytes) return undefined
    throw damaged(path, 0)
  }
  if (sealedBytes !== undefined && sealedBytes > bytes.length) throw damaged(path, bytes.length)
  const content = sealedBytes === undefined ? bytes : bytes.subarray(0, sealedBytes)
  const { payloads, end } = readFrames(content, segmentHeaderBytes, undefined)
  const torn = end < content.length
  if (torn && (sealedBytes !== undefined || hasFrameBehind(content, end))) throw damaged(path, end)
  return { path, header, payloads, end, torn }
}

function hasFrameBehind(bytes: Buffer, from: number): boolean {
  for (let offset = from; offset < bytes.length; offset++) if (readFrame(bytes, offset) !== undefined) return true
  return false
}

const damaged = (path: string, offset: number): JournalException =>
  new JournalException({
    message: `The journal is damaged: ${path} has no whole record in its place at byte ${offset}, but is not at its end. Restore the file from a copy; do not trade on a part of it.`,
  })
